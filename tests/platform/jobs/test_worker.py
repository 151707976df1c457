"""The worker as a real process: it works, waits, is killed and comes back."""

from __future__ import annotations

import signal

from django.db import connection, transaction

from liangdian.platform.jobs.selectors import counts_by_state
from liangdian.platform.jobs.services import enqueue


def test_it_does_what_is_queued_retries_what_fails_and_sweeps(start_worker, written, eventually):
    with transaction.atomic():
        enqueue("sample.note", text="before the worker")
    worker = start_worker()
    eventually(lambda: written() == ["before the worker"])
    enqueue("sample.fail_first", text="twice")
    eventually(lambda: written().count("twice") == 2)
    eventually(swept)
    eventually(lambda: counts_by_state() == {})
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0


def swept() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs.sample WHERE text = 'swept'")
        return cursor.fetchone()[0] >= 1


def test_asked_to_stop_it_ends_what_it_began(start_worker, written, eventually):
    enqueue("sample.slow", text="work", seconds=1.5)
    worker = start_worker()
    eventually(lambda: "work begins" in written())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0
    assert written() == ["work begins", "work ends"]
    # What a sweep of this minute queued may wait; nothing is left half-done.
    assert counts_by_state().keys() <= {"todo"}


def test_what_a_killed_worker_began_is_done_by_the_next(start_worker, written, eventually):
    enqueue("sample.slow", text="work", seconds=2)
    worker = start_worker()
    eventually(lambda: "work begins" in written())
    worker.kill()
    worker.wait()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    start_worker()
    eventually(lambda: written() == ["work begins", "work begins", "work ends"])
