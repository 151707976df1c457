"""Queueing: in the caller's transaction, once for a key, one statement."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from liangdian.platform.jobs import services
from liangdian.platform.jobs.registry import every_minute, job
from liangdian.platform.jobs.selectors import counts_by_state
from liangdian.platform.jobs.services import SweepFailed, enqueue, forget_old_keys, sweep

NOW = datetime(2026, 9, 18, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_an_unknown_job_is_refused_at_once():
    with pytest.raises(LookupError):
        enqueue("nobody.knows")


def test_two_functions_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"sample\.note"):
        job("sample.note")(lambda: None)


@pytest.mark.django_db
def test_queueing_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        enqueue("sample.note", key="one", text="a")


def test_a_job_is_rolled_back_with_its_transaction(queue):
    with transaction.atomic():
        enqueue("sample.note", key="k", text="lost")
        transaction.set_rollback(True)
    assert counts_by_state() == {}
    assert enqueue("sample.note", key="k", text="kept") is not None


@pytest.mark.django_db
def test_a_key_is_queued_once():
    assert enqueue("sample.note", key="notice:1", text="a") is not None
    assert enqueue("sample.note", key="notice:1", text="a") is None
    assert enqueue("sample.note", text="a") is not None
    assert enqueue("sample.note", text="a") is not None


def test_a_key_is_queued_once_by_many_at_the_same_moment(queue):
    results = []
    barrier = threading.Barrier(6)

    def ask() -> None:
        barrier.wait()
        with transaction.atomic():
            results.append(enqueue("sample.note", key="same", text="a"))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([number for number in results if number is not None]) == 1
    assert counts_by_state() == {"todo": 1}


@pytest.mark.django_db
def test_keys_are_forgotten_after_400_days():
    enqueue("sample.note", key="old", text="a")
    assert forget_old_keys(datetime.now(UTC) + timedelta(days=399)) == 0
    assert forget_old_keys(datetime.now(UTC) + timedelta(days=401)) == 1
    assert enqueue("sample.note", key="old", text="a") is not None


@pytest.mark.django_db
def test_a_part_of_the_sweep_that_fails_does_not_stop_the_others():
    seen = []

    @every_minute("sample.broken")
    def broken(at):
        raise RuntimeError("broken")

    every_minute("sample.good")(seen.append)
    with pytest.raises(SweepFailed, match=r"sample\.broken"):
        sweep(NOW)
    assert seen == [NOW]


def lost(name: str, attempts: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, status, attempts) "
            "VALUES ('default', %s, 'doing', %s) RETURNING id",
            [name, attempts],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_lost_jobs_come_back_but_not_for_ever():
    lost("sample.note", 0)
    lost("sample.note", services.LOST_AT_MOST)
    lost(services.SWEEP, 0)
    assert services.rescue_lost_jobs(NOW) == 3
    assert counts_by_state() == {"todo": 1, "failed": 1}


@pytest.mark.django_db
def test_a_job_of_a_living_worker_is_left_alone():
    number = lost("sample.note", 0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO jobs.procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE jobs.procrastinate_jobs SET worker_id = %s WHERE id = %s", [worker, number])
    assert services.rescue_lost_jobs(datetime.now(UTC)) == 0
