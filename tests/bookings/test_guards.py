"""What the database refuses by itself, whoever asks."""

from __future__ import annotations

from datetime import timedelta

from liangdian.bookings import services
from liangdian.bookings.models import Booking, BookingEvent, Place, RuleVersion, Slot, WaitingEntry
from liangdian.bookings.services import Person
from liangdian.bookings.states import State
from liangdian.foundation.actor import SYSTEM
from tests.bookings.conftest import MONDAY, NOW, Counter, week
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, _run, refused

EXCLUDED = "23P01"
TEN = timedelta(minutes=10)


def _copy(booking: Booking) -> Booking:
    wish = {"starts_at": MONDAY + 5 * TEN}
    return Booking.objects.get(pk=services.hold(actor=SYSTEM, wish=_wish(booking, **wish), at=NOW).pk)


def _wish(booking: Booking, **changes: object) -> services.Wish:
    given = {"resource_id": booking.resource_id, "starts_at": booking.starts_at, "channel": booking.channel}
    return services.Wish(**{**given, **changes})


def test_a_time_never_has_more_appointments_than_places(counter: Counter) -> None:
    other = _copy(counter.book())
    slot = Slot.objects.get(starts_at=MONDAY)
    assert refused(lambda: Place.objects.create(booking=other, slot=slot, channel="hall")) == CHECK
    services.set_hours(actor=SYSTEM, resource_id=slot.resource_id, hours=week(2, hall=1), at=NOW)
    assert refused(lambda: Place.objects.create(booking=other, slot=slot, channel="hall")) == CHECK
    services.set_hours(actor=SYSTEM, resource_id=slot.resource_id, hours=week(2, hall=2), at=NOW)
    assert refused(lambda: Place.objects.create(booking=other, slot=slot, channel="hall")) == ""


def test_capacity_and_shares_do_not_sink_below_what_is_booked(counter: Counter) -> None:
    counter.book()
    row = Slot.objects.filter(starts_at=MONDAY)
    assert refused(lambda: row.update(capacity=0)) == CHECK
    assert refused(lambda: row.update(hall=0)) == CHECK


def test_only_places_count_and_a_time_is_never_shifted(counter: Counter) -> None:
    counter.book()
    row = Slot.objects.filter(starts_at=MONDAY)
    assert refused(lambda: row.update(booked_hall=0)) == RESTRICT
    assert refused(lambda: row.update(ends_at=MONDAY + 2 * TEN)) == RESTRICT
    slot = row.get()
    slot.pk, slot.starts_at, slot.ends_at = None, MONDAY + 9 * TEN, MONDAY + 10 * TEN
    assert refused(lambda: slot.save(force_insert=True)) == CHECK


def test_two_open_times_of_one_resource_never_overlap(counter: Counter) -> None:
    counter.book()
    given = {"capacity": 1, "hall": 1, "phone": 1, "online": 1, "starts_at": MONDAY + TEN / 2}
    given["ends_at"] = given["starts_at"] + TEN

    def slot(**changes: object) -> object:
        return Slot.objects.create(**{"resource": counter.resource, **given, **changes})

    assert refused(slot) == EXCLUDED
    assert refused(lambda: slot(capacity=0, hall=0, phone=0, online=0)) == ""
    assert refused(lambda: slot(resource=counter.make("隔壁"))) == ""


def test_an_appointment_takes_a_time_once_and_gives_it_back_once(counter: Counter) -> None:
    booking = counter.book()
    place = Place.objects.get()
    services.set_hours(actor=SYSTEM, resource_id=counter.resource.pk, hours=week(3, hall=3), at=NOW)
    again = {"booking": booking, "slot": place.slot, "channel": "hall"}
    assert refused(lambda: Place.objects.create(**again)) == UNIQUE
    assert refused(lambda: Place.objects.create(**{**again, "active": False})) == CHECK
    other = counter.book(2, starts_at=MONDAY + TEN).places.get().slot
    assert refused(lambda: Place.objects.create(**{**again, "slot": other, "channel": "phone"})) == CHECK
    assert refused(lambda: Place.objects.update(channel="phone")) == RESTRICT
    services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="r", at=NOW)
    assert refused(lambda: Place.objects.update(active=True)) == RESTRICT
    assert refused(lambda: Place.objects.create(**again)) == CHECK


def test_states_move_only_as_the_table_says(counter: Counter) -> None:
    booking = counter.book()
    row = Booking.objects.filter(pk=booking.pk)
    for state in State:
        if state in {State.CONFIRMED, State.ARRIVED, State.MISSED}:
            continue
        expected = CHECK if state == State.CANCELLED else RESTRICT
        assert refused(lambda state=state: row.update(state=state)) == expected, state
    assert (
        refused(
            lambda: row.update(state=State.CANCELLED, cancel_reason="r", cancelled_by="centre", ended_at=NOW)
        )
        == CHECK
    )
    services.cancel(actor=counter.actor(), booking_id=booking.pk, reason="r", at=NOW)
    for state in set(State) - {State.CANCELLED}:
        assert (
            refused(lambda state=state: row.update(state=state, cancel_reason="", cancelled_by=""))
            == RESTRICT
        )


def test_a_cancellation_has_a_reason_and_a_hold_an_end(counter: Counter) -> None:
    booking = counter.book()
    held = _copy(booking)
    row = Booking.objects.filter(pk=held.pk)
    assert refused(lambda: row.update(hold_until=None)) == CHECK
    assert refused(lambda: row.update(state=State.CONFIRMED, confirmed_at=NOW)) == CHECK
    services.cancel(actor=counter.actor(), booking_id=held.pk, reason="r", at=NOW)
    assert refused(lambda: row.update(cancel_reason="")) == CHECK


def test_nothing_is_confirmed_without_a_time(counter: Counter) -> None:
    held = _copy(counter.book())
    Place.objects.filter(booking=held).update(active=False)
    row = Booking.objects.filter(pk=held.pk)
    assert refused(lambda: row.update(state=State.CONFIRMED, confirmed_at=NOW, subject="x")) == CHECK


def test_appointments_places_history_waiting_and_rules_are_kept(counter: Counter) -> None:
    booking = counter.book()
    services.join_waiting(
        actor=counter.actor(), resource_id=counter.resource.pk, person=Person(name="候补"),
        channel="phone", first_day=MONDAY.date(), last_day=MONDAY.date(), at=NOW,
    )  # fmt: skip
    services.add_rule_version(actor=SYSTEM, code="hold.minutes", amount=5, valid_from=NOW, reason="r", at=NOW)
    for model in (Booking, Place, BookingEvent, WaitingEntry, RuleVersion):
        rows = model.objects.all()
        assert rows.exists(), model
        assert refused(lambda rows=rows: rows._raw_delete(rows.db)) == RESTRICT, model
        assert refused(_run(f"TRUNCATE {model._meta.db_table} CASCADE")) == RESTRICT, model
    assert refused(lambda: BookingEvent.objects.update(at=NOW)) == RESTRICT
    assert refused(lambda: RuleVersion.objects.update(amount=1)) == RESTRICT
    assert refused(lambda: Booking.objects.filter(pk=booking.pk).update(channel="phone")) == RESTRICT
    assert refused(lambda: Booking.objects.filter(pk=booking.pk).update(code_digest="x")) == RESTRICT
