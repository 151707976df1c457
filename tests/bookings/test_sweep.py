"""What the clock does: reminders once, no-shows, the waiting list."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from liangdian.bookings import selectors, services
from liangdian.bookings.jobs import look_after_bookings
from liangdian.bookings.models import Booking, WaitingEntry
from liangdian.bookings.rules import WrongState
from liangdian.bookings.services import Person
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM, resident
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.notifications.models import Message
from liangdian.registers.catalogue import services as catalogue
from tests.bookings.conftest import MONDAY, NOW, Counter, hall

TEN = timedelta(minutes=10)


def reminders() -> list[Message]:
    return list(Message.objects.filter(kind="appointment_reminder"))


def test_a_reminder_names_the_documents_and_is_never_sent_twice(counter: Counter, settings) -> None:
    settings.SMS_GATEWAY = "liangdian.platform.notifications.gateways.ConsoleGateway"
    content = catalogue.Content(
        name="老年优待证", promised=counter.house.item.promised_limit,
        documents=[catalogue.Document(name="身份证"), catalogue.Document(name="一寸照片")],
    )  # fmt: skip
    item = catalogue.publish_version(
        actor=SYSTEM, code="MZ-009", category=counter.house.item.item.category, content=content, at=NOW
    )
    counter.book(item_version_id=item.pk)
    assert services.remind(at=MONDAY - timedelta(hours=25)) == 0
    for minute in range(4):
        services.remind(at=MONDAY - timedelta(hours=24) + timedelta(minutes=minute))
    (message,) = reminders()
    assert "身份证、一寸照片" in json.loads(message.params_sealed)["bring"]


def test_the_outbox_alone_already_refuses_a_second_reminder(counter: Counter) -> None:
    counter.book()
    at = MONDAY - timedelta(hours=2)
    assert services.remind(at=at) == 1
    Booking.objects.update(reminded_for=None)
    assert services.remind(at=at) == 0


def test_a_moved_appointment_is_reminded_of_its_new_time(counter: Counter) -> None:
    booking = counter.book()
    services.remind(at=MONDAY - timedelta(hours=3))
    services.move(
        actor=counter.actor(), booking_id=booking.pk, starts_at=hall(9, 23, 9), at=MONDAY - timedelta(hours=2)
    )
    assert services.remind(at=hall(9, 22, 10)) == 1
    assert len(reminders()) == 2


def test_who_has_just_booked_or_cancelled_is_not_reminded(counter: Counter) -> None:
    counter.book(at=MONDAY - timedelta(hours=5))
    gone = counter.book(2, starts_at=MONDAY + TEN)
    services.cancel(actor=counter.actor(), booking_id=gone.pk, reason="r", at=NOW)
    assert services.remind(at=MONDAY - timedelta(hours=4)) == 0


def _miss(counter: Counter, days: list[int]) -> int:
    for day in days:
        counter.book(starts_at=hall(9, day, 9))
        services.note_missed(at=hall(9, day, 9, 30))
    return Booking.objects.filter(state=State.MISSED)[0].resident_id


def test_three_no_shows_close_online_booking_for_a_month_but_never_the_window(counter: Counter) -> None:
    person = _miss(counter, [21, 22, 23])
    now = hall(9, 24, 8)
    assert selectors.online_blocked_until(resident_id=person, at=now) == hall(10, 23, 9)
    held = services.hold(
        actor=resident(), wish=counter.wish(channel="online", starts_at=hall(9, 28, 9)), at=now
    )
    with pytest.raises(Invalid):
        services.confirm(actor=resident(), booking_id=held.pk, person=Person(resident_id=person), at=now)
    assert counter.book(starts_at=hall(9, 28, 10), at=now).state == State.CONFIRMED
    assert selectors.online_blocked_until(resident_id=person, at=hall(10, 24, 9)) is None


def test_the_no_show_rule_is_a_version_and_changes_forward_only(counter: Counter) -> None:
    person = _miss(counter, [21, 22, 23])
    now = hall(9, 24, 8)
    change = {"code": "missed.count", "amount": 4, "reason": "试行放宽"}
    with pytest.raises(NotAllowed):
        services.add_rule_version(actor=counter.actor("secretary"), valid_from=now, at=now, **change)
    administrator = counter.actor("administrator")
    with pytest.raises(Invalid):
        services.add_rule_version(actor=administrator, valid_from=NOW, at=now, **change)
    services.add_rule_version(actor=administrator, valid_from=now, at=now, **change)
    assert selectors.online_blocked_until(resident_id=person, at=now) is None


def test_who_is_late_is_here_after_all_and_nobody_is_missing_before_the_grace(counter: Counter) -> None:
    booking = counter.book()
    with pytest.raises(WrongState):
        services.mark_missed(actor=counter.actor(), booking_id=booking.pk, at=MONDAY + timedelta(minutes=14))
    services.mark_missed(actor=counter.actor(), booking_id=booking.pk, at=MONDAY + timedelta(minutes=15))
    services.check_in(actor=SYSTEM, booking_id=booking.pk, at=MONDAY + timedelta(minutes=20))
    done = services.finish(actor=counter.actor(), booking_id=booking.pk, at=MONDAY + timedelta(minutes=30))
    assert done.state == State.DONE


def test_a_room_is_not_missed_by_the_clock(counter: Counter) -> None:
    room = counter.make("谈心室", kind="room")
    counter.book(resource_id=room.pk, item_version_id=None)
    assert services.note_missed(at=hall(9, 21, 12)) == 0


def _wait(counter: Counter, n: int, **changes: object) -> WaitingEntry:
    given = {"first_day": date(2026, 9, 21), "last_day": date(2026, 9, 21), "channel": "phone"}
    return services.join_waiting(
        actor=counter.actor(), resource_id=counter.resource.pk, at=NOW,
        person=Person(name=f"候补{n}", phone=f"139123422{n:02d}"), **{**given, **changes},
    )  # fmt: skip


def _full_day(counter: Counter) -> list[Booking]:
    return [counter.book(n, starts_at=MONDAY + n * TEN) for n in range(12)]


def test_what_becomes_free_is_offered_in_turn_for_a_limited_time(counter: Counter) -> None:
    bookings = _full_day(counter)
    first, second = _wait(counter, 1), _wait(counter, 2)
    assert services.offer_free_times(at=NOW) == 0
    services.cancel(actor=counter.actor(), booking_id=bookings[3].pk, reason="r", at=NOW)
    assert services.offer_free_times(at=NOW) == 1
    first.refresh_from_db()
    assert first.state == "offered"
    assert first.offer.starts_at == MONDAY + 3 * TEN
    assert first.offer.hold_until == NOW + timedelta(hours=2)
    assert Message.objects.filter(kind="appointment_offer").count() == 1
    # No answer: the next one in turn gets the time, the first is off the list.
    look_after_bookings(NOW + timedelta(hours=2))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("lapsed", "offered")
    taken = services.confirm(
        actor=resident(), booking_id=second.offer_id, person=Person(), at=NOW + timedelta(hours=3)
    )
    second.refresh_from_db()
    assert (taken.state, second.state) == ("confirmed", "taken")
    assert taken.resident_id == second.resident_id


def test_a_longer_wish_lets_the_shorter_one_pass_and_nobody_waits_twice(counter: Counter) -> None:
    bookings = _full_day(counter)
    long, short = _wait(counter, 1, items=3), _wait(counter, 2)
    with pytest.raises(Invalid):
        _wait(counter, 1)
    services.cancel(actor=counter.actor(), booking_id=bookings[0].pk, reason="r", at=NOW)
    services.offer_free_times(at=NOW)
    long.refresh_from_db()
    short.refresh_from_db()
    assert (long.state, short.state) == ("waiting", "offered")


def test_who_waited_until_his_last_day_is_off_the_list_and_may_leave_before(counter: Counter) -> None:
    _full_day(counter)
    entry, other = _wait(counter, 1), _wait(counter, 2)
    services.leave_waiting(actor=counter.actor(), entry_id=other.pk, at=NOW)
    services.offer_free_times(at=hall(9, 22, 8))
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.state, other.state) == ("left", "left")


@pytest.mark.parametrize(
    "days", [(date(2026, 9, 22), date(2026, 9, 21)), (date(2026, 9, 21), date(2026, 12, 21))]
)
def test_a_wish_has_sensible_days(counter: Counter, days: tuple[date, date]) -> None:
    with pytest.raises(Invalid):
        _wait(counter, 1, first_day=days[0], last_day=days[1])
