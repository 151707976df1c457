"""A real worker with a few jobs of its own, run as a process by the tests beside it."""

from __future__ import annotations

import time

import django

django.setup()

from django.db import connection  # noqa: E402

from liangdian.platform.jobs.registry import every_minute, job  # noqa: E402
from liangdian.platform.jobs.worker import run_worker  # noqa: E402


def note(text: str) -> int:
    """Write ``text`` down; returns how often it was written before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs.sample WHERE text = %s", [text])
        before = cursor.fetchone()[0]
        cursor.execute("INSERT INTO jobs.sample (text) VALUES (%s)", [text])
    return before


@job("sample.note")
def write(*, text: str) -> None:
    note(text)


@job("sample.fail_first", retries=3)
def fail_first(*, text: str) -> None:
    if note(text) == 0:
        raise RuntimeError("the first attempt fails")


@job("sample.slow")
def slow(*, text: str, seconds: float) -> None:
    note(f"{text} begins")
    time.sleep(seconds)
    note(f"{text} ends")


@every_minute("sample.sweep")
def swept(at: object) -> None:
    note("swept")


if __name__ == "__main__":
    run_worker()
