"""A limit rule is never changed, deleted or emptied: a change is a new version."""

from django.db import migrations

GUARD = """
CREATE FUNCTION casework_limitrule_is_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a limit rule is changed by a new version' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER casework_limitrule_append_only BEFORE UPDATE OR DELETE ON casework_limitrule
FOR EACH ROW EXECUTE FUNCTION casework_limitrule_is_append_only();
CREATE TRIGGER casework_limitrule_never_emptied BEFORE TRUNCATE ON casework_limitrule
FOR EACH STATEMENT EXECUTE FUNCTION casework_limitrule_is_append_only();
"""
REMOVE = """
DROP TRIGGER casework_limitrule_never_emptied ON casework_limitrule;
DROP TRIGGER casework_limitrule_append_only ON casework_limitrule;
DROP FUNCTION casework_limitrule_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_stage_constraints")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
