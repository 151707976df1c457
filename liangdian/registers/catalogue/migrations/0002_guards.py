"""A published version is never changed or deleted; the documents that belong to it neither."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION catalogue_refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a published version of an item is never changed; publish a new one'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalogue_version_kept BEFORE UPDATE OR DELETE ON catalogue_itemversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_change();
CREATE TRIGGER catalogue_document_kept BEFORE UPDATE OR DELETE ON catalogue_itemdocument
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FUNCTION,
            "DROP TRIGGER catalogue_version_kept ON catalogue_itemversion;"
            "DROP TRIGGER catalogue_document_kept ON catalogue_itemdocument;"
            "DROP FUNCTION catalogue_refuse_change();",
        )
    ]
