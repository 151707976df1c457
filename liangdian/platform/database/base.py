"""Django's PostgreSQL backend with immediate foreign keys.

A deferred foreign key is checked at commit, where no sentence can be shown for it, and a sharded
cluster does not offer it. So the one difference to Django's own backend: no ``DEFERRABLE``.
"""

from django.db.backends.postgresql import base, features, operations, schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    sql_create_column_inline_fk = schema.DatabaseSchemaEditor.sql_create_column_inline_fk.split("; SET")[0]


class DatabaseOperations(operations.DatabaseOperations):
    def deferrable_sql(self) -> str:
        return ""


class DatabaseFeatures(features.DatabaseFeatures):
    can_defer_constraint_checks = False
    supports_forward_references = False


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
