"""The unit of whoever acted, an index for searching names, and a guard against emptying the table."""

import django.contrib.postgres.indexes
from django.db import migrations, models

GUARD = """
CREATE TRIGGER audit_accesslog_never_emptied BEFORE TRUNCATE ON audit_accesslog
FOR EACH STATEMENT EXECUTE FUNCTION audit_accesslog_is_append_only();
"""
REMOVE = "DROP TRIGGER audit_accesslog_never_emptied ON audit_accesslog;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_guards")]
    operations = [
        migrations.AddField(
            model_name="accesslog",
            name="actor_unit_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("actor_name", "varchar_pattern_ops"),
                name="audit_access_name",
            ),
        ),
        migrations.RunSQL(GUARD, REMOVE),
    ]
