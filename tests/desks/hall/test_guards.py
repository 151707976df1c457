"""What the database itself refuses, whatever the code above it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from liangdian.desks.hall import services
from liangdian.desks.hall.models import (
    HallCounter,
    HallEvent,
    QueueGroup,
    Segment,
    TicketCounter,
    Visit,
    VisitItem,
    VisitRating,
    WindowSession,
)
from liangdian.desks.hall.states import Rank, State
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import HallHouse


@pytest.fixture
def lived(place: HallHouse) -> HallHouse:
    """A hall in which somebody waits, somebody was called, somebody was served and has rated."""
    served, _called, _waits = (place.join("card") for _ in range(3))
    clerk = place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW)
    place.served(clerk, served, NOW)
    services.rate(visit_id=served.visit_id, grade="5", comment="", source="tablet", at=NOW + timedelta(1))
    services.call_next(actor=clerk, at=NOW + timedelta(minutes=6))
    place.sit("clerk2", 3)
    return place


def item(state: str) -> VisitItem:
    return VisitItem.objects.filter(state=state).order_by("pk")[0]


REFUSED: dict[str, Callable[[HallHouse], object]] = {
    "a segment is not changed": lambda p: Segment.objects.update(kind="served"),
    "a segment is not deleted": lambda p: Segment.objects.all().delete(),
    "an event is not changed": lambda p: HallEvent.objects.update(kind="served"),
    "an event is not deleted": lambda p: HallEvent.objects.all().delete(),
    "a rating is not changed": lambda p: VisitRating.objects.update(grade="1"),
    "a rating is not deleted": lambda p: VisitRating.objects.all().delete(),
    "a visit is not deleted": lambda p: Visit.objects.filter(rating__isnull=True)._raw_delete("default"),
    "an item is not deleted": lambda p: VisitItem.objects.all()._raw_delete("default"),
    "a number does not change": lambda p: Visit.objects.filter(number=1).update(number=9),
    "a secret does not change": lambda p: Visit.objects.filter(number=1).update(place_digest="x"),
    "two visits have not one number": lambda p: Visit.objects.create(
        hall=p.hall, day=NOW.date(), prefix="A", number=1, press_key="other", place_digest="y",
        channel="desk", rank=Rank.WALK_IN, joined_at=NOW,
    ),
    "one press has not two numbers": lambda p: Visit.objects.create(
        hall=p.hall, day=NOW.date(), prefix="A", number=77, press_key="press-1", place_digest="y",
        channel="desk", rank=Rank.WALK_IN, joined_at=NOW,
    ),
    "nobody goes first without a reason": lambda p: Visit.objects.update(rank=Rank.PRIORITY),
    "the green channel is explained": lambda p: Visit.objects.update(rank=Rank.URGENT, reason="urgent"),
    "an appointment has a time": lambda p: Visit.objects.update(rank=Rank.APPOINTMENT),
    "numbers do not go back": lambda p: TicketCounter.objects.update(last=0),
    "events do not go back": lambda p: HallCounter.objects.update(last_event=0),
    "who waits is not served without a window": lambda p: VisitItem.objects.filter(
        state=State.WAITING
    ).update(state=State.SERVED, no_case_reason="x"),
    "two people are not before one window": lambda p: VisitItem.objects.filter(state=State.WAITING).update(
        state=State.CALLED, window=p.windows[1].pk, user=p.house.id("clerk")
    ),
    "nobody is called without a window": lambda p: VisitItem.objects.filter(state=State.WAITING).update(
        state=State.CALLED
    ),
    "served is not served again": lambda p: VisitItem.objects.filter(state=State.SERVED).update(
        state=State.WAITING
    ),
    "served is registered or explained": lambda p: VisitItem.objects.filter(state=State.SERVED).update(
        no_case_reason=""
    ),
    "a person waits in one place": lambda p: VisitItem.objects.create(
        visit=item(State.WAITING).visit, hall=p.hall, day=NOW.date(), seq=2, state=State.WAITING,
        rank=Rank.WALK_IN, turn_at=NOW, changed_at=NOW,
    ),
    "an item stays with its visit": lambda p: VisitItem.objects.filter(state=State.WAITING).update(
        visit=item(State.SERVED).visit, seq=5
    ),
    "a promised range is a range": lambda p: VisitItem.objects.filter(state=State.WAITING).update(
        ahead=1, promised_low=20, promised_high=10
    ),
    "a segment has the one before it": lambda p: Segment.objects.create(
        item=item(State.WAITING), hall=p.hall, day=NOW.date(), seq=7, kind="left", at=NOW
    ),
    "a segment does not begin before the one before it": lambda p: Segment.objects.create(
        item=item(State.WAITING), hall=p.hall, day=NOW.date(), seq=2, kind="left", at=NOW - timedelta(1)
    ),
    "one person at a window": lambda p: WindowSession.objects.create(
        hall=p.hall, window=p.windows[1], user_id=p.house.id("secretary"), day=NOW.date(), opened_at=NOW,
        changed_at=NOW, last_act_at=NOW,
    ),
    "one window for a person": lambda p: WindowSession.objects.create(
        hall=p.hall, window=p.windows[2], user_id=p.house.id("clerk"), day=NOW.date(), opened_at=NOW,
        changed_at=NOW, last_act_at=NOW,
    ),
    "a pause has a reason": lambda p: WindowSession.objects.update(state="paused"),
    "closed has a time": lambda p: WindowSession.objects.update(state="closed"),
    "who sat there does not change": lambda p: WindowSession.objects.filter(
        user_id=p.house.id("clerk")
    ).update(user_id=p.house.id("secretary")),
    "a letter is used once": lambda p: QueueGroup.objects.create(hall=p.hall, prefix="A", name="x"),
    "a letter is a letter": lambda p: QueueGroup.objects.create(hall=p.hall, prefix="a", name="x"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(what: str, lived: HallHouse) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        REFUSED[what](lived)


@pytest.mark.parametrize("table", ["hall_segment", "hall_hallevent", "hall_visitrating", "hall_visit"])
def test_no_table_of_the_history_is_emptied(table: str, lived: HallHouse) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_what_the_slip_promised_is_written_once(lived: HallHouse) -> None:
    promised = lived.join("card")
    assert promised.promised_low is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitItem.objects.filter(pk=promised.pk).update(promised_high=500)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitItem.objects.filter(pk=promised.pk).update(ahead=None, promised_low=None, promised_high=None)


def test_an_item_keeps_its_matter(lived: HallHouse) -> None:
    called = item(State.CALLED)
    first, second = lived.house.case(), lived.house.case(phone="13812342212", resident_name="李")
    VisitItem.objects.filter(pk=called.pk).update(case=first.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitItem.objects.filter(pk=called.pk).update(case=second.pk)


def test_at_once_is_done_or_promised(lived: HallHouse) -> None:
    called = item(State.CALLED)
    VisitItem.objects.filter(pk=called.pk).update(case=lived.house.case().pk, at_once=True, state="serving")
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitItem.objects.filter(pk=called.pk).update(state="served", done_at_once=False)
