"""The job queue in a schema of its own, without NOTIFY.

``procrastinate_3.sql`` is the unchanged schema file of procrastinate 3.10 (MIT licence). It is kept
here because a migration must never change with the version of a library.
"""

from pathlib import Path

from django.db import migrations

SCHEMA = (Path(__file__).parent / "procrastinate_3.sql").read_text(encoding="utf-8")

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
