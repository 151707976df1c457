"""What went over in one act is kept: only its end is added."""

from django.db import migrations

GUARD = """
CREATE FUNCTION casework_guard_hand_over() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
       <> (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']) THEN
        RAISE EXCEPTION 'a hand-over is ended once and not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_handover_guard BEFORE UPDATE ON casework_handover
    FOR EACH ROW EXECUTE FUNCTION casework_guard_hand_over();
CREATE TRIGGER casework_handover_kept BEFORE DELETE ON casework_handover
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_handover_whole BEFORE TRUNCATE ON casework_handover
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_handedcase_kept BEFORE UPDATE OR DELETE ON casework_handedcase
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_handedcase_whole BEFORE TRUNCATE ON casework_handedcase
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
"""
UNGUARD = """
DROP TRIGGER casework_handedcase_whole ON casework_handedcase;
DROP TRIGGER casework_handedcase_kept ON casework_handedcase;
DROP TRIGGER casework_handover_whole ON casework_handover;
DROP TRIGGER casework_handover_kept ON casework_handover;
DROP TRIGGER casework_handover_guard ON casework_handover;
DROP FUNCTION casework_guard_hand_over();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_handing")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
