"""Pure rules of livelihood help."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.desks.assistance import rules
from liangdian.desks.assistance.rules import Place, Wish
from liangdian.desks.assistance.states import NEXT, HelpState

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(0, 36))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = rules.months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and later.day >= 28)


@given(DAYS)
def test_check_ups_follow_in_order(day: date) -> None:
    days = list(rules.check_days(day).values())
    assert days == sorted(days)
    assert days[0] > day


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_range_tells_no_more_than_its_steps(one: int, other: int) -> None:
    same = sum(step <= one for step in rules.STEPS) == sum(step <= other for step in rules.STEPS)
    assert (rules.income_range(one) == rules.income_range(other)) is same


def test_a_median_of_fewer_than_three_would_tell_whose_income_it_is() -> None:
    assert rules.median_change([800, 900]) is None
    assert rules.median_change([100, 800, 900]) == 800


@given(st.integers(0, 5_000), st.integers(1, 84), st.integers(0, 5_000), st.integers(1, 84))
def test_a_place_that_pays_more_or_takes_fewer_hours_never_fits_worse(
    pay: int, hours: int, least: int, most: int
) -> None:
    wish = Wish(frozenset({"work"}), 1, least, most)
    one, better = Place("work", 1, pay, hours), Place("work", 1, pay + 100, max(1, hours - 1))
    first, second = rules.fit_of(wish, one), rules.fit_of(wish, better)
    assert first is not None
    assert second is not None
    assert second.rank <= first.rank


def test_only_the_kind_that_was_asked_for_is_listed() -> None:
    assert rules.fit_of(Wish(frozenset({"trade"}), 1), Place("work", 1, 800, 30)) is None


@pytest.mark.parametrize("target", HelpState)
@pytest.mark.parametrize("state", HelpState)
def test_every_pair_of_states_is_decided(state: HelpState, target: HelpState) -> None:
    if target in NEXT[state]:
        rules.check_move(state, target)
    else:
        with pytest.raises(rules.WrongState):
            rules.check_move(state, target)
