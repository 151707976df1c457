"""What the database refuses about supervision notes and coordination meetings."""

from django.db import migrations

NOTE = """
CREATE FUNCTION casework_guard_supervision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE matter record;
BEGIN
    SELECT handler_id, first_handler_id, successor_id, about_user_id INTO matter
        FROM casework_case WHERE id = NEW.case_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.written_by_id IN (matter.handler_id, matter.first_handler_id, matter.successor_id,
                                 matter.about_user_id) THEN
            RAISE EXCEPTION 'nobody supervises his own work' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'due_at', 'ended_at'])
       <> (to_jsonb(OLD) - ARRAY['state', 'due_at', 'ended_at'])
       OR OLD.ended_at IS NOT NULL OR NEW.due_at < OLD.due_at THEN
        RAISE EXCEPTION 'a supervision note is not changed afterwards' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'accepted' AND NOT EXISTS (
        SELECT 1 FROM casework_supervisionanswer WHERE supervision_id = NEW.id AND accepted) THEN
        RAISE EXCEPTION 'a supervision note ends with an accepted answer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_supervision_guard BEFORE INSERT OR UPDATE ON casework_supervision
    FOR EACH ROW EXECUTE FUNCTION casework_guard_supervision();
"""

ANSWER = """
CREATE FUNCTION casework_guard_supervision_answer() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE note record;
BEGIN
    SELECT s.written_by_id, s.ended_at, c.handler_id, c.first_handler_id INTO note
        FROM casework_supervision s JOIN casework_case c ON c.id = s.case_id WHERE s.id = NEW.supervision_id;
    IF TG_OP = 'INSERT' AND (NEW.by_id = note.written_by_id OR note.ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'who asked does not answer' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.accepted IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['accepted', 'words', 'decided_by_id', 'decided_at'])
          <> (to_jsonb(OLD) - ARRAY['accepted', 'words', 'decided_by_id', 'decided_at'])) THEN
        RAISE EXCEPTION 'an answer is not changed and decided once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.decided_by_id IN (note.handler_id, note.first_handler_id) THEN
        RAISE EXCEPTION 'nobody supervises his own work' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_supervisionanswer_guard BEFORE INSERT OR UPDATE ON casework_supervisionanswer
    FOR EACH ROW EXECUTE FUNCTION casework_guard_supervision_answer();
"""

MEETING = """
CREATE TRIGGER casework_meeting_same BEFORE UPDATE ON casework_meeting
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_meeting_units_same BEFORE UPDATE ON casework_meeting_units
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""

KEPT = ("casework_supervision", "casework_supervisionanswer", "casework_meeting", "casework_meeting_units")


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_supervision")]
    operations = [
        migrations.RunSQL(
            NOTE,
            "DROP TRIGGER casework_supervision_guard ON casework_supervision;"
            "DROP FUNCTION casework_guard_supervision();",
        ),
        migrations.RunSQL(
            ANSWER,
            "DROP TRIGGER casework_supervisionanswer_guard ON casework_supervisionanswer;"
            "DROP FUNCTION casework_guard_supervision_answer();",
        ),
        migrations.RunSQL(
            MEETING,
            "DROP TRIGGER casework_meeting_same ON casework_meeting;"
            "DROP TRIGGER casework_meeting_units_same ON casework_meeting_units;",
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
