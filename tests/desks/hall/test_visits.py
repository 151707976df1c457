"""A visit from the number to its end: every end stays what it is, and no time is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from liangdian.casework import services as casework
from liangdian.desks.hall import places, services
from liangdian.desks.hall.models import HallEvent, Segment, TicketCounter, Visit, VisitItem
from liangdian.desks.hall.rules import WrongState
from liangdian.desks.hall.states import EventKind, Rank, State
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import MINUTE, HallHouse

EMPTY = {"item_version_ids": ()}


def kinds(item: VisitItem) -> list[str]:
    return list(Segment.objects.filter(item=item).order_by("seq").values_list("kind", flat=True))


def state(item: VisitItem) -> str:
    return VisitItem.objects.values_list("state", flat=True).get(pk=item.pk)


def test_numbers_count_by_letter_and_by_the_halls_own_date(place: HallHouse) -> None:
    assert [place.join("card").visit.ticket for _ in range(2)] == ["A001", "A002"]
    assert place.join("pension").visit.ticket == "B001"
    assert place.join().visit.ticket == "Z001"  # only to ask
    late = datetime(2026, 9, 18, 15, 59, tzinfo=UTC)  # one minute before midnight at the hall
    assert place.join("card", at=late).visit.ticket == "A003"
    new_day = place.join("card", at=late + 2 * MINUTE).visit
    assert (new_day.ticket, new_day.day.isoformat()) == ("A001", "2026-09-19")


def test_the_same_press_gives_the_same_number_and_a_reprint_the_same_secret(place: HallHouse) -> None:
    first = place.join("card", press_key="button-1").visit
    again = place.join("card", press_key="button-1").visit
    assert again.pk == first.pk
    assert TicketCounter.objects.get().last == 1
    token = places.place_token(hall_id=first.hall_id, day=first.day, prefix="A", number=1)
    assert first.place_digest == places.digest(token)
    assert token not in str(Visit.objects.filter(pk=first.pk).values().get())


def test_a_visit_of_two_items_goes_on_by_itself_and_keeps_its_place(place: HallHouse) -> None:
    item = place.join("card", "pension")
    clerk = place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW + MINUTE)
    place.served(clerk, item, NOW + 2 * MINUTE)
    second = VisitItem.objects.get(visit=item.visit, seq=2)
    assert (second.state, second.turn_at) == (State.WAITING, item.turn_at)
    other = place.sit("clerk2", 2)
    call = services.call_next(actor=other, at=NOW + 9 * MINUTE)
    assert call is not None
    assert call.item.pk == second.pk
    place.served(other, second, NOW + 10 * MINUTE)
    assert Visit.objects.get().ended_at == NOW + 15 * MINUTE
    assert kinds(second) == ["planned", "waiting", "called", "serving", "served"]


def test_the_second_item_stays_at_a_window_that_serves_it(place: HallHouse) -> None:
    item = place.join("card", "pension")
    clerk = place.sit("clerk", 3)
    services.call_next(actor=clerk, at=NOW)
    services.start(actor=clerk, item_id=item.pk, at=NOW)
    following = services.finish(actor=clerk, item_id=item.pk, at=NOW + MINUTE, no_case_reason="只问了材料")
    assert following is not None
    assert state(following) == State.SERVING


def test_a_window_calls_only_whom_it_serves_and_everybody_who_only_asks(place: HallHouse) -> None:
    place.join("pension")
    asks = place.join(at=NOW + MINUTE)
    clerk = place.sit("clerk", 1)
    call = services.call_next(actor=clerk, at=NOW + 2 * MINUTE)
    assert call is not None
    assert call.item.pk == asks.pk
    services.miss(actor=clerk, item_id=asks.pk, at=NOW + 3 * MINUTE)
    assert services.call_next(actor=clerk, at=NOW + 4 * MINUTE) is None


def test_missed_left_parked_and_closed_stay_distinct(place: HallHouse) -> None:
    missed, parked, left, served, closed = (place.join("card", at=NOW + n * MINUTE) for n in range(5))
    clerk, at = place.sit("clerk", 1), NOW + 10 * MINUTE
    for item in (missed, parked):
        services.call_next(actor=clerk, at=at)
        if item is missed:
            services.miss(actor=clerk, item_id=item.pk, at=at)
    services.start(actor=clerk, item_id=parked.pk, at=at)
    services.park(actor=clerk, item_id=parked.pk, at=at + MINUTE)
    services.leave(actor=clerk, item_id=left.pk, at=at)
    services.call_next(actor=clerk, at=at + MINUTE)
    place.served(clerk, served, at + MINUTE)
    assert services.end_days(at=NOW + timedelta(days=1)) == 1
    assert [state(each) for each in (missed, parked, left, served, closed)] == [
        State.MISSED, State.PARKED, State.LEFT, State.SERVED, State.CLOSED,
    ]  # fmt: skip
    assert services.end_days(at=NOW + timedelta(days=1)) == 0
    assert not Visit.objects.filter(ended_at__isnull=True).exists()


def test_who_missed_his_call_comes_back_behind_the_first_three(place: HallHouse) -> None:
    first, *others = (place.join("card", at=NOW + n * MINUTE) for n in range(5))
    clerk, at = place.sit("clerk", 1), NOW + 10 * MINUTE
    services.call_next(actor=clerk, at=at)
    services.recall(actor=clerk, item_id=first.pk, at=at + MINUTE)
    services.miss(actor=clerk, item_id=first.pk, at=at + 2 * MINUTE)
    services.come_back(actor=SYSTEM, item_id=first.pk, at=at + 3 * MINUTE, by_place=True)
    called = []
    for n in range(5):
        call = services.call_next(actor=clerk, at=at + (4 + n) * MINUTE)
        assert call is not None
        called.append(call.item.pk)
        services.miss(actor=clerk, item_id=call.item.pk, at=at + (4 + n) * MINUTE)
    assert called == [others[0].pk, others[1].pk, others[2].pk, first.pk, others[3].pk]


def test_who_comes_back_too_late_asks_the_staff(place: HallHouse) -> None:
    item, clerk = place.join("card"), place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW)
    services.miss(actor=clerk, item_id=item.pk, at=NOW)
    with pytest.raises(WrongState, match="60 分钟"):
        services.come_back(actor=SYSTEM, item_id=item.pk, at=NOW + 61 * MINUTE, by_place=True)
    assert services.come_back(actor=clerk, item_id=item.pk, at=NOW + 61 * MINUTE).state == State.WAITING


def test_an_interrupted_person_comes_back_to_the_same_window(place: HallHouse) -> None:
    item, other = place.join("card"), place.join("card", at=NOW + MINUTE)
    clerk = place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW + MINUTE)
    services.start(actor=clerk, item_id=item.pk, at=NOW + MINUTE)
    services.hold(actor=clerk, item_id=item.pk, at=NOW + 2 * MINUTE)
    services.call_next(actor=clerk, at=NOW + 3 * MINUTE)
    with pytest.raises(WrongState, match="A002"):
        services.go_on(actor=clerk, item_id=item.pk, at=NOW + 4 * MINUTE)
    place.served(clerk, other, NOW + 4 * MINUTE)
    services.go_on(actor=clerk, item_id=item.pk, at=NOW + 10 * MINUTE)
    services.finish(actor=clerk, item_id=item.pk, at=NOW + 11 * MINUTE, no_case_reason="咨询")
    assert kinds(item) == ["waiting", "called", "serving", "held", "serving", "served"]


def test_moved_to_a_window_only_that_window_calls_and_the_place_stays(place: HallHouse) -> None:
    item, other = place.join("card"), place.join("card", at=NOW + MINUTE)
    one, three = place.sit("clerk", 1), place.sit("clerk2", 3)
    secretary = place.actor("secretary")
    services.move_to_window(
        actor=secretary, item_id=item.pk, window_id=place.windows[3].pk, at=NOW + 2 * MINUTE
    )
    call = services.call_next(actor=one, at=NOW + 3 * MINUTE)
    assert call is not None
    assert call.item.pk == other.pk
    call = services.call_next(actor=three, at=NOW + 3 * MINUTE)
    assert call is not None
    assert (call.item.pk, call.item.turn_at) == (item.pk, NOW)
    assert kinds(item) == ["waiting", "waiting", "called"]


def test_moved_to_another_item_the_old_one_ends_as_moved_and_the_time_is_kept(place: HallHouse) -> None:
    item, clerk = place.join("card"), place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW + MINUTE)
    services.start(actor=clerk, item_id=item.pk, at=NOW + 2 * MINUTE)
    new = services.move_to_item(
        actor=clerk, item_id=item.pk, item_version_id=place.items["pension"].pk, at=NOW + 3 * MINUTE
    )
    assert state(item) == State.TRANSFERRED
    assert (new.state, new.category, new.turn_at, new.visit_id) == ("waiting", "RS", NOW, item.visit_id)
    assert Visit.objects.get().ended_at is None


def test_a_second_press_of_next_calls_nobody_else(place: HallHouse) -> None:
    item = place.join("card")
    place.join("card")
    clerk = place.sit("clerk", 1)
    calls = [services.call_next(actor=clerk, at=NOW, press_key="p1") for _ in range(2)]
    assert [call.item.pk for call in calls if call] == [item.pk] * 2
    with pytest.raises(WrongState, match="A001"):
        services.call_next(actor=clerk, at=NOW, press_key="p2")


def test_every_call_and_recall_is_an_event_of_its_own_in_an_ascending_line(place: HallHouse) -> None:
    item, clerk = place.join("card"), place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW)
    services.recall(actor=clerk, item_id=item.pk, at=NOW + MINUTE)
    services.recall(actor=clerk, item_id=item.pk, at=NOW + 2 * MINUTE)
    events = list(HallEvent.objects.order_by("seq").values_list("seq", "kind", "ticket"))
    assert events == [
        (1, EventKind.JOINED, "A001"), (2, EventKind.WINDOW_OPENED, ""), (3, EventKind.CALLED, "A001"),
        (4, EventKind.RECALLED, "A001"), (5, EventKind.RECALLED, "A001"),
    ]  # fmt: skip
    assert HallEvent.objects.get(seq=3).data["why"] == "first"


def test_a_class_before_the_others_needs_its_reason_and_the_green_channel_words(place: HallHouse) -> None:
    assert place.join("card", reason="old").rank == Rank.PRIORITY
    with pytest.raises(Invalid):
        place.join("card", reason="friend")
    with pytest.raises(Invalid):
        place.join("card", reason="urgent", reason_text="胸痛")  # the kiosk cannot
    item = place.join("card")
    with pytest.raises(Invalid):
        services.set_class(
            actor=place.actor("clerk"), visit_id=item.visit_id, reason="urgent", text=" ", at=NOW
        )
    services.set_class(
        actor=place.actor("clerk"), visit_id=item.visit_id, reason="urgent", text="胸痛", at=NOW
    )
    item.refresh_from_db()
    assert item.rank == Rank.URGENT


def test_an_appointment_is_called_at_its_time_and_late_ones_wait_like_everybody(place: HallHouse) -> None:
    def arrives(booking: str, minutes: int, booked: int) -> VisitItem:
        visit = services.check_in(
            actor=SYSTEM, hall_id=place.hall.pk, booking=booking, booked_for=NOW + booked * MINUTE,
            item_version_ids=[place.items["card"].pk], at=NOW + minutes * MINUTE,
        )  # fmt: skip
        return place.item(visit)

    in_time, late = arrives("b1", 0, 10), arrives("b2", 40, 10)
    assert (in_time.rank, in_time.turn_at) == (Rank.APPOINTMENT, NOW + 10 * MINUTE)
    assert (late.rank, late.turn_at) == (Rank.WALK_IN, NOW + 40 * MINUTE)
    assert arrives("b1", 5, 10).visit_id == in_time.visit_id  # checked in twice: the same number


def test_what_was_served_is_registered_or_it_is_said_why_not(place: HallHouse) -> None:
    item, clerk = place.join("card"), place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW)
    services.start(actor=clerk, item_id=item.pk, at=NOW)
    with pytest.raises(Invalid) as refused:
        services.finish(actor=clerk, item_id=item.pk, at=NOW)
    assert refused.value.field == "no_case_reason"
    case = place.house.case()
    services.link_case(actor=clerk, item_id=item.pk, reference=case.reference, at=NOW)
    services.finish(actor=clerk, item_id=item.pk, at=NOW + MINUTE)
    assert state(item) == State.SERVED
    assert Visit.objects.get().resident_id == case.resident_id


def served_at_once(place: HallHouse) -> tuple[VisitItem, object]:
    item, clerk = place.join("pension"), place.sit("clerk", 2)
    services.call_next(actor=clerk, at=NOW)
    services.start(actor=clerk, item_id=item.pk, at=NOW)
    case = place.house.case(item_version_id=place.items["pension"].pk)
    services.link_case(actor=clerk, item_id=item.pk, reference=case.reference, at=NOW)
    item.refresh_from_db()
    return item, clerk


def test_an_at_once_item_ends_only_answered(place: HallHouse) -> None:
    item, clerk = served_at_once(place)
    with pytest.raises(Invalid) as refused:
        services.finish(actor=clerk, item_id=item.pk, at=NOW + MINUTE)
    assert refused.value.field == "not_done_reason"
    casework.resolve(actor=clerk, case_id=item.case_id, answer="已认证", at=NOW + MINUTE)
    services.finish(actor=clerk, item_id=item.pk, at=NOW + 2 * MINUTE)
    item.refresh_from_db()
    assert (item.state, item.done_at_once) == (State.SERVED, True)


def test_or_a_reason_and_a_day_are_promised_and_the_resident_is_told(place: HallHouse) -> None:
    item, clerk = served_at_once(place)
    with pytest.raises(Invalid) as refused:
        services.finish(
            actor=clerk, item_id=item.pk, at=NOW, not_done_reason="网络中断",
            not_done_until=NOW.date() - timedelta(days=1),
        )  # fmt: skip
    assert refused.value.field == "not_done_until"
    services.finish(
        actor=clerk, item_id=item.pk, at=NOW, not_done_reason="网络中断",
        not_done_until=NOW.date() + timedelta(days=1),
    )  # fmt: skip
    item.refresh_from_db()
    assert item.done_at_once is False
    assert "网络中断" in item.case.events.filter(type="contacted", public=True).get().data["text"]


def test_the_visit_is_rated_once_and_closes_the_matter_that_was_answered(place: HallHouse) -> None:
    item, clerk = served_at_once(place)
    token = places.place_token(hall_id=place.hall.pk, day=item.day, prefix="B", number=1)
    rating = {"token": token, "grade": "5", "comment": "", "at": NOW + 3 * MINUTE}
    with pytest.raises(WrongState):
        services.rate_by_place(**rating)
    casework.resolve(actor=clerk, case_id=item.case_id, answer="已认证", at=NOW + MINUTE)
    services.finish(actor=clerk, item_id=item.pk, at=NOW + 2 * MINUTE)
    services.rate_by_place(**rating)
    item.refresh_from_db()
    assert item.case.state == "closed"
    with pytest.raises(WrongState):
        services.rate_by_place(**rating)
    with pytest.raises(NotFound):
        services.rate_by_place(**rating | {"token": "guess"})


def test_people_ahead_and_a_range_are_promised_once_a_window_is_open(place: HallHouse) -> None:
    before = place.join("card")
    assert before.promised_low is None
    place.sit("clerk", 1)
    after = place.join("card", at=NOW + MINUTE)
    assert after.ahead == 1
    assert after.promised_low < after.promised_high


def test_recent_services_teach_how_long_it_takes(place: HallHouse) -> None:
    clerk, at = place.sit("clerk", 1), NOW
    for _ in range(10):
        item = place.join("card", at=at)
        services.call_next(actor=clerk, at=at)
        place.served(clerk, item, at, minutes=20)
        at += 21 * MINUTE
    services.learn_paces(at=at)
    place.join("card", at=at)
    assert place.join("card", at=at).promised_high >= 20


def test_a_stranger_neither_calls_nor_moves(place: HallHouse) -> None:
    item = place.join("card")
    with pytest.raises(NotAllowed):
        services.sign_on(actor=place.actor("stranger"), window_id=place.windows[1].pk, at=NOW)
    with pytest.raises(WrongState):
        services.call_next(actor=place.actor("stranger"), at=NOW)
    for act in (services.leave, services.come_back):
        with pytest.raises(NotAllowed):
            act(actor=place.actor("stranger"), item_id=item.pk, at=NOW)
    with pytest.raises(NotAllowed):
        services.move_to_window(actor=place.actor("stranger"), item_id=item.pk, window_id=None, at=NOW)
