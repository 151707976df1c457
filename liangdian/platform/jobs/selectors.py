"""What stands in the queue."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def counts_by_state() -> dict[str, int]:
    """Number of jobs by state: ``todo``, ``doing``, ``failed``. Done jobs are deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM jobs.procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


def last_heartbeat() -> datetime | None:
    """When a worker was last alive; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM jobs.procrastinate_workers")
        return cursor.fetchone()[0]


def oldest_waiting(at: datetime) -> datetime | None:
    """Since when the oldest job that could be done at ``at`` waits; None when none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(since) FROM (SELECT coalesce(j.scheduled_at, min(e.at)) AS since "
            "FROM jobs.procrastinate_jobs j LEFT JOIN jobs.procrastinate_events e ON e.job_id = j.id "
            "WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= %s) GROUP BY j.id) w",
            [at],
        )
        return cursor.fetchone()[0]
