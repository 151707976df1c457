"""What the database itself refuses: rewriting history, changing the first handler, moves not in the table."""

from django.db import migrations

APPEND_ONLY = ("casework_event", "casework_promise", "casework_rating", "casework_resolution", "casework_sweepmark")

REFUSE = """
CREATE FUNCTION casework_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the history of a case is only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
"""

CASE = """
CREATE FUNCTION casework_guard_case() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.first_handler_id <> OLD.first_handler_id OR NEW.reference <> OLD.reference
       OR NEW.origin_id <> OLD.origin_id OR NEW.registered_at <> OLD.registered_at THEN
        RAISE EXCEPTION 'the first handler, number, origin and date of a case never change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.last_seq < OLD.last_seq THEN
        RAISE EXCEPTION 'the history of a case never becomes shorter' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'received>handling', 'received>waiting', 'received>resolved', 'received>withdrawn',
        'handling>waiting', 'handling>resolved', 'handling>withdrawn',
        'waiting>handling', 'waiting>resolved', 'waiting>withdrawn',
        'resolved>closed', 'resolved>handling') THEN
        RAISE EXCEPTION 'a case cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_case_guard BEFORE UPDATE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_guard_case();
CREATE TRIGGER casework_case_kept BEFORE DELETE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""

RATING = """
CREATE FUNCTION casework_guard_rating() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE rated record;
BEGIN
    SELECT state, round, handler_id, first_handler_id, about_user_id INTO rated
        FROM casework_case WHERE id = NEW.case_id;
    IF rated.state <> 'resolved' OR rated.round <> NEW.round THEN
        RAISE EXCEPTION 'there is no answer to rate' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.recorded_by_id IN (rated.handler_id, rated.first_handler_id, rated.about_user_id) THEN
        RAISE EXCEPTION 'nobody records the rating of his own work' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_rating_guard BEFORE INSERT ON casework_rating
    FOR EACH ROW EXECUTE FUNCTION casework_guard_rating();
"""


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION casework_refuse_change();"),
        migrations.RunSQL(
            CASE,
            "DROP TRIGGER casework_case_guard ON casework_case; DROP TRIGGER casework_case_kept ON casework_case;"
            "DROP FUNCTION casework_guard_case();",
        ),
        migrations.RunSQL(
            RATING, "DROP TRIGGER casework_rating_guard ON casework_rating; DROP FUNCTION casework_guard_rating();"
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in APPEND_ONLY],
    ]
