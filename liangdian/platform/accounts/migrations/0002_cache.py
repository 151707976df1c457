"""The shared cache: failed sign-ins must be counted over all server processes, not in each one.

The columns are those that Django's database cache expects.
"""

from django.db import migrations

CREATE = """
CREATE TABLE platform_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX platform_cache_expires ON platform_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE platform_cache")]
