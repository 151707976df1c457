"""What the database itself refuses: another content under the same name, a document without a trace."""

from django.db import migrations

KEPT = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'documents and their history are never taken away' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_document_kept BEFORE DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_content_kept BEFORE DELETE ON documents_content
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_documentact_kept BEFORE UPDATE OR DELETE ON documents_documentact
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_documentact_whole BEFORE TRUNCATE ON documents_documentact
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
"""
UNKEPT = """
DROP TRIGGER documents_documentact_whole ON documents_documentact;
DROP TRIGGER documents_documentact_kept ON documents_documentact;
DROP TRIGGER documents_content_kept ON documents_content;
DROP TRIGGER documents_document_kept ON documents_document;
DROP FUNCTION documents_refuse_change();
"""
DOCUMENT = """
CREATE FUNCTION documents_guard_document() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF ROW(NEW.kind, NEW.name, NEW.media_type, NEW.content_id, NEW.uploaded_by_id, NEW.uploaded_by_name, NEW.at)
       IS DISTINCT FROM
       ROW(OLD.kind, OLD.name, OLD.media_type, OLD.content_id, OLD.uploaded_by_id, OLD.uploaded_by_name, OLD.at) THEN
        RAISE EXCEPTION 'a document stays what it was when it was stored' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.purged_at IS NOT NULL AND NEW.purged_at IS DISTINCT FROM OLD.purged_at THEN
        RAISE EXCEPTION 'what was deleted does not come back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_document_guard BEFORE UPDATE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_guard_document();
"""
CONTENT = """
CREATE FUNCTION documents_guard_content() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size THEN
        RAISE EXCEPTION 'content never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.scan = 'infected' AND NEW.scan <> 'infected' THEN
        RAISE EXCEPTION 'infected content stays infected' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_content_guard BEFORE UPDATE ON documents_content
    FOR EACH ROW EXECUTE FUNCTION documents_guard_content();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunSQL(
            DOCUMENT,
            "DROP TRIGGER documents_document_guard ON documents_document; DROP FUNCTION documents_guard_document();",
        ),
        migrations.RunSQL(
            CONTENT,
            "DROP TRIGGER documents_content_guard ON documents_content; DROP FUNCTION documents_guard_content();",
        ),
    ]
