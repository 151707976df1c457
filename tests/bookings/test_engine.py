"""Holding, confirming, moving, cancelling: what a resident and a clerk rely on."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from liangdian.bookings import codes, selectors, services
from liangdian.bookings.models import Booking, Place, Slot
from liangdian.bookings.rules import Full, Hours, WrongState
from liangdian.bookings.services import HoldRanOut, Person, StillBooked
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM, resident
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Stale
from tests.bookings.conftest import MONDAY, NOW, Counter, hall, week

TEN = timedelta(minutes=10)


def taken(counter: Counter) -> dict[object, int]:
    return {
        slot.starts_at: sum(slot.booked.values()) for slot in Slot.objects.all() if any(slot.booked.values())
    }


def test_an_appointment_takes_items_times_people_times_in_a_row(counter: Counter) -> None:
    booking = counter.book(items=2, people=2)
    assert (booking.starts_at, booking.ends_at) == (MONDAY, MONDAY + 4 * TEN)
    assert taken(counter) == {MONDAY + n * TEN: 1 for n in range(4)}


def test_nothing_that_touches_a_taken_time_can_be_booked(counter: Counter) -> None:
    counter.book(items=2, starts_at=MONDAY + 2 * TEN)
    with pytest.raises(Full):
        counter.book(2, items=3)
    with pytest.raises(Full):
        counter.book(2, starts_at=MONDAY + 3 * TEN)
    assert counter.book(2, items=2).state == State.CONFIRMED


def test_each_channel_has_its_share_and_all_together_the_capacity(counter: Counter) -> None:
    services.set_hours(
        actor=SYSTEM, resource_id=counter.resource.pk, hours=week(2, hall=2, phone=1, online=1), at=NOW
    )
    counter.book(1, channel="phone")
    with pytest.raises(Full):
        counter.book(2, channel="phone")
    counter.book(2, channel="hall")
    with pytest.raises(Full):
        counter.book(3, channel="hall")


@pytest.mark.parametrize(
    "when", [hall(9, 21, 8, 50), hall(9, 21, 9, 5), hall(9, 21, 10, 55), hall(9, 25, 9), hall(9, 19, 9)]
)
def test_a_time_outside_the_hours_or_on_a_holiday_is_no_time(counter: Counter, when: object) -> None:
    with pytest.raises(Invalid):
        counter.book(starts_at=when)


def test_a_make_up_sunday_has_hours_of_its_own(counter: Counter) -> None:
    with pytest.raises(Invalid):
        counter.book(starts_at=hall(9, 20, 9))
    rows = [*week(), Hours(7, time(9), time(10), 1, 1, 1, 1)]
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=rows, at=NOW)
    assert counter.book(starts_at=hall(9, 20, 9)).day == date(2026, 9, 20)


def test_a_hold_that_was_not_confirmed_is_free_for_the_next_one_at_its_end(counter: Counter) -> None:
    held = services.hold(actor=resident(), wish=counter.wish(channel="online"), at=NOW)
    with pytest.raises(Full):
        counter.book(2, at=NOW + timedelta(minutes=9))
    assert counter.book(2, at=NOW + timedelta(minutes=10)).state == State.CONFIRMED
    held.refresh_from_db()
    assert held.state == State.EXPIRED
    with pytest.raises(WrongState):
        services.confirm(actor=resident(), booking_id=held.pk, person=Person(name="甲"), at=NOW)


def test_a_hold_over_midnight_ends_on_the_next_day(counter: Counter) -> None:
    late = hall(9, 18, 23, 55)
    held = services.hold(actor=resident(), wish=counter.wish(channel="online"), at=late)
    assert services.expire_holds(at=hall(9, 19, 0, 4)) == 0
    with pytest.raises(HoldRanOut):
        services.confirm(
            actor=resident(),
            booking_id=held.pk,
            person=Person(name="甲", phone="13812342200"),
            at=hall(9, 19, 0, 5),
        )
    assert services.expire_holds(at=hall(9, 19, 0, 5)) == 1
    assert services.expire_holds(at=hall(9, 19, 0, 6)) == 0
    assert taken(counter) == {}


def test_today_ends_at_the_halls_midnight_and_not_at_that_of_greenwich(counter: Counter) -> None:
    booking = counter.book()
    too_early = hall(9, 20, 23, 59)
    with pytest.raises(WrongState):
        services.check_in(actor=SYSTEM, booking_id=booking.pk, at=too_early)
    just_after = hall(9, 21, 0, 1)  # still Sunday in Greenwich
    assert services.check_in(actor=SYSTEM, booking_id=booking.pk, at=just_after).state == State.ARRIVED


def test_the_same_press_twice_is_one_appointment(counter: Counter) -> None:
    first = counter.book(submission_key="once")
    assert counter.book(submission_key="once").pk == first.pk
    assert Booking.objects.count() == 1


def test_moving_gives_the_old_time_back_and_keeps_code_and_history(counter: Counter) -> None:
    booking = counter.book(items=2)
    code = codes.code_of(booking.key)
    moved = services.move(actor=counter.actor(), booking_id=booking.pk, starts_at=MONDAY + TEN, at=NOW)
    assert taken(counter) == {MONDAY + TEN: 1, MONDAY + 2 * TEN: 1}
    assert selectors.booking_by_code(code=code.lower().replace("-", " ")).pk == moved.pk
    assert [event.type for event in moved.events.all()] == ["held", "confirmed", "moved"]


def test_a_move_that_fails_changes_nothing(counter: Counter) -> None:
    booking, before = counter.book(items=2), None
    counter.book(2, starts_at=MONDAY + 3 * TEN)
    before = taken(counter)
    with pytest.raises(Full):
        services.move(actor=counter.actor(), booking_id=booking.pk, starts_at=MONDAY + 2 * TEN, at=NOW)
    booking.refresh_from_db()
    assert (booking.starts_at, taken(counter)) == (MONDAY, before)


def test_a_move_goes_to_something_alike_in_the_same_unit_only(counter: Counter) -> None:
    booking, alike = counter.book(), counter.make("二号民政预约")
    room = counter.make("谈心室", kind="room")
    with pytest.raises(Invalid):
        services.move(
            actor=counter.actor(), booking_id=booking.pk, starts_at=MONDAY, resource_id=room.pk, at=NOW
        )
    moved = services.move(
        actor=counter.actor(), booking_id=booking.pk, starts_at=MONDAY, resource_id=alike.pk, at=NOW
    )
    assert moved.resource_id == alike.pk
    assert counter.book(2).state == State.CONFIRMED


def test_a_stale_form_does_not_move_or_cancel(counter: Counter) -> None:
    booking = counter.book()
    services.move(actor=counter.actor(), booking_id=booking.pk, starts_at=MONDAY + TEN, at=NOW)
    with pytest.raises(Stale):
        services.cancel(
            actor=counter.actor(), booking_id=booking.pk, reason="r", at=NOW, seen=booking.version
        )


def test_cancelling_keeps_the_row_with_its_reason_and_frees_the_time(counter: Counter) -> None:
    booking = counter.book()
    with pytest.raises(Invalid):
        services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="  ", at=NOW)
    services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="停电", at=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.cancel_reason, booking.cancelled_by) == ("cancelled", "停电", "centre")
    assert Place.objects.filter(booking=booking, active=False).count() == 1
    assert counter.book(2).state == State.CONFIRMED
    with pytest.raises(WrongState):
        services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="again", at=NOW)


def test_a_resident_cancels_without_a_reason_until_it_begins(counter: Counter) -> None:
    booking = counter.book()
    with pytest.raises(WrongState):
        services.cancel(actor=resident(), booking_id=booking.pk, reason="", at=MONDAY)
    done = services.cancel(actor=resident(), booking_id=booking.pk, reason="", at=NOW)
    assert done.cancelled_by == "resident"


def test_online_is_open_only_where_and_as_far_ahead_as_the_centre_says(counter: Counter) -> None:
    closed = counter.make("内部", online=False)
    with pytest.raises(NotFound):
        services.hold(actor=resident(), wish=counter.wish(resource_id=closed.pk, channel="online"), at=NOW)
    with pytest.raises(NotFound):
        services.hold(actor=resident(), wish=counter.wish(channel="hall"), at=NOW)
    far = counter.wish(channel="online", starts_at=hall(10, 12, 9))
    with pytest.raises(Invalid):
        services.hold(actor=resident(), wish=far, at=NOW)
    soon = counter.wish(channel="online")
    with pytest.raises(Invalid):
        services.hold(actor=resident(), wish=soon, at=MONDAY - timedelta(minutes=59))


def test_hours_are_not_taken_from_under_an_appointment(counter: Counter) -> None:
    counter.book(starts_at=hall(9, 21, 10, 50))
    short = [Hours(day, time(9), time(10), 1, 1, 1, 1) for day in range(5)]
    with pytest.raises(StillBooked):
        services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=short, at=NOW)
    with pytest.raises(StillBooked):
        services.close_day(
            actor=SYSTEM, resource_id=counter.resource.pk, day=date(2026, 9, 21), reason="检修", at=NOW
        )
    booking = Booking.objects.get()
    services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="r", at=NOW)
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=short, at=NOW)
    with pytest.raises(Invalid):
        counter.book(2, starts_at=hall(9, 21, 10, 50))


def test_a_closed_day_takes_nothing_until_it_is_opened_again(counter: Counter) -> None:
    closure = services.close_day(
        actor=counter.actor("secretary"), resource_id=counter.resource.pk, at=NOW, day=date(2026, 9, 21),
        reason="检修",
    )  # fmt: skip
    with pytest.raises(Invalid):
        counter.book()
    services.open_day(
        actor=counter.actor("secretary"), resource_id=counter.resource.pk, closure_id=closure.pk, at=NOW
    )
    assert counter.book().state == State.CONFIRMED


def test_who_may_what(counter: Counter) -> None:
    booking, what = counter.book(), services.Description(kind="room", name="活动室", minutes=60)
    unit = counter.house.community.pk
    for name in ("clerk", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            services.create_resource(actor=counter.actor(name), unit_id=unit, what=what, at=NOW)
    assert services.create_resource(actor=counter.actor("administrator"), unit_id=unit, what=what, at=NOW).pk
    with pytest.raises(NotAllowed):
        counter.book(2, by=counter.actor("administrator"), starts_at=MONDAY + TEN)
    for name in ("stranger", "administrator", "auditor", "security"):
        with pytest.raises(NotFound):
            selectors.booking_for(actor=counter.actor(name), booking_id=booking.pk)
        with pytest.raises(NotFound):
            services.cancel(actor=counter.actor(name), booking_id=booking.pk, reason="r", at=NOW)
    with pytest.raises(NotAllowed):
        services.cancel(actor=counter.actor("inspector"), booking_id=booking.pk, reason="r", at=NOW)


def test_nothing_is_confirmed_for_nobody_and_nothing(counter: Counter) -> None:
    with pytest.raises(Invalid):
        services.book(actor=counter.actor(), wish=counter.wish(), person=Person(), at=NOW)
    meeting = counter.wish(subject="调解碰头会")
    assert services.book(actor=counter.actor(), wish=meeting, person=Person(), at=NOW).resident is None


def test_an_item_is_booked_where_it_is_served(counter: Counter) -> None:
    other = counter.make("劳动预约", serves=["RS"])
    with pytest.raises(Invalid):
        counter.book(resource_id=other.pk)


def test_a_code_cannot_be_guessed_from_the_row_and_a_wrong_one_finds_nothing(counter: Counter) -> None:
    booking = counter.book()
    assert codes.code_of(booking.key).replace("-", "") not in {booking.code_digest, booking.link_digest}
    with pytest.raises(NotFound):
        selectors.booking_by_code(code="AAAAA-AAAAA")
    with pytest.raises(NotFound):
        selectors.booking_by_link(token=codes.code_of(booking.key))
