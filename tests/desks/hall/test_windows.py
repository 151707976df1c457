"""Who sits at a window: one person, one window, with every pause and hand-over recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.desks.hall import services
from liangdian.desks.hall.models import HallEvent, WindowSession
from liangdian.desks.hall.rules import WrongState
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.organisation import services as organisation
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import MINUTE, HallHouse


def test_a_window_has_one_person_and_a_person_one_window(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    with pytest.raises(WrongState, match="clerk"):
        place.sit("clerk2", 1)
    with pytest.raises(WrongState, match="1 号窗口"):
        services.sign_on(actor=clerk, window_id=place.windows[2].pk, at=NOW)
    services.sign_off(actor=clerk, at=NOW + MINUTE)
    assert place.sit("clerk2", 1, NOW + MINUTE)


def test_a_paused_window_calls_nobody_and_says_why(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    place.join("card")
    with pytest.raises(Invalid):
        services.pause(actor=clerk, reason="because", at=NOW)
    services.pause(actor=clerk, reason="meal", at=NOW)
    with pytest.raises(WrongState):
        services.call_next(actor=clerk, at=NOW)
    services.go_on_at_window(actor=clerk, at=NOW + MINUTE)
    assert services.call_next(actor=clerk, at=NOW + MINUTE)
    assert HallEvent.objects.get(kind="window_paused").data["reason"] == "meal"


def test_nobody_leaves_a_window_with_a_person_before_it(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    place.join("card")
    services.call_next(actor=clerk, at=NOW)
    for leave in (
        lambda: services.sign_off(actor=clerk, at=NOW),
        lambda: services.pause(actor=clerk, reason="meal", at=NOW),
        lambda: services.hand_over(actor=clerk, to_user_id=place.house.id("clerk2"), at=NOW),
    ):
        with pytest.raises(WrongState, match="A001"):
            leave()


def test_the_window_is_handed_to_the_named_stand_in(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    with pytest.raises(Invalid, match="替岗人"):
        services.hand_over(actor=clerk, at=NOW)
    organisation.name_stand_in(
        actor=SYSTEM, user_id=place.house.id("clerk"), stand_in_id=place.house.id("clerk2"),
        since=NOW.date(), last_day=NOW.date(), at=NOW,
    )  # fmt: skip
    session = services.hand_over(actor=clerk, at=NOW + MINUTE)
    assert (session.user_id, session.instead_of_id) == (place.house.id("clerk2"), place.house.id("clerk"))
    assert WindowSession.objects.exclude(state="closed").count() == 1
    with pytest.raises(NotAllowed):
        services.hand_over(
            actor=place.actor("clerk2"), to_user_id=place.house.id("stranger"), at=NOW + MINUTE
        )


def test_only_whoever_leads_the_hall_closes_a_window_that_was_left(place: HallHouse) -> None:
    place.sit("clerk", 1)
    session = WindowSession.objects.get()
    with pytest.raises(NotAllowed):
        services.close_window(actor=place.actor("clerk2"), session_id=session.pk, at=NOW)
    services.close_window(actor=place.actor("secretary"), session_id=session.pk, at=NOW + MINUTE)
    assert HallEvent.objects.get(kind="window_closed").data["by"] == "lead"


def test_who_forgot_to_sign_off_is_signed_off_by_the_next_day(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    services.end_days(at=NOW + timedelta(days=1))
    assert WindowSession.objects.get().state == "closed"
    with pytest.raises(WrongState):
        services.call_next(actor=clerk, at=NOW + timedelta(days=1))


def test_a_hall_is_set_up_by_those_who_may_and_letters_are_not_shared(place: HallHouse) -> None:
    with pytest.raises(NotAllowed):
        services.open_hall(actor=place.actor("clerk"), unit_id=place.house.other.pk, at=NOW)
    with pytest.raises(Invalid):
        services.open_hall(actor=SYSTEM, unit_id=place.house.community.pk, at=NOW)
    for given in ({"prefix": "A"}, {"prefix": "a1"}, {"prefix": "C", "categories": ["MZ"]}, {"prefix": "C"}):
        with pytest.raises(Invalid):
            services.set_group(actor=SYSTEM, hall_id=place.hall.pk, name="x", at=NOW, **given)
    with pytest.raises(Invalid):
        services.set_queueing(
            actor=SYSTEM, hall_id=place.hall.pk, queueing=services.Queueing(ratio=0), at=NOW
        )
    changed = services.set_queueing(
        actor=SYSTEM, hall_id=place.hall.pk, queueing=services.Queueing(quick_items=("MZ-001",)), at=NOW
    )
    assert changed.quick_items == ["MZ-001"]
    assert place.join("card").get_rank_display() == "快办"
