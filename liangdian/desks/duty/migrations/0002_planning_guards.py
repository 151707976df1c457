"""What the database itself refuses: changed promises, changed or doubled shifts, rows that vanish."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION duty_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the records of duty are only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
"""
# A range of one person beside the range of time: no extension is needed to compare equal numbers.
NO_TWO_PLACES = """
ALTER TABLE duty_shift ADD CONSTRAINT duty_shift_one_place EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&, tstzrange(begins_at, ends_at) WITH &&
) WHERE (cancelled_at IS NULL);
"""
SHIFT = """
CREATE FUNCTION duty_guard_shift() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.cancelled_at IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['cancelled_at', 'cancelled_by_id', 'cancel_reason'])
       <> (to_jsonb(OLD) - ARRAY['cancelled_at', 'cancelled_by_id', 'cancel_reason']) THEN
        RAISE EXCEPTION 'a shift is taken off once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_shift_guard BEFORE UPDATE ON duty_shift
    FOR EACH ROW EXECUTE FUNCTION duty_guard_shift();
"""
PATTERN = """
CREATE FUNCTION duty_guard_pattern() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (to_jsonb(NEW) - 'until') <> (to_jsonb(OLD) - 'until') THEN
        RAISE EXCEPTION 'a line of a pattern is ended and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duty_shiftpattern_guard BEFORE UPDATE ON duty_shiftpattern
    FOR EACH ROW EXECUTE FUNCTION duty_guard_pattern();
CREATE TRIGGER duty_hoursplan_guard BEFORE UPDATE ON duty_hoursplan
    FOR EACH ROW EXECUTE FUNCTION duty_refuse_change();
"""
KEPT = ("duty_hoursplan", "duty_shiftpattern", "duty_shift")


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
    dependencies = [("duty", "0001_planning")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION duty_refuse_change();"),
        migrations.RunSQL(NO_TWO_PLACES, "ALTER TABLE duty_shift DROP CONSTRAINT duty_shift_one_place;"),
        migrations.RunSQL(
            SHIFT, "DROP TRIGGER duty_shift_guard ON duty_shift; DROP FUNCTION duty_guard_shift();"
        ),
        migrations.RunSQL(
            PATTERN,
            "DROP TRIGGER duty_hoursplan_guard ON duty_hoursplan;"
            "DROP TRIGGER duty_shiftpattern_guard ON duty_shiftpattern; DROP FUNCTION duty_guard_pattern();",
        ),
        *[migrations.RunSQL(kept(table), unkept(table)) for table in KEPT],
    ]
