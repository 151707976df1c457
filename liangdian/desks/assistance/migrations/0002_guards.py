"""What the database holds whoever asks: the moves, consent before a place, no more than there are, history."""

from django.db import migrations

STATE = """
CREATE FUNCTION assistance_guard_help() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'registered>seeking', 'registered>declined', 'seeking>placed', 'seeking>helped', 'seeking>ended',
        'placed>seeking', 'placed>settled') THEN
        RAISE EXCEPTION 'livelihood help cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'registered' AND NEW.state = 'seeking' AND COALESCE((SELECT given FROM assistance_consent
            WHERE help_id = NEW.case_id ORDER BY id DESC LIMIT 1), false) = false THEN
        RAISE EXCEPTION 'nothing is looked for before the household wants it' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.income <> '' AND NEW.income <> OLD.income THEN
        RAISE EXCEPTION 'the income before the help is written once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assistance_help_moves BEFORE UPDATE ON assistance_help
    FOR EACH ROW EXECUTE FUNCTION assistance_guard_help();
"""
PLACEMENT = """
CREATE FUNCTION assistance_guard_placement() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM assistance_help WHERE case_id = NEW.help_id AND state = 'seeking')
           OR EXISTS (SELECT 1 FROM assistance_offer WHERE id = NEW.offer_id AND withdrawn_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a place needs a household that seeks and an offer that stands'
                USING ERRCODE = 'check_violation';
        END IF;
        UPDATE assistance_offer SET taken = taken + 1 WHERE id = NEW.offer_id;
    ELSE
        IF (NEW.help_id, NEW.offer_id, NEW.starts, NEW.pay, NEW.at, NEW.by_id)
           IS DISTINCT FROM (OLD.help_id, OLD.offer_id, OLD.starts, OLD.pay, OLD.at, OLD.by_id)
           OR OLD.ended_on IS NOT NULL THEN
            RAISE EXCEPTION 'a placement is ended once, not changed' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.ended_on IS NOT NULL THEN
            UPDATE assistance_offer SET taken = taken - 1 WHERE id = NEW.offer_id;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assistance_placement_kept BEFORE INSERT OR UPDATE ON assistance_placement
    FOR EACH ROW EXECUTE FUNCTION assistance_guard_placement();
CREATE FUNCTION assistance_guard_check_up() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.done_at IS NOT NULL OR (NEW.placement_id, NEW.months, NEW.due_on)
       IS DISTINCT FROM (OLD.placement_id, OLD.months, OLD.due_on) THEN
        RAISE EXCEPTION 'a check-up that was done is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assistance_check_up_kept BEFORE UPDATE ON assistance_checkup
    FOR EACH ROW EXECUTE FUNCTION assistance_guard_check_up();
"""
ADDED_ONLY = """
CREATE FUNCTION assistance_guard_added_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this is only added to' USING ERRCODE = 'restrict_violation';
END $$;
"""
ONE = """
CREATE TRIGGER assistance_{0}_added_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assistance_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION assistance_guard_added_only();
"""
KEEP = """
CREATE TRIGGER assistance_{0}_not_deleted BEFORE DELETE OR TRUNCATE ON assistance_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION assistance_guard_added_only();
"""


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial")]

    operations = [
        migrations.RunSQL(sql)
        for sql in (
            STATE, PLACEMENT, ADDED_ONLY, *(ONE.format(table) for table in ("consent", "training")),
            *(KEEP.format(table) for table in ("help", "need", "offer", "placement", "checkup")),
        )
    ]
