"""At the same instant, on real connections: the last time, the end of a hold, moves that cross."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.bookings import services
from liangdian.bookings.models import Booking, Place, Slot
from liangdian.bookings.rules import Full
from liangdian.bookings.services import Person
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM, resident
from liangdian.foundation.refused import Refused
from liangdian.platform.notifications.models import Message
from tests.bookings.conftest import MONDAY, NOW, Counter, week
from tests.casework.test_parallel import together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = timedelta(minutes=10)


def consistent() -> None:
    """The counters are what the places say, and no more than there are."""
    for slot in Slot.objects.all():
        assert sum(slot.booked.values()) == Place.objects.filter(slot=slot, active=True).count()
        assert sum(slot.booked.values()) <= slot.capacity


def test_of_eight_who_press_for_the_last_time_one_gets_it(counter: Counter) -> None:
    actor = counter.actor()
    results = together(*[lambda n=n: counter.book(n, by=actor) for n in range(8)])
    assert sum(isinstance(result, Booking) for result in results) == 1, results
    assert sum(isinstance(result, Full) for result in results) == 7, results
    assert Booking.objects.exclude(state=State.CONFIRMED).count() == 0
    consistent()


def test_two_places_are_given_twice_and_not_three_times(counter: Counter) -> None:
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=week(2, hall=2), at=NOW)
    actor = counter.actor()
    results = together(*[lambda n=n: counter.book(n, by=actor, items=1 + n % 3) for n in range(6)])
    assert sum(isinstance(result, Booking) for result in results) == 2, results
    assert all(isinstance(result, Booking | Full) for result in results), results
    consistent()


def test_the_same_press_on_four_connections_is_one_appointment(counter: Counter) -> None:
    actor = counter.actor()
    results = together(*[lambda: counter.book(by=actor, submission_key="once").pk] * 4)
    assert len(set(results)) == 1, results
    assert Booking.objects.count() == 1
    consistent()


def test_a_hold_is_confirmed_or_runs_out_but_never_both(counter: Counter) -> None:
    held = services.hold(actor=resident(), wish=counter.wish(channel="online"), at=NOW)
    end = NOW + timedelta(minutes=10)
    person = Person(name="甲", phone="13812342277")
    actor = counter.actor()
    together(
        lambda: services.confirm(
            actor=resident(), booking_id=held.pk, person=person, at=end - timedelta(seconds=1)
        ),
        lambda: services.expire_holds(at=end),
        lambda: counter.book(2, by=actor, at=end),
    )
    active = Booking.objects.filter(places__active=True).distinct()
    assert active.count() == 1
    held.refresh_from_db()
    assert held.state in {State.CONFIRMED, State.EXPIRED}
    assert (held.state == State.CONFIRMED) == (active.get().pk == held.pk)
    consistent()


def test_two_who_move_onto_each_others_time_do_not_wait_for_each_other_for_ever(counter: Counter) -> None:
    first, second = counter.book(1), counter.book(2, starts_at=MONDAY + TEN)
    actor = counter.actor()
    results = together(
        lambda: services.move(actor=actor, booking_id=first.pk, starts_at=MONDAY + TEN, at=NOW),
        lambda: services.move(actor=actor, booking_id=second.pk, starts_at=MONDAY, at=NOW),
    )
    assert all(isinstance(result, Full) for result in results), results
    consistent()


def test_two_who_move_to_the_last_time_keep_an_appointment_both(counter: Counter) -> None:
    first, second = counter.book(1), counter.book(2, starts_at=MONDAY + TEN)
    actor, wanted = counter.actor(), MONDAY + 5 * TEN
    results = together(
        *[
            lambda pk=pk: services.move(actor=actor, booking_id=pk, starts_at=wanted, at=NOW)
            for pk in (first.pk, second.pk)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Booking", "Full"], results
    assert Place.objects.filter(active=True).count() == 2
    consistent()


def test_hours_that_change_while_somebody_books_never_leave_him_without_a_time(counter: Counter) -> None:
    actor = counter.actor()
    results = together(
        lambda: counter.book(by=actor),
        lambda: services.close_day(
            actor=SYSTEM, resource_id=counter.resource.pk, day=MONDAY.date(), reason="检修", at=NOW
        ),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1, results
    consistent()


def test_four_workers_remind_once(counter: Counter) -> None:
    counter.book()
    at = MONDAY - timedelta(hours=3)
    results = together(*[lambda: services.remind(at=at)] * 4)
    assert sorted(map(str, results)) == ["0", "0", "0", "1"], results
    assert Message.objects.filter(kind="appointment_reminder").count() == 1


def test_one_free_time_is_offered_to_one_of_those_who_wait(counter: Counter) -> None:
    for n in range(11):
        counter.book(n, starts_at=MONDAY + n * TEN)
    for n in range(2):
        services.join_waiting(
            actor=counter.actor(), resource_id=counter.resource.pk, channel="phone", at=NOW,
            person=Person(name=f"候补{n}", phone=f"139123422{n:02d}"), first_day=MONDAY.date(),
            last_day=MONDAY.date(),
        )  # fmt: skip
    results = together(*[lambda: services.offer_free_times(at=NOW)] * 3)
    assert all(isinstance(result, int) for result in results), results
    assert Booking.objects.filter(state=State.HELD).count() == 1
    consistent()
