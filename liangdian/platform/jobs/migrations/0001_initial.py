"""The job queue in a schema of its own, without NOTIFY.

The tables and functions are procrastinate's own, taken from the locked version that is installed. When
the lock moves to a version with another schema, the migration of that upgrade has to look first whether
a new installation has it already.
"""

from django.db import migrations
from procrastinate.schema import SchemaManager

SCHEMA = SchemaManager.get_schema()

# Every function finds its tables whatever the caller's search_path is.
OWN_SEARCH_PATH = """
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'jobs'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', f);
    END LOOP;
END;
$$;
"""

NO_NOTIFY = """
DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON jobs.procrastinate_jobs;
DROP TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 ON jobs.procrastinate_jobs;
DROP FUNCTION jobs.procrastinate_notify_queue_job_inserted_v1();
DROP FUNCTION jobs.procrastinate_notify_queue_abort_job_v1();
"""

# One row for every act that must be done once, however often it is asked for.
JOB_KEY = """
CREATE TABLE jobs.job_key (
    key varchar(200) PRIMARY KEY,
    task_name varchar(128) NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX job_key_at_idx ON jobs.job_key (at);
"""

CREATE = f"""
CREATE SCHEMA jobs;
SELECT set_config('liangdian.search_path', current_setting('search_path'), true);
SET LOCAL search_path TO jobs, pg_temp;
{SCHEMA}
{NO_NOTIFY}
{JOB_KEY}
{OWN_SEARCH_PATH}
SELECT set_config('search_path', current_setting('liangdian.search_path'), true);
"""


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CREATE, None)


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA jobs CASCADE", None)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create, drop)]
