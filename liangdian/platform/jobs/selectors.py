"""What stands in the queue."""

from __future__ import annotations

from django.db import connection


def counts_by_state() -> dict[str, int]:
    """Number of jobs by state: ``todo``, ``doing``, ``failed``. Done jobs are deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM jobs.procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())
