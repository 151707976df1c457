"""What the database itself refuses: rewritten rules and sheets, wrong sums, marks in a locked month."""

from django.db import migrations

RULE = """
CREATE TRIGGER duty_allowancerule_guard BEFORE UPDATE ON duty_allowancerule
    FOR EACH ROW EXECUTE FUNCTION duty_refuse_change();
"""
SHEET = """
CREATE FUNCTION duty_guard_new_sheet() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM duty_sheet s WHERE s.unit_id = NEW.unit_id AND s.month = NEW.month AND s.approved)
    THEN
        RAISE EXCEPTION 'the sheet of this month is approved' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(NEW.allowances) AS a
               WHERE (a ->> 'amount')::bigint <> (a ->> 'quantity')::bigint * (a ->> 'fen')::bigint)
       OR NEW.total_fen <> (SELECT coalesce(sum((a ->> 'amount')::bigint), 0)
                            FROM jsonb_array_elements(NEW.allowances) AS a) THEN
        RAISE EXCEPTION 'the sums of the sheet do not fit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_sheet_new BEFORE INSERT ON duty_sheet
    FOR EACH ROW EXECUTE FUNCTION duty_guard_new_sheet();
CREATE FUNCTION duty_guard_sheet() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.approved IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['approved', 'decided_by_id', 'decided_at', 'words'])
       <> (to_jsonb(OLD) - ARRAY['approved', 'decided_by_id', 'decided_at', 'words']) THEN
        RAISE EXCEPTION 'a sheet is decided once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_sheet_guard BEFORE UPDATE ON duty_sheet
    FOR EACH ROW EXECUTE FUNCTION duty_guard_sheet();
"""
# A month is one of the hall's calendar.
LOCKED = """
CREATE FUNCTION duty_guard_locked_month() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM duty_sheet s WHERE s.unit_id = NEW.unit_id AND s.approved
               AND s.month = date_trunc('month', NEW.at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'the sheet of this month is approved' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_mark_locked BEFORE INSERT ON duty_mark
    FOR EACH ROW EXECUTE FUNCTION duty_guard_locked_month();
CREATE FUNCTION duty_guard_locked_correction() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.approved AND NEW.mark_id IS NOT NULL AND EXISTS (
        SELECT FROM duty_sheet s JOIN duty_mark m ON m.id = NEW.mark_id
        WHERE s.unit_id = m.unit_id AND s.approved
        AND s.month = date_trunc('month', m.at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'the sheet of this month is approved' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_correction_locked BEFORE UPDATE ON duty_correction
    FOR EACH ROW EXECUTE FUNCTION duty_guard_locked_correction();
"""
KEPT = ("duty_allowancerule", "duty_sheet")


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
    dependencies = [("duty", "0007_sheets")]
    operations = [
        migrations.RunSQL(RULE, "DROP TRIGGER duty_allowancerule_guard ON duty_allowancerule;"),
        migrations.RunSQL(
            SHEET,
            "DROP TRIGGER duty_sheet_guard ON duty_sheet; DROP TRIGGER duty_sheet_new ON duty_sheet;"
            "DROP FUNCTION duty_guard_sheet(); DROP FUNCTION duty_guard_new_sheet();",
        ),
        migrations.RunSQL(
            LOCKED,
            "DROP TRIGGER duty_correction_locked ON duty_correction;"
            "DROP FUNCTION duty_guard_locked_correction();"
            "DROP TRIGGER duty_mark_locked ON duty_mark; DROP FUNCTION duty_guard_locked_month();",
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
