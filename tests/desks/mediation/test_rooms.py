"""The room of a session is reserved with it, used by it, and given back when no session follows."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from liangdian.bookings import services as bookings
from liangdian.bookings.models import Booking, Resource
from liangdian.bookings.rules import Hours
from liangdian.bookings.services import Description
from liangdian.casework.models import Case
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Assignment, Session
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk

MONDAY = datetime(2026, 9, 21, 9, tzinfo=HALL_ZONE)


@pytest.fixture
def room(desk: Desk) -> Resource:
    what = Description(kind="room", name="说事室", minutes=60, place="二楼")
    made = bookings.create_resource(actor=SYSTEM, unit_id=desk.house.community.pk, what=what, at=NOW)
    hours = [Hours(day, time(9), time(12), capacity=1, hall=1, phone=1, online=1) for day in range(5)]
    bookings.set_hours(actor=SYSTEM, resource_id=made.pk, hours=hours, at=NOW)
    return made


def plan(desk: Desk, case: Case, room: Resource, **changes: object) -> Case:
    given: dict[str, object] = {"held_at": MONDAY, "place": "", "room_id": room.pk, "times": 2, "at": NOW}
    return services.plan_session(actor=desk.actor("mediator"), case_id=case.pk, **{**given, **changes})


def test_a_session_reserves_its_room_and_names_no_party_there(desk: Desk, room: Resource) -> None:
    case = desk.to("mediating")
    plan(desk, case, room)
    session = Session.objects.get()
    assert session.booking is not None
    assert (session.booking.state, session.booking.starts_at) == ("confirmed", MONDAY)
    assert session.booking.ends_at == MONDAY + timedelta(hours=2)
    assert session.place == "说事室 · 二楼"
    assert case.reference in session.booking.subject
    assert "李明" not in session.booking.subject and session.booking.resident_id is None


@pytest.mark.parametrize("changes", [
    {"held_at": MONDAY + timedelta(minutes=7)}, {"held_at": MONDAY + timedelta(hours=10)},
    {"held_at": NOW - timedelta(days=1)}, {"times": 4}, {"times": 0}, {"times": 99}, {"room_id": 999_999},
])  # fmt: skip
def test_what_the_room_does_not_offer_is_refused_and_nothing_is_planned(
    desk: Desk, room: Resource, changes: dict[str, object]
) -> None:
    case = desk.to("mediating")
    with pytest.raises(Invalid):
        plan(desk, case, room, **changes)
    assert not Session.objects.exists() and not Booking.objects.exists()


def test_two_disputes_never_have_one_room_at_one_time(desk: Desk, room: Resource) -> None:
    plan(desk, desk.to("mediating"), room)
    with pytest.raises(Invalid) as refused:
        plan(desk, desk.to("mediating"), room, held_at=MONDAY + timedelta(hours=1), times=1)
    assert refused.value.field == "held_at"


def test_the_room_is_free_again_when_the_mediation_ends_before(desk: Desk, room: Resource) -> None:
    case = desk.to("mediating")
    plan(desk, case, room)
    desk.fail(case)
    assert Booking.objects.get().state == "cancelled"
    plan(desk, desk.to("mediating"), room)


def test_recording_the_session_says_that_the_room_was_used(desk: Desk, room: Resource) -> None:
    case = desk.to("mediating")
    plan(desk, case, room)
    mediator = Assignment.objects.get(dispute=case.pk)
    came = [*(f"party:{desk.party(case, n).pk}" for n in (1, 2)), f"mediator:{mediator.pk}"]
    services.record_session(
        actor=desk.actor("mediator"),
        case_id=case.pk,
        came=came,
        record="谈了",
        at=MONDAY + timedelta(hours=2),
    )
    assert Booking.objects.get().state == "done"


def test_the_page_offers_the_rooms_and_refuses_with_a_sentence(desk: Desk, room: Resource) -> None:
    case = desk.to("mediating")
    address = f"/cases/{case.reference}/mediation.invite/"
    client = desk.client("mediator")
    assert "说事室" in client.get(address).text
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT03:17")
    refused = client.post(address, {"held_at": later, "room": room.pk, "times": "1"})
    assert refused.status_code == 422
    assert client.post(address, {"held_at": later, "place": "", "room": ""}).status_code == 422
    assert client.post(address, {"held_at": later, "place": "村口"}).status_code == 302
