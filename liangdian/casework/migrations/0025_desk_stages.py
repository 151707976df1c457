"""The stages of the desks' matters, as the database knows them: the same pairs as ``DESK`` in stages.py."""

from django.db import migrations

STAGE = """
CREATE OR REPLACE FUNCTION casework_guard_stage() RETURNS trigger LANGUAGE plpgsql
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
       AND NOT (OLD.kind IN ('petition', 'dispute', 'livelihood') AND (OLD.stage || '>' || NEW.stage) IN (
        'received>accepted', 'received>refused', 'received>returned', 'accepted>examining',
        'accepted>special', 'accepted>completed', 'accepted>returned', 'examining>returned'))
       AND NEW.kind = OLD.kind THEN
        RAISE EXCEPTION 'a case cannot move from stage % to %', OLD.stage, NEW.stage
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0024_handing_guards")]
    operations = [migrations.RunSQL(STAGE, migrations.RunSQL.noop)]
