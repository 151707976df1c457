"""The access log can only grow: the database itself refuses to change or delete a row."""

from django.db import migrations

GUARD = """
CREATE FUNCTION audit_accesslog_is_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_accesslog_append_only BEFORE UPDATE OR DELETE ON audit_accesslog
FOR EACH ROW EXECUTE FUNCTION audit_accesslog_is_append_only();
"""
REMOVE = """
DROP TRIGGER audit_accesslog_append_only ON audit_accesslog;
DROP FUNCTION audit_accesslog_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
