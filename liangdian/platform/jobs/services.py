"""Putting work into the queue, and the sweep."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Refused
from liangdian.platform.jobs.registry import job_named, periodic_functions

log = logging.getLogger(__name__)

QUEUE = "default"
KEYS_ARE_KEPT = timedelta(days=400)
WORKER_IS_LOST = timedelta(seconds=45)
LOST_AT_MOST = 10
SWEEP = "jobs.sweep"

_ENQUEUE = """
SELECT (jobs.procrastinate_defer_jobs_v1(ARRAY[
    ROW(%(queue)s, %(name)s, 0, NULL, NULL, %(args)s::jsonb, %(at)s::timestamptz)
]::jobs.procrastinate_job_to_defer_v1[]))[1]
"""
_CLAIM = """
WITH claimed AS (
    INSERT INTO jobs.job_key (key, task_name) VALUES (%(key)s, %(name)s) ON CONFLICT DO NOTHING RETURNING 1
)
"""
_LOST = """
SELECT j.id, j.task_name, j.attempts FROM jobs.procrastinate_jobs j
LEFT JOIN jobs.procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < %(since)s)
ORDER BY j.id
FOR UPDATE OF j SKIP LOCKED
"""
_AGAIN = "SELECT jobs.procrastinate_retry_job_v2(%(id)s, %(at)s, NULL, NULL, NULL)"


class SweepFailed(Refused):
    """At least one function of the sweep failed; the others ran."""

    code = "sweep-failed"


def enqueue(name: str, *, key: str | None = None, at: datetime | None = None, **args: object) -> int | None:
    """Queue job ``name`` with ``args`` (JSON values) inside the current transaction.

    With a ``key`` the job is queued once for ever (400 days): asking again changes nothing. ``at``
    is the earliest time. Returns the number of the queued job, None when the key was used before.
    Raises LookupError for an unknown job. One statement.
    """
    job_named(name)
    values = {"queue": QUEUE, "name": name, "args": json.dumps(args), "at": at, "key": key}
    statement = _ENQUEUE if key is None else f"{_CLAIM}{_ENQUEUE} FROM claimed"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return None if row is None else row[0]


def sweep(at: datetime) -> None:
    """What happens every minute. ``at`` is the time for which it is done (UTC, aware).

    A function that fails does not keep the others from running. Raises SweepFailed afterwards.
    """
    failed = []
    for name, function in periodic_functions():
        try:
            function(at)
        except Exception:
            log.exception("The sweep's %s failed", name)
            failed.append(name)
    rescue_lost_jobs(at)
    forget_old_keys(at)
    if failed:
        raise SweepFailed(_("Parts of the sweep failed: %(names)s.") % {"names": ", ".join(failed)})


def rescue_lost_jobs(at: datetime) -> int:
    """Queue again what a killed worker left half-done. Returns how many jobs.

    A job that was lost ten times is given up (state ``failed``), so that work which kills its worker
    cannot do so for ever. A lost sweep is dropped: the next minute brings another.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOST, {"since": at - WORKER_IS_LOST})
        lost = cursor.fetchall()
        for number, name, attempts in lost:
            if name == SWEEP:
                cursor.execute("DELETE FROM jobs.procrastinate_jobs WHERE id = %s", [number])
            elif attempts >= LOST_AT_MOST:
                cursor.execute("SELECT jobs.procrastinate_finish_job_v1(%s, 'failed', false)", [number])
            else:
                cursor.execute(_AGAIN, {"id": number, "at": at})
    return len(lost)


def forget_old_keys(at: datetime) -> int:
    """Drop the keys of acts older than 400 days. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs.job_key WHERE at < %s", [at - KEYS_ARE_KEPT])
        return cursor.rowcount
