"""What the database itself refuses: documents of a case that change, come back or vanish."""

from django.db import migrations

GUARD = """
CREATE FUNCTION casework_guard_document() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF ROW(NEW.case_id, NEW.document_id, NEW.added_at, NEW.public, NEW.by_resident) IS DISTINCT FROM
       ROW(OLD.case_id, OLD.document_id, OLD.added_at, OLD.public, OLD.by_resident) THEN
        RAISE EXCEPTION 'a document of a case stays as it was added' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was withdrawn stays withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casework_casedocument_guard BEFORE UPDATE ON casework_casedocument
    FOR EACH ROW EXECUTE FUNCTION casework_guard_document();
CREATE TRIGGER casework_casedocument_kept BEFORE DELETE ON casework_casedocument
    FOR EACH ROW EXECUTE FUNCTION casework_refuse_change();
CREATE TRIGGER casework_casedocument_whole BEFORE TRUNCATE ON casework_casedocument
    FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse_change();
"""
REMOVE = """
DROP TRIGGER casework_casedocument_whole ON casework_casedocument;
DROP TRIGGER casework_casedocument_kept ON casework_casedocument;
DROP TRIGGER casework_casedocument_guard ON casework_casedocument;
DROP FUNCTION casework_guard_document();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_attachments")]
    operations = [migrations.RunSQL(GUARD, REMOVE)]
