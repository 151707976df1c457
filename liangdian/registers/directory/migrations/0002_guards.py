"""Who answered for which houses is never rewritten: rows are ended, not changed and not deleted."""

from django.db import migrations

GUARD = """
CREATE FUNCTION directory_keeps_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a line of the directory is ended, not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION 'a line of the directory is ended, not changed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.until IS NOT NULL AND NEW.until IS DISTINCT FROM OLD.until AND (NEW.until IS NULL OR NEW.until > OLD.until) THEN
        RAISE EXCEPTION 'what was ended is not begun again' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER directory_line_keeps_history BEFORE UPDATE OR DELETE ON directory_arealine
FOR EACH ROW EXECUTE FUNCTION directory_keeps_history('until');
CREATE TRIGGER directory_person_keeps_history BEFORE UPDATE OR DELETE ON directory_answerable
FOR EACH ROW EXECUTE FUNCTION directory_keeps_history('until', 'phone', 'place');
"""
REMOVE = """
DROP TRIGGER directory_line_keeps_history ON directory_arealine;
DROP TRIGGER directory_person_keeps_history ON directory_answerable;
DROP FUNCTION directory_keeps_history();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
