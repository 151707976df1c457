"""For load balancers and watchers: is the process alive, and does the whole installation work."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from liangdian.casework import pulse
from liangdian.platform.jobs import selectors as jobs

log = logging.getLogger(__name__)
# The worker says every ten seconds that it lives.
WORKER_SILENT = timedelta(seconds=60)
# The sweep comes every minute.
SWEEP_LATE = timedelta(minutes=5)
OK = "ok"
# Migrations are only ever added with a new release, which is a new process.
_migrated = False


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when everything works, else 503; each check with ``ok`` or what is wrong."""
    now = timezone.now()
    try:
        checks = {"database": OK, "migrations": _migrations()}
        if checks["migrations"] == OK:
            checks |= {"worker": _worker(now), "sweep": _sweep(now)}
    except DatabaseError:
        log.exception("The database does not answer")
        checks = {"database": "does not answer"}
    works = all(found == OK for found in checks.values())
    content = {"status": "ready" if works else "not ready", "checks": checks}
    response = JsonResponse(content, status=200 if works else 503)
    response["Cache-Control"] = "no-store"
    return response


def _migrations() -> str:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return OK if _migrated else "not migrated"


def _worker(now: datetime) -> str:
    heartbeat = jobs.last_heartbeat()
    if heartbeat is None:
        return "no worker runs"
    return OK if now - heartbeat <= WORKER_SILENT else "no worker was seen for more than a minute"


def _sweep(now: datetime) -> str:
    lag = pulse.sweep_lag(at=now)
    return OK if lag <= SWEEP_LATE else f"late by {int(lag.total_seconds() // 60)} minutes"
