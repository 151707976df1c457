"""What the database refuses about returns and about the help of other units."""

from django.db import migrations

RETURN = """
CREATE FUNCTION casework_guard_return() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = 'returned' AND OLD.state <> 'returned' AND NEW.return_why = '' THEN
        RAISE EXCEPTION 'a return says whether another is responsible' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_referral_return BEFORE UPDATE ON casework_referral
    FOR EACH ROW EXECUTE FUNCTION casework_guard_return();
"""

ASSIST = """
CREATE FUNCTION casework_guard_assist() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE matter record;
DECLARE once text[] := ARRAY['state', 'accepted_by_id', 'accepted_at', 'answer', 'answered_by_id',
    'answered_at', 'used_by_id', 'used_at', 'withdrawn_at', 'withdrawn_why', 'reminders', 'reminded_at',
    'overdue'];
BEGIN
    SELECT unit_id, handler_id, state INTO matter FROM casework_case WHERE id = NEW.case_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.unit_id = matter.unit_id OR matter.state NOT IN ('received', 'handling', 'waiting') THEN
            RAISE EXCEPTION 'help is asked of another unit, for a matter at work'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - once) <> (to_jsonb(OLD) - once)
       OR (OLD.state IN ('answered', 'withdrawn') AND NEW.state <> OLD.state)
       OR (OLD.state = 'accepted' AND NEW.state = 'asked')
       OR (OLD.answered_at IS NOT NULL AND (NEW.answer, NEW.answered_by_id, NEW.answered_at)
           IS DISTINCT FROM (OLD.answer, OLD.answered_by_id, OLD.answered_at))
       OR (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at)
       OR NEW.reminders < OLD.reminders OR NEW.overdue < OLD.overdue THEN
        RAISE EXCEPTION 'what was asked and answered is not changed afterwards'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.answered_at IS NULL AND NEW.answered_by_id = matter.handler_id THEN
        RAISE EXCEPTION 'the lead does not answer for the unit that helps' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reminders > OLD.reminders AND NEW.reminded_at < OLD.reminded_at + interval '24 hours' THEN
        RAISE EXCEPTION 'one reminder a day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_assist_guard BEFORE INSERT OR UPDATE ON casework_assist
    FOR EACH ROW EXECUTE FUNCTION casework_guard_assist();
CREATE TRIGGER casework_assist_kept BEFORE DELETE ON casework_assist
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_assist_whole BEFORE TRUNCATE ON casework_assist
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
"""

ANSWER = """
CREATE FUNCTION casework_guard_assisted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM casework_assist
               WHERE case_id = NEW.case_id AND state IN ('asked', 'accepted')) THEN
        RAISE EXCEPTION 'another unit still helps' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_resolution_assisted BEFORE INSERT ON casework_resolution
    FOR EACH ROW EXECUTE FUNCTION casework_guard_assisted();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0019_assist")]
    operations = [
        migrations.RunSQL(
            RETURN,
            "DROP TRIGGER casework_referral_return ON casework_referral; DROP FUNCTION casework_guard_return();",
        ),
        migrations.RunSQL(
            ASSIST,
            "DROP TRIGGER casework_assist_guard ON casework_assist; DROP TRIGGER casework_assist_kept ON casework_assist;"
            "DROP TRIGGER casework_assist_whole ON casework_assist; DROP FUNCTION casework_guard_assist();",
        ),
        migrations.RunSQL(
            ANSWER,
            "DROP TRIGGER casework_resolution_assisted ON casework_resolution; DROP FUNCTION casework_guard_assisted();",
        ),
    ]
