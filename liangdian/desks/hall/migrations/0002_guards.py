"""What the database itself refuses: rewriting history, other numbers, moves not in the table, going back."""

from django.db import migrations

APPEND_ONLY = ("hall_segment", "hall_hallevent", "hall_visitrating")
KEPT = ("hall_visit", "hall_visititem", "hall_windowsession", "hall_ticketcounter", "hall_hallcounter")

REFUSE = """
CREATE FUNCTION hall_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the history of the hall is only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
"""

VISIT = """
CREATE FUNCTION hall_guard_visit() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.hall_id, NEW.day, NEW.prefix, NEW.number, NEW.place_digest, NEW.press_key, NEW.joined_at, NEW.channel)
       IS DISTINCT FROM
       (OLD.hall_id, OLD.day, OLD.prefix, OLD.number, OLD.place_digest, OLD.press_key, OLD.joined_at, OLD.channel)
    THEN
        RAISE EXCEPTION 'the number and the secret of a visit never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_visit_guard BEFORE UPDATE ON hall_visit FOR EACH ROW EXECUTE FUNCTION hall_guard_visit();
"""

ITEM = """
CREATE FUNCTION hall_guard_item() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.visit_id, NEW.hall_id, NEW.day, NEW.seq) IS DISTINCT FROM (OLD.visit_id, OLD.hall_id, OLD.day, OLD.seq) THEN
        RAISE EXCEPTION 'an item stays with its visit' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.promised_low IS NOT NULL AND (NEW.promised_low, NEW.promised_high, NEW.ahead)
       IS DISTINCT FROM (OLD.promised_low, OLD.promised_high, OLD.ahead) THEN
        RAISE EXCEPTION 'what the slip promised never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.last_segment < OLD.last_segment THEN
        RAISE EXCEPTION 'the history of an item never becomes shorter' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id THEN
        RAISE EXCEPTION 'an item keeps its matter' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'planned>waiting', 'planned>serving', 'planned>left', 'planned>closed',
        'waiting>called', 'waiting>left', 'waiting>parked', 'waiting>transferred', 'waiting>closed',
        'called>serving', 'called>missed', 'called>waiting', 'called>left', 'called>transferred', 'called>closed',
        'serving>served', 'serving>held', 'serving>parked', 'serving>waiting', 'serving>left',
        'serving>transferred', 'serving>closed',
        'held>serving', 'held>parked', 'held>waiting', 'held>left', 'held>closed',
        'parked>waiting', 'missed>waiting', 'left>waiting') THEN
        RAISE EXCEPTION 'an item cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_item_guard BEFORE UPDATE ON hall_visititem FOR EACH ROW EXECUTE FUNCTION hall_guard_item();
"""

SEGMENT = """
CREATE FUNCTION hall_guard_segment() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE before timestamptz;
BEGIN
    IF NEW.seq = 1 THEN
        RETURN NEW;
    END IF;
    SELECT at INTO before FROM hall_segment WHERE item_id = NEW.item_id AND seq = NEW.seq - 1;
    IF before IS NULL THEN
        RAISE EXCEPTION 'a segment is missing before number %', NEW.seq USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.at < before THEN
        RAISE EXCEPTION 'a segment begins before the one before it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_segment_guard BEFORE INSERT ON hall_segment
    FOR EACH ROW EXECUTE FUNCTION hall_guard_segment();
"""

COUNTERS = """
CREATE FUNCTION hall_guard_ticketcounter() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.last < OLD.last OR (NEW.hall_id, NEW.day, NEW.prefix) IS DISTINCT FROM (OLD.hall_id, OLD.day, OLD.prefix) THEN
        RAISE EXCEPTION 'numbers only ascend' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_ticketcounter_guard BEFORE UPDATE ON hall_ticketcounter
    FOR EACH ROW EXECUTE FUNCTION hall_guard_ticketcounter();
CREATE FUNCTION hall_guard_hallcounter() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.last_event < OLD.last_event THEN
        RAISE EXCEPTION 'numbers only ascend' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_hallcounter_guard BEFORE UPDATE ON hall_hallcounter
    FOR EACH ROW EXECUTE FUNCTION hall_guard_hallcounter();
"""

SESSION = """
CREATE FUNCTION hall_guard_session() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'closed' THEN
        RAISE EXCEPTION 'a window that was left is not opened again: sign on anew'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.hall_id, NEW.window_id, NEW.user_id, NEW.day, NEW.opened_at)
       IS DISTINCT FROM (OLD.hall_id, OLD.window_id, OLD.user_id, OLD.day, OLD.opened_at) THEN
        RAISE EXCEPTION 'who sat where since when never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hall_session_guard BEFORE UPDATE ON hall_windowsession
    FOR EACH ROW EXECUTE FUNCTION hall_guard_session();
"""

FUNCTIONS = (
    "hall_guard_session", "hall_guard_hallcounter", "hall_guard_ticketcounter", "hall_guard_segment",
    "hall_guard_item", "hall_guard_visit", "hall_refuse_change",
)


def added_to(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hall_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hall_refuse_change();"
    )


def not_deleted(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hall_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hall_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("hall", "0001_initial")]
    operations = [
        migrations.RunSQL(
            REFUSE + VISIT + ITEM + SEGMENT + COUNTERS + SESSION
            + "".join(added_to(table) for table in APPEND_ONLY)
            + "".join(not_deleted(table) for table in KEPT),
            "".join(f"DROP FUNCTION {name}() CASCADE;" for name in FUNCTIONS),
        ),
    ]
