"""Promises of how are never changed or taken back; nobody is put first without a recorded reason."""

from django.db import migrations

PLEDGE = """
CREATE FUNCTION casework_guard_pledge() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (to_jsonb(NEW) - 'helper_id') <> (to_jsonb(OLD) - 'helper_id') THEN
        RAISE EXCEPTION 'a promise of how is not changed; only its helper is'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_pledge_guard BEFORE UPDATE ON casework_pledge
    FOR EACH ROW EXECUTE FUNCTION casework_guard_pledge();
"""
GREEN = """
CREATE FUNCTION casework_guard_green() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id', 'end_reason'])
       <> (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id', 'end_reason']) THEN
        RAISE EXCEPTION 'a green channel is ended once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_greenchannel_guard BEFORE UPDATE ON casework_greenchannel
    FOR EACH ROW EXECUTE FUNCTION casework_guard_green();
"""
RANK = """
CREATE FUNCTION casework_guard_rank() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.rank = 0 AND NOT EXISTS (
        SELECT FROM casework_greenchannel g WHERE g.case_id = NEW.id AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'a case goes before the others only with a recorded reason'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_case_rank BEFORE UPDATE OF rank ON casework_case
    FOR EACH ROW WHEN (NEW.rank <> OLD.rank) EXECUTE FUNCTION casework_guard_rank();
"""
KEPT = ("casework_pledge", "casework_greenchannel")


def kept(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();"
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();"
    )


def unkept(table: str) -> str:
    return f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_whole ON {table};"


def drop(trigger: str, table: str, function: str) -> str:
    return f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION {function}();"


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_service")]
    operations = [
        migrations.RunSQL(PLEDGE, drop("casework_pledge_guard", "casework_pledge", "casework_guard_pledge")),
        migrations.RunSQL(
            GREEN, drop("casework_greenchannel_guard", "casework_greenchannel", "casework_guard_green")
        ),
        migrations.RunSQL(RANK, drop("casework_case_rank", "casework_case", "casework_guard_rank")),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
