"""What the database itself refuses: leaves that overlap or are decided twice, rewritten announcements."""

from django.db import migrations

NO_TWO_LEAVES = """
ALTER TABLE duty_leave ADD CONSTRAINT duty_leave_once EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&, daterange(first_day, last_day, '[]') WITH &&
) WHERE (state IN ('asked', 'approved'));
"""
LEAVE = """
CREATE FUNCTION duty_guard_leave() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'asked'
       OR (to_jsonb(NEW) - ARRAY['state', 'decided_by_id', 'decided_at', 'words'])
       <> (to_jsonb(OLD) - ARRAY['state', 'decided_by_id', 'decided_at', 'words']) THEN
        RAISE EXCEPTION 'a leave is decided once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_leave_guard BEFORE UPDATE ON duty_leave
    FOR EACH ROW EXECUTE FUNCTION duty_guard_leave();
"""
CLOSURE = """
CREATE FUNCTION duty_guard_closure() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
       <> (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']) THEN
        RAISE EXCEPTION 'what was announced is ended once and not changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_closure_guard BEFORE UPDATE ON duty_closure
    FOR EACH ROW EXECUTE FUNCTION duty_guard_closure();
"""
KEPT = ("duty_leave", "duty_closure")


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION duty_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION duty_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("duty", "0005_absence")]
    operations = [
        migrations.RunSQL(NO_TWO_LEAVES, "ALTER TABLE duty_leave DROP CONSTRAINT duty_leave_once;"),
        migrations.RunSQL(
            LEAVE, "DROP TRIGGER duty_leave_guard ON duty_leave; DROP FUNCTION duty_guard_leave();"
        ),
        migrations.RunSQL(
            CLOSURE, "DROP TRIGGER duty_closure_guard ON duty_closure; DROP FUNCTION duty_guard_closure();"
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
