"""The job worker: takes jobs from the queue one after the other, and starts the sweep each minute.

It asks for work every second instead of being notified (docs/decisions/0002).
"""

from __future__ import annotations

import functools
import logging
from datetime import UTC, datetime
from typing import Any

import procrastinate
from django.conf import settings
from django.db import close_old_connections, connection

from liangdian.platform.jobs.registry import Job, all_jobs
from liangdian.platform.jobs.services import QUEUE, SWEEP, rescue_lost_jobs, sweep

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
CONCURRENCY = 2
SHUTDOWN_SECONDS = 20.0


def _connector() -> procrastinate.PsycopgConnector:
    database: dict[str, Any] = settings.DATABASES["default"]
    options = {k: v for k, v in database["OPTIONS"].items() if k not in {"pool", "options"}}
    parameters = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
        "options": "-c search_path=jobs,public",
        **options,
    }
    given = {name: value for name, value in parameters.items() if value not in ("", None)}
    return procrastinate.PsycopgConnector(kwargs=given, min_size=1, max_size=4)


def _with_fresh_connection(job: Job) -> Any:
    @functools.wraps(job.function)
    def run(**args: object) -> None:
        close_old_connections()
        try:
            job.function(**args)
        finally:
            close_old_connections()

    return run


def make_app() -> procrastinate.App:
    """The procrastinate application with every declared job and the sweep."""
    app = procrastinate.App(connector=_connector())
    for job in all_jobs():
        retry = procrastinate.RetryStrategy(max_attempts=job.retries, exponential_wait=3)
        app.task(name=job.name, queue=QUEUE, retry=retry)(_with_fresh_connection(job))

    def run_sweep(timestamp: int) -> None:
        close_old_connections()
        try:
            sweep(datetime.now(UTC))
        finally:
            close_old_connections()

    task = app.task(name=SWEEP, queue=QUEUE, queueing_lock=SWEEP)(run_sweep)
    app.periodic(cron="* * * * *")(task)
    return app


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; jobs that run then get 20 seconds to end."""
    rescue_lost_jobs(datetime.now(UTC))
    connection.close()
    make_app().run_worker(
        queues=[QUEUE],
        concurrency=CONCURRENCY,
        fetch_job_polling_interval=POLL_SECONDS,
        listen_notify=False,
        delete_jobs="successful",
        shutdown_graceful_timeout=SHUTDOWN_SECONDS,
    )
