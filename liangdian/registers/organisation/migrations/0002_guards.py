"""A unit's path ends with its own id and continues its parent's path; the database holds us to it."""

from django.db import migrations

GUARD = """
ALTER TABLE organisation_unit ADD CONSTRAINT organisation_unit_path_own_id
CHECK (path ~ '^(/[0-9]+)+/$' AND path LIKE '%/' || id || '/');

CREATE FUNCTION organisation_unit_follows_parent() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    above text := '/';
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT path INTO above FROM organisation_unit WHERE id = NEW.parent_id;
    END IF;
    IF NEW.path <> above || NEW.id || '/' THEN
        RAISE EXCEPTION 'path % does not continue the path of the unit above', NEW.path
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_unit_follows_parent BEFORE INSERT OR UPDATE OF parent_id, path ON organisation_unit
FOR EACH ROW EXECUTE FUNCTION organisation_unit_follows_parent();
"""
REMOVE = """
DROP TRIGGER organisation_unit_follows_parent ON organisation_unit;
DROP FUNCTION organisation_unit_follows_parent();
ALTER TABLE organisation_unit DROP CONSTRAINT organisation_unit_path_own_id;
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
