"""A simulated day: everybody has an end, the real hall is not touched, the same seed the same people."""

from __future__ import annotations

import json
import random
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangdian.desks.hall import selectors
from liangdian.desks.hall.models import Hall, VisitItem, WindowSession
from liangdian.desks.hall.simulation import Profile
from liangdian.desks.hall.simulation import commands as simulate_hall
from liangdian.desks.hall.states import State, WindowState
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.models import User
from liangdian.registers.calendar import services as calendar
from liangdian.registers.calendar.rules import Interval
from tests.desks.hall.conftest import HallHouse

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-30"
DAY_START = datetime(2026, 11, 30, tzinfo=HALL_ZONE)
OPENED = [(time(8, 30), time(12)), (time(14), time(17, 30))]


@pytest.fixture(autouse=True)
def hours(place: HallHouse) -> None:
    week = {day: [Interval(*one) for one in OPENED] for day in range(5)}
    calendar.set_hours(actor=SYSTEM, week=week, at=DAY_START)


def played(capsys: pytest.CaptureFixture[str], *given: str) -> dict:
    parser = ArgumentParser()
    simulate_hall.add_arguments(parser)
    assert simulate_hall.run(parser.parse_args([*given, "--json"])) == 0
    return json.loads(capsys.readouterr().out)


def exercise_hall(place: HallHouse) -> Hall:
    return Hall.objects.exclude(pk=place.hall.pk).get()


def test_everybody_who_came_has_an_end_and_every_window_is_signed_off(place: HallHouse, capsys) -> None:
    said = played(capsys, "--day", MONDAY, "--visitors", "60")
    items = VisitItem.objects.filter(hall=exercise_hall(place))
    assert 30 < said["visitors"] < 100 and items.count() == said["visitors"]
    ends = {State.SERVED, State.MISSED, State.LEFT}
    assert set(items.values_list("state", flat=True)) <= ends
    assert items.filter(state=State.SERVED).count() == said["served"] > 0
    assert items.filter(state=State.LEFT).count() == said["gave_up"]
    assert not WindowSession.objects.exclude(state=WindowState.CLOSED).exists()
    assert 0 < said["utilisation_percent"] <= 100
    assert said["milliseconds"]["call_next"]["presses"] >= said["served"]


def test_the_hall_itself_keeps_its_figures_and_its_queue(place: HallHouse, capsys) -> None:
    waiting = place.join("card")
    before = VisitItem.objects.filter(hall=place.hall).values().get()
    played(capsys, "--day", MONDAY, "--visitors", "20")
    assert VisitItem.objects.filter(hall=place.hall).values().get() == before
    assert waiting.state == State.WAITING
    unit = exercise_hall(place).unit
    assert not unit.active, "nobody is sent there"
    assert not any(
        user.has_usable_password() for user in User.objects.filter(username__startswith="exercise-")
    )


def test_fewer_windows_wait_longer_and_more_windows_than_the_hall_has_can_be_tried(
    place: HallHouse, capsys
) -> None:
    one = played(capsys, "--day", "2026-11-30", "--visitors", "60", "--windows", "3")
    many = played(capsys, "--day", "2026-12-01", "--visitors", "60", "--windows", "6")
    assert one["visitors"] == many["visitors"], "the same seed, the same people"
    assert many["windows"] == 6
    assert one["waiting_minutes"]["p90"] >= many["waiting_minutes"]["p90"]
    assert one["utilisation_percent"] > many["utilisation_percent"]


def test_the_next_working_day_that_was_not_played_is_taken(place: HallHouse, capsys) -> None:
    first, second = (played(capsys, "--visitors", "5")["day"] for _ in range(2))
    assert date.fromisoformat(first) < date.fromisoformat(second)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--day", "2026-11-29"], "closed"),
        (["--day", MONDAY, "--visitors", "0"], "visitors"),
        (["--day", MONDAY, "--windows", "0"], "windows"),
        (["--day", MONDAY, "--windows", "51"], "windows"),
        (["--day", MONDAY, "--speed", "-1"], "speed"),
        (["--unit", "NONE"], "no hall"),
    ],
)
def test_what_cannot_be_played_is_refused_with_a_sentence(place: HallHouse, capsys, given, why) -> None:
    with pytest.raises(Refused, match=why):
        played(capsys, *given)


def test_a_day_is_played_once(place: HallHouse, capsys) -> None:
    played(capsys, "--day", MONDAY, "--visitors", "5")
    with pytest.raises(Refused, match="played already"):
        played(capsys, "--day", MONDAY, "--visitors", "5")


def test_its_hall_is_brought_up_to_date_with_the_real_one(place: HallHouse, capsys) -> None:
    played(capsys, "--day", MONDAY, "--visitors", "5")
    Hall.objects.filter(pk=place.hall.pk).update(target_minutes=7)
    said = played(capsys, "--day", "2026-12-01", "--visitors", "5")
    assert said["within_target"]["minutes"] == 7
    assert len(selectors.groups_of(exercise_hall(place).pk)) == len(place.groups)


@given(count=st.integers(1, 400), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_people_come_in_order_and_only_while_it_is_open(count: int, seed: int) -> None:
    profile = Profile(hours={8: 6, 9: 34, 12: 9, 15: 10}, items={None: 1})
    came = list(profile.visitors(day_start=DAY_START, opened=OPENED, count=count, chance=random.Random(seed)))
    assert all(one.at <= other.at for one, other in pairwise(came))
    assert all(any(first <= one.at.time() < last for first, last in OPENED) for one in came)
    assert all(one.patience > timedelta(0) for one in came)


def test_as_many_come_as_were_asked_for_on_average() -> None:
    profile = Profile(hours={9: 1, 15: 1}, items={None: 1})
    days = [
        len(list(profile.visitors(day_start=DAY_START, opened=OPENED, count=100, chance=random.Random(seed))))
        for seed in range(60)
    ]
    assert 95 < sum(days) / len(days) < 105
