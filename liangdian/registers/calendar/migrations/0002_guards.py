"""What was loaded when stays as it was written: promises name the version that they counted with."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION calendar_load_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a loaded calendar table is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER calendar_load_stays BEFORE UPDATE OR DELETE ON calendar_calendarload
    FOR EACH ROW EXECUTE FUNCTION calendar_load_stays();
"""
BACKWARDS = """
DROP TRIGGER calendar_load_stays ON calendar_calendarload;
DROP FUNCTION calendar_load_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
