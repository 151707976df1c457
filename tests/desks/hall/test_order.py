"""The order of the queue as a pure rule: nobody starves, and a class before the others stays before them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from liangdian.desks.hall import rules
from liangdian.desks.hall.rules import Waiting, Why
from liangdian.desks.hall.states import NEXT, Rank, State
from tests.casework.conftest import NOW

MINUTE = timedelta(minutes=1)
CAP = 40 * MINUTE
people = st.lists(
    st.tuples(st.sampled_from(list(Rank)), st.integers(0, 90)), min_size=1, max_size=25
).map(lambda rows: [Waiting(n, rank, NOW - ago * MINUTE) for n, (rank, ago) in enumerate(rows)])  # fmt: skip


def person(number: int, rank: Rank, minutes_ago: float) -> Waiting:
    return Waiting(number, rank, NOW - minutes_ago * MINUTE)


def following(*waiting: Waiting, streak: int = 0, ratio: int = 3, cap: timedelta = CAP) -> rules.Choice:
    choice = rules.next_of(waiting, at=NOW, streak=streak, ratio=ratio, cap=cap)
    assert choice is not None
    return choice


def test_nobody_waits_nobody_is_next():
    assert rules.next_of([], at=NOW, streak=0, ratio=3, cap=CAP) is None


def test_among_equals_the_longest_waiting_is_next():
    choice = following(person(1, Rank.WALK_IN, 5), person(2, Rank.WALK_IN, 9))
    assert (choice.person.id, choice.why, choice.streak) == (2, Why.FIRST, 0)


def test_an_old_person_goes_before_a_walk_in_and_it_is_said_why():
    choice = following(person(1, Rank.WALK_IN, 9), person(2, Rank.PRIORITY, 2))
    assert (choice.person.id, choice.why, choice.streak) == (2, Why.CLASS, 1)


def test_after_three_who_went_before_him_it_is_the_walk_ins_turn():
    choice = following(person(1, Rank.WALK_IN, 9), person(2, Rank.PRIORITY, 2), streak=3)
    assert (choice.person.id, choice.why, choice.streak) == (1, Why.TURN, 0)


def test_who_has_waited_too_long_is_next_unless_it_is_urgent():
    aged = person(1, Rank.WALK_IN, 41)
    assert following(aged, person(2, Rank.PRIORITY, 2)).why is Why.AGED
    assert following(aged, person(2, Rank.URGENT, 2)).person.id == 2


def test_an_appointment_counts_from_its_time_not_from_an_early_arrival():
    early = Waiting(2, Rank.APPOINTMENT, NOW + 20 * MINUTE)
    assert following(person(1, Rank.WALK_IN, 1), early).person.id == 1
    assert following(early).person.id == 2  # nobody else is here
    due = Waiting(2, Rank.APPOINTMENT, NOW)
    assert following(person(1, Rank.WALK_IN, 1), due).person.id == 2


@given(people, st.integers(0, 5), st.integers(1, 5))
def test_a_higher_class_is_never_passed_by_a_later_lower_one(waiting, streak, ratio):
    choice = rules.next_of(waiting, at=NOW, streak=streak, ratio=ratio, cap=CAP)
    for other in waiting:
        assert not (other.rank < choice.person.rank and other.turn_at < choice.person.turn_at)


@given(people, st.integers(1, 5))
def test_an_earlier_lower_one_passes_a_higher_one_at_most_once_in_a_ratio(waiting, ratio):
    cap = timedelta(days=1)  # the ageing cap apart
    order = rules.order_of(waiting, at=NOW, streak=0, ratio=ratio, cap=cap)
    turns = [n for n, choice in enumerate(order) if choice.why is Why.TURN]
    assert all(later - earlier > ratio for earlier, later in pairwise(turns))


@given(people, st.lists(st.sampled_from(list(Rank)), min_size=60, max_size=60), st.integers(1, 4))
def test_nobody_starves_even_when_somebody_of_a_higher_class_comes_before_every_call(waiting, coming, ratio):
    """Whoever has k people before him in time is called within (k + 1) × (ratio + 1) calls."""
    last = max(waiting, key=lambda p: (p.turn_at, p.rank, p.id))
    left, streak, calls = {p.id: p for p in waiting}, 0, 0
    bound = len(waiting) * (ratio + 1)
    for number, rank in enumerate(coming * 3):
        new = Waiting(1000 + number, min(rank, Rank.PRIORITY), NOW + (number + 1) * timedelta(seconds=1))
        left[new.id] = new
        choice = rules.next_of(left.values(), at=NOW, streak=streak, ratio=ratio, cap=CAP)
        streak, calls = choice.streak, calls + 1
        del left[choice.person.id]
        if choice.person.id == last.id:
            break
    assert last.id not in left
    assert calls <= bound


@given(people, st.integers(0, 4))
def test_preferences_say_who_is_next_when_a_colleague_takes_the_first(waiting, streak):
    given = {"at": NOW, "streak": streak, "ratio": 3, "cap": CAP}
    wanted = rules.preferences(waiting, **given, limit=4)
    for place, choice in enumerate(wanted):
        gone = {earlier.person.id for earlier in wanted[:place]}
        assert choice == rules.next_of([p for p in waiting if p.id not in gone], **given)


def test_the_database_and_the_code_know_the_same_moves():
    sql = __import__("liangdian.desks.hall.migrations.0002_guards", fromlist=["ITEM"]).ITEM
    for old in State:
        for new in State:
            if old != new:
                assert (f"'{old}>{new}'" in sql) == (new in NEXT[old]), (old, new)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 8))
def test_the_promised_range_is_a_range_in_steps_of_five_minutes(ahead, other, windows):
    found = rules.estimate(ahead=ahead + other, surely_ahead=ahead, windows=windows, pace=rules.UNKNOWN_PACE)
    assert found is not None
    assert 0 <= found.low < found.high
    assert found.low % 5 == found.high % 5 == 0
    more = rules.estimate(
        ahead=ahead + other, surely_ahead=ahead, windows=windows + 1, pace=rules.UNKNOWN_PACE
    )
    assert more is not None
    assert more.high <= found.high


def test_without_an_open_window_nothing_is_promised():
    assert rules.estimate(ahead=3, surely_ahead=3, windows=0, pace=rules.UNKNOWN_PACE) is None


def test_the_error_of_an_estimate_is_what_lies_outside_its_range():
    assert rules.estimate_error(low=10, high=20, waited=15 * 60) == 0
    assert rules.estimate_error(low=10, high=20, waited=26 * 60) == 6
    assert rules.estimate_error(low=10, high=20, waited=4 * 60) == -6


def test_who_returns_stands_behind_the_first_three():
    turns = [NOW - n * MINUTE for n in (9, 7, 5, 3)]
    assert NOW - 5 * MINUTE < rules.turn_after(turns, behind=3, at=NOW) < NOW - 3 * MINUTE
    assert rules.turn_after([], behind=3, at=NOW) == NOW
