"""What the database itself refuses: changed marks, corrections decided twice, marks without approval."""

from django.db import migrations

CORRECTION = """
CREATE FUNCTION duty_guard_correction() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.approved IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['approved', 'decided_by_id', 'decided_at', 'words'])
       <> (to_jsonb(OLD) - ARRAY['approved', 'decided_by_id', 'decided_at', 'words']) THEN
        RAISE EXCEPTION 'a correction is decided once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_correction_guard BEFORE UPDATE ON duty_correction
    FOR EACH ROW EXECUTE FUNCTION duty_guard_correction();
"""
MARK = """
CREATE FUNCTION duty_guard_mark() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.correction_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM duty_correction c WHERE c.id = NEW.correction_id AND c.approved
        AND c.user_id = NEW.user_id AND c.kind = NEW.kind AND c.wanted_at = NEW.at) THEN
        RAISE EXCEPTION 'a mark is corrected only as it was approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_mark_guard BEFORE INSERT ON duty_mark
    FOR EACH ROW EXECUTE FUNCTION duty_guard_mark();
CREATE TRIGGER duty_mark_added_to BEFORE UPDATE ON duty_mark
    FOR EACH ROW EXECUTE FUNCTION duty_refuse_change();
CREATE TRIGGER duty_rollcall_added_to BEFORE UPDATE ON duty_rollcall
    FOR EACH ROW EXECUTE FUNCTION duty_refuse_change();
"""
SCREEN = """
CREATE FUNCTION duty_guard_screen() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL OR (to_jsonb(NEW) - 'revoked_at') <> (to_jsonb(OLD) - 'revoked_at') THEN
        RAISE EXCEPTION 'the link of a screen is revoked once and not changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_screenlink_guard BEFORE UPDATE ON duty_screenlink
    FOR EACH ROW EXECUTE FUNCTION duty_guard_screen();
"""
KEPT = ("duty_correction", "duty_mark", "duty_rollcall", "duty_screenlink")


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
    dependencies = [("duty", "0003_attendance")]
    operations = [
        migrations.RunSQL(
            CORRECTION,
            "DROP TRIGGER duty_correction_guard ON duty_correction; DROP FUNCTION duty_guard_correction();",
        ),
        migrations.RunSQL(
            MARK,
            "DROP TRIGGER duty_rollcall_added_to ON duty_rollcall; DROP TRIGGER duty_mark_added_to ON duty_mark;"
            "DROP TRIGGER duty_mark_guard ON duty_mark; DROP FUNCTION duty_guard_mark();",
        ),
        migrations.RunSQL(
            SCREEN,
            "DROP TRIGGER duty_screenlink_guard ON duty_screenlink; DROP FUNCTION duty_guard_screen();",
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
