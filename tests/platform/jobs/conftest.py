from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.db import connection

from liangdian.platform.jobs import registry

_PARTS = ("jobs", "workers", "events", "periodic_defers")
CLEAN = f"TRUNCATE jobs.job_key, {', '.join(f'jobs.procrastinate_{part}' for part in _PARTS)}"


def database_url() -> str:
    """The address of the test's own database, for another process."""
    database = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    query = f"host={database['HOST']}&port={database['PORT']}".removesuffix("&port=")
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?{query}"


def sample_job(**values: object) -> None:
    """Stands for the worker's function in the process that only queues."""


@pytest.fixture(autouse=True)
def _declared(monkeypatch) -> None:
    monkeypatch.setattr(registry, "_jobs", dict(registry._jobs))
    monkeypatch.setattr(registry, "_periodic", {})
    for name in ("note", "fail_first", "slow"):
        registry.job(f"sample.{name}")(sample_job)


@pytest.fixture
def queue(transactional_db) -> Iterator[None]:
    """A committed, empty queue and a table in which the sample jobs write."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAN)
        cursor.execute("CREATE TABLE jobs.sample (id bigserial PRIMARY KEY, text text NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(CLEAN)
        cursor.execute("DROP TABLE jobs.sample")


@pytest.fixture
def start_worker(queue) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker process on the test's database; all are ended afterwards."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": database_url()}
        started.append(
            subprocess.Popen([sys.executable, "-m", "tests.platform.jobs.sample_worker"], env=environment)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def written() -> Callable[[], list[str]]:
    """What the sample jobs wrote, in order, without the sweep."""

    def read() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM jobs.sample WHERE text <> 'swept' ORDER BY id")
            return [text for (text,) in cursor.fetchall()]

    return read


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until ``condition()`` is true; fail after ``seconds``."""

    def wait(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.05)

    return wait
