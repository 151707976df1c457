"""The clock: what is due is done once, oldest first, by whoever comes, however often he is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from liangdian.casework import chain, services, worklists
from liangdian.casework.models import Case, Event, SweepMark
from liangdian.casework.states import EventType, State
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.clock import business_date
from liangdian.platform.notifications.models import BellNotice
from tests.casework.conftest import NOW, House

LATE = NOW + timedelta(days=10)
CLOCK = (EventType.WARNED, EventType.OVERDUE, EventType.ESCALATED)


def _types(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("type", flat=True))


def _nothing_twice(cases: int) -> None:
    """Ten days late: each case was warned, said overdue and escalated exactly once, and told so once."""
    for type in CLOCK:
        rows = Event.objects.filter(type=type).values_list("case_id", flat=True)
        assert len(rows) == len(set(rows)) == cases, type
    assert SweepMark.objects.filter(level__in=["warn", "overdue"]).count() == 2 * cases
    assert BellNotice.objects.values("user", "key").distinct().count() == BellNotice.objects.count()
    assert list(chain.verify()) == []


def test_the_oldest_due_comes_first(house: House) -> None:
    ages = [3, 0, 2, 1]
    cases = {age: house.case(at=NOW - timedelta(hours=age)) for age in ages}
    services.sweep(at=LATE, batch=1)
    order = list(SweepMark.objects.filter(level="overdue").order_by("pk").values_list("case_id", flat=True))
    due = sorted(cases.values(), key=lambda case: (case.next_due_at, case.pk))
    assert order == [case.pk for case in due]


def test_a_second_sweep_does_nothing(house: House) -> None:
    for _each in range(3):
        house.case()
    assert services.sweep(at=LATE, batch=2).counts == {"warn": 3, "overdue": 3}
    events = Event.objects.count()
    assert services.sweep(at=LATE).total == 0
    assert Event.objects.count() == events
    _nothing_twice(3)


def test_what_is_not_due_is_not_read(house: House) -> None:
    case = house.case()
    assert services.sweep(at=case.next_due_at - timedelta(microseconds=1)).total == 0
    assert services.sweep(at=case.next_due_at).counts == {"warn": 1}


def test_a_mark_of_an_earlier_sweep_keeps_the_act_from_happening_again(house: House) -> None:
    case = house.case()
    services.sweep(at=LATE)
    Case.objects.filter(pk=case.pk).update(alarms_done=0, next_due_at=NOW)
    services.sweep(at=LATE)
    assert [_types(case).count(type) for type in CLOCK] == [1, 1, 1]
    _nothing_twice(1)


def test_a_batch_that_breaks_leaves_nothing_half_done(house: House) -> None:
    for _each in range(4):
        house.case()

    class KilledError(Exception):
        pass

    def kill() -> None:
        raise KilledError

    with pytest.raises(KilledError):
        services.sweep(at=LATE, batch=2, between=kill)
    assert SweepMark.objects.filter(level="overdue").count() == 2
    services.sweep(at=LATE, batch=2)
    _nothing_twice(4)


def test_overdue_where_nobody_stands_above_is_on_a_visible_list(house: House) -> None:
    top = house.case(by="coordinator", unit_id=house.street.pk, first_handler_id=house.id("coordinator"))
    below = house.case()
    services.sweep(at=LATE)
    top.refresh_from_db()
    below.refresh_from_db()
    assert (top.no_superior, below.no_superior) == (True, False)
    page = worklists.page_of(Worklist.NO_SUPERIOR, house.actor("leader"), Filters(), now=LATE)
    assert [row.pk for row in page.rows] == [top.pk]
    told = BellNotice.objects.filter(kind=EventType.ESCALATED, user=house.id("coordinator"))
    assert told.count() == 2


def test_words_touch_no_clock(house: House) -> None:
    case = house.case()
    before = (case.due_at, case.next_due_at, case.alarms_done)
    at = NOW + timedelta(days=1)
    services.add_note(actor=house.actor("clerk2"), case_id=case.pk, text="记", at=at)
    services.contact_resident(actor=house.actor("clerk"), case_id=case.pk, text="已告知", at=at)
    services.ask_resident(actor=house.actor("clerk"), case_id=case.pk, text="缺照片", at=at)
    services.resident_supplied(actor=house.actor("clerk"), case_id=case.pk, text="照片", at=at)
    services.transfer(
        actor=house.actor("clerk"), case_id=case.pk, to_user_id=house.id("clerk2"), reason="休假", at=at
    )
    case.refresh_from_db()
    assert (case.due_at, case.next_due_at, case.alarms_done) == before
    services.sweep(at=LATE)
    case.refresh_from_db()
    services.add_note(actor=house.actor("clerk2"), case_id=case.pk, text="记", at=LATE)
    assert services.sweep(at=LATE).total == 0


def test_a_late_referral_is_told_once_and_the_promise_goes_on(house: House) -> None:
    case = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=house.street.pk, reason="r", at=NOW
    )
    referral = case.referrals.get()
    # Two working days from Friday: Sunday the 20th works, Monday the 21st is the second.
    assert business_date(referral.accept_by).isoformat() == "2026-09-21"
    for hours in (0, 1, 2):
        services.sweep(at=referral.accept_by + timedelta(hours=hours))
    late = case.events.filter(type=EventType.OVERDUE, data__clock="referral")
    assert late.count() == 1
    case.refresh_from_db()
    assert case.next_due_at > referral.accept_by
    services.sweep(at=LATE)
    assert _types(case).count("warned") == 1


def test_answered_in_time_no_clock_rings_and_a_closed_one_has_none(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    services.sweep(at=LATE + timedelta(days=30))
    case.refresh_from_db()
    assert (case.state, case.next_due_at) == (State.CLOSED, None)
    assert not set(CLOCK) & set(_types(case))
    case = house.case()
    services.withdraw(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=NOW)
    assert services.sweep(at=LATE + timedelta(days=30)).total == 0


CHILD = """
import sys, time
import django
django.setup()
from datetime import datetime
from liangdian.casework.services import sweep as verb
from liangdian.casework.services.sweep import _Batch
import liangdian.casework.services as services
saved = _Batch.save
batches = []
def save_and_wait(self):
    saved(self)
    batches.append(self)
    if len(batches) == 2:
        print("ready", flush=True)
        time.sleep(60)
_Batch.save = save_and_wait
services.sweep(at=datetime.fromisoformat(sys.argv[1]), batch=2)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_inside_a_batch_the_next_sweep_goes_on(house: House) -> None:
    for _each in range(6):
        house.case()
    name = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].replace("/liangdian?", f"/{name}?")
    assert name in address
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, LATE.isoformat()], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DATABASE_URL": address}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        # One batch is done, the second is written but not committed: it is skipped, not waited for.
        assert SweepMark.objects.filter(level="overdue").count() == 2
        assert services.sweep(at=LATE).counts == {"warn": 2, "overdue": 2}
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    until = time.monotonic() + 20
    while services.sweep(at=LATE).total == 0 and time.monotonic() < until:
        time.sleep(0.05)  # the server has yet to notice that its client died
    _nothing_twice(6)


@pytest.mark.django_db(transaction=True)
def test_what_another_connection_holds_is_skipped_and_done_later(house: House) -> None:
    held, *free = [house.case() for _each in range(3)]
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=held.pk)
            locked.set()
            release.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(10)
        assert services.sweep(at=LATE).counts == {"warn": 2, "overdue": 2}
        done = set(SweepMark.objects.values_list("case_id", flat=True))
        assert done == {case.pk for case in free}
    finally:
        release.set()
        holder.join()
    assert services.sweep(at=LATE).counts == {"warn": 1, "overdue": 1}
    _nothing_twice(3)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_everything_once(house: House) -> None:
    for _each in range(12):
        house.case()
    start = threading.Barrier(2)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            start.wait(10)
            services.sweep(at=LATE, batch=2)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    _nothing_twice(12)


def test_one_broken_matter_does_not_stop_the_clock_of_the_others(house: House) -> None:
    broken, sound = house.case(), house.case()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM casework_promise WHERE case_id = %s", [broken.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(services.SweepBroken) as told:
        services.sweep(at=NOW + timedelta(days=30))
    assert broken.reference in str(told.value)
    sound.refresh_from_db()
    assert sound.alarms_done == 3
    assert broken.events.count() == 3
