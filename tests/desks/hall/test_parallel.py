"""At the same instant, on real connections: two windows, two kiosks, midnight, a person who leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from liangdian.desks.hall import services
from liangdian.desks.hall.models import HallEvent, TicketCounter, Visit, VisitItem, WindowSession
from liangdian.desks.hall.rules import WrongState
from liangdian.foundation.actor import SYSTEM
from liangdian.registers.organisation import services as organisation
from tests.casework.conftest import NOW
from tests.casework.test_parallel import together
from tests.desks.hall.conftest import MINUTE, HallHouse

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS = ("clerk", "clerk2", "secretary", "coordinator", "mediator")


def more_windows(place: HallHouse, people: tuple[str, ...] = CLERKS) -> list[Callable[[], object]]:
    """Everybody at a window of his own that serves all; each act calls the next."""
    acts = []
    for number, name in enumerate(people, start=10):
        window = organisation.create_window(
            actor=SYSTEM, unit=place.house.community, number=number, name=name, serves=["MZ", "RS"], at=NOW
        )
        actor = place.actor(name)
        services.sign_on(actor=actor, window_id=window.pk, at=NOW)
        acts.append(lambda actor=actor: services.call_next(actor=actor, at=NOW + MINUTE))
    return acts


def test_five_windows_press_next_at_once_and_call_the_first_five(place: HallHouse) -> None:
    items = [place.join("card", at=NOW + n * timedelta(seconds=1)) for n in range(8)]
    results = together(*more_windows(place))
    called = [result.item.pk for result in results]
    assert len(set(called)) == 5, results
    assert set(called) == {item.pk for item in items[:5]}  # nobody further back was called instead


def test_more_windows_than_people_and_nobody_is_called_twice(place: HallHouse) -> None:
    items = [place.join("card"), place.join("pension")]
    results = together(*more_windows(place))
    called = [result.item.pk for result in results if result is not None]
    assert sorted(called) == sorted(item.pk for item in items), results


def test_the_same_press_of_next_on_two_connections_calls_one(place: HallHouse) -> None:
    for _ in range(3):
        place.join("card")
    clerk = place.sit("clerk", 1)
    results = together(*[lambda: services.call_next(actor=clerk, at=NOW, press_key="one")] * 4)
    assert len({result.item.pk for result in results}) == 1, results
    assert VisitItem.objects.filter(state="called").count() == 1


def test_twenty_kiosks_give_twenty_consecutive_numbers(place: HallHouse) -> None:
    results = together(*[lambda: place.join("card").visit.ticket] * 20)
    assert sorted(map(str, results)) == [f"A{n:03d}" for n in range(1, 21)]
    seqs = list(HallEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 21))


def test_one_press_that_arrives_four_times_gives_one_number(place: HallHouse) -> None:
    results = together(*[lambda: place.join("card", press_key="same").visit.ticket] * 4)
    assert set(results) == {"A001"}, results
    assert (Visit.objects.count(), TicketCounter.objects.get().last) == (1, 1)


def test_numbers_around_midnight_belong_to_their_own_date(place: HallHouse) -> None:
    midnight = datetime(2026, 9, 18, 16, 0, tzinfo=UTC)  # at the hall
    moments = [midnight - timedelta(seconds=1), midnight] * 6
    together(*[lambda at=at: place.join("card", at=at) for at in moments])
    for day in ("2026-09-18", "2026-09-19"):
        numbers = Visit.objects.filter(day=day).order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4, 5, 6]


def test_called_and_leaving_at_one_instant_ends_in_one_of_both(place: HallHouse) -> None:
    item = place.join("card")
    clerk = place.sit("clerk", 1)
    together(
        lambda: services.call_next(actor=clerk, at=NOW),
        lambda: services.leave(actor=SYSTEM, item_id=item.pk, at=NOW, by_place=True),
    )
    item.refresh_from_db()
    assert item.state in {"called", "left"}
    kinds = list(item.segments.order_by("seq").values_list("kind", flat=True))
    assert kinds[-1] == item.state


def test_two_people_sit_down_at_one_window_and_one_gets_a_sentence(place: HallHouse) -> None:
    window = place.windows[1].pk
    results = together(
        *[
            lambda actor=actor: services.sign_on(actor=actor, window_id=window, at=NOW)
            for actor in map(place.actor, ("clerk", "clerk2", "secretary"))
        ]
    )
    assert sum(isinstance(result, WindowSession) for result in results) == 1, results
    assert sum(isinstance(result, WrongState) for result in results) == 2, results


def test_listeners_hear_of_a_call_when_it_is_committed(place: HallHouse) -> None:
    place.join("card")
    clerk = place.sit("clerk", 1)
    settings = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    with psycopg.connect(**{k: settings[k] for k in names if settings.get(k)}, autocommit=True) as listener:
        listener.execute("LISTEN liangdian_hall")
        services.call_next(actor=clerk, at=NOW)
        heard = next(listener.notifies(timeout=10, stop_after=1))
    assert json.loads(heard.payload) == [place.hall.pk, HallEvent.objects.get(kind="called").seq]
