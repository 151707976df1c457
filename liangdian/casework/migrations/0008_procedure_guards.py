"""Stages of the matters that are here already, their open clocks, and what the database refuses."""

from django.db import migrations

STAGES = """
UPDATE casework_case SET stage = CASE state
    WHEN 'received' THEN 'received' WHEN 'resolved' THEN 'completed' WHEN 'closed' THEN 'archived'
    WHEN 'withdrawn' THEN 'withdrawn' ELSE 'examining' END;
"""
CLOCKS = """
INSERT INTO casework_clock (case_id, kind, key, start_at, due_at, rung_at)
    SELECT r.case_id, 'referral', r.id::text, r.at, r.accept_by,
           CASE WHEN r.accept_by < now() THEN r.accept_by END
    FROM casework_referral r WHERE r.state = 'offered';
INSERT INTO casework_clock (case_id, kind, key, start_at, due_at)
    SELECT c.id, 'rating', c.round::text, c.resolved_at, c.next_due_at
    FROM casework_case c WHERE c.state = 'resolved' AND c.next_due_at IS NOT NULL;
"""

# The same pairs as in stages.py; a test compares them.
STAGE = """
CREATE FUNCTION casework_guard_stage() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage <> OLD.stage AND NOT (NEW.stage IN ('ended', 'withdrawn') AND OLD.stage IN
           ('received', 'correction', 'accepted', 'examining', 'special', 'decided'))
       AND NOT (OLD.stage IN ('completed', 'delivered', 'refused', 'not_needed', 'returned', 'ended')
                AND NEW.stage IN ('examining', 'archived'))
       AND NOT (OLD.kind = 'service' AND (OLD.stage || '>' || NEW.stage) IN (
        'received>accepted', 'received>correction', 'received>refused', 'received>not_needed',
        'received>completed', 'correction>accepted', 'correction>returned', 'correction>refused',
        'accepted>examining', 'accepted>special', 'accepted>decided', 'accepted>completed', 'accepted>returned',
        'examining>special', 'examining>decided', 'examining>completed', 'examining>returned',
        'special>examining', 'special>returned', 'decided>completed', 'completed>delivered'))
       AND NOT (OLD.kind <> 'service' AND (OLD.stage || '>' || NEW.stage) IN (
        'received>examining', 'received>special', 'received>completed', 'examining>special',
        'examining>completed', 'special>examining'))
       AND NEW.kind = OLD.kind THEN
        RAISE EXCEPTION 'a case cannot move from stage % to %', OLD.stage, NEW.stage
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_case_stage BEFORE UPDATE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION casework_guard_stage();
"""

# What was told to a resident once is not told differently later: only the end of the waiting is added.
TOLD = """
CREATE FUNCTION casework_guard_told() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['supplied_at', 'fell_back_at', 'ended_at', 'rung_at'])
       <> (to_jsonb(OLD) - ARRAY['supplied_at', 'fell_back_at', 'ended_at', 'rung_at'])
       OR EXISTS (
           SELECT 1 FROM unnest(ARRAY['supplied_at', 'fell_back_at', 'ended_at', 'rung_at']) AS name
           WHERE to_jsonb(OLD) ->> name IS NOT NULL
             AND to_jsonb(NEW) ->> name IS DISTINCT FROM to_jsonb(OLD) ->> name) THEN
        RAISE EXCEPTION 'what was told or begun is not changed afterwards' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# The words of a notice never change; its pages are set once. An extension is decided once.
ONCE = """
CREATE FUNCTION casework_guard_notice() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.document_id IS NOT NULL OR (to_jsonb(NEW) - 'document_id') <> (to_jsonb(OLD) - 'document_id') THEN
        RAISE EXCEPTION 'a notice that was issued is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_casenotice_once BEFORE UPDATE ON casework_casenotice
    FOR EACH ROW EXECUTE FUNCTION casework_guard_notice();
CREATE FUNCTION casework_guard_extension() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.approved IS NOT NULL OR NEW.amount <> OLD.amount OR NEW.reason <> OLD.reason
       OR NEW.asked_by_id <> OLD.asked_by_id OR NEW.case_id <> OLD.case_id THEN
        RAISE EXCEPTION 'an extension is decided once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_extension_once BEFORE UPDATE ON casework_extension
    FOR EACH ROW EXECUTE FUNCTION casework_guard_extension();
CREATE TRIGGER casework_decision_once BEFORE UPDATE ON casework_decision
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
"""
NOT_ONCE = """
DROP TRIGGER casework_casenotice_once ON casework_casenotice; DROP FUNCTION casework_guard_notice();
DROP TRIGGER casework_extension_once ON casework_extension; DROP FUNCTION casework_guard_extension();
DROP TRIGGER casework_decision_once ON casework_decision;
"""
KEPT = ("casework_casenotice", "casework_extension", "casework_decision")
ADDED_TO = ("casework_clock", "casework_pause", "casework_correctionlist", "casework_shortfall")


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


def told(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_told BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_guard_told();"
    )


def untold(table: str) -> str:
    return f"DROP TRIGGER {table}_told ON {table};"


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_procedure")]
    operations = [
        migrations.RunSQL(STAGES, migrations.RunSQL.noop),
        migrations.RunSQL(CLOCKS, migrations.RunSQL.noop),
        migrations.RunSQL(
            STAGE, "DROP TRIGGER casework_case_stage ON casework_case; DROP FUNCTION casework_guard_stage();"
        ),
        migrations.RunSQL(TOLD, "DROP FUNCTION casework_guard_told();"),
        *[migrations.RunSQL(told(table), untold(table)) for table in ADDED_TO],
        migrations.RunSQL(ONCE, NOT_ONCE),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in (*ADDED_TO, *KEPT)],
    ]
