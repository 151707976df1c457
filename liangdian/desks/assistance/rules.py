"""Pure rules: the moves, the days of the check-ups, ranges of income, why an offer fits."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.desks.assistance.states import MONTHS, NEXT, HelpState
from liangdian.foundation.refused import Invalid, Refused

# Yuan a month; who does not accompany the household reads only between which two its income lies.
STEPS = (500, 1_000, 2_000, 3_000, 5_000, 8_000)
MOST_INCOME = 1_000_000
# Below this number a median would tell somebody's income.
LEAST_FOR_MEDIAN = 3


class WrongState(Refused):
    """The help is in a state in which this cannot be done."""

    code = "wrong-state"


def check_move(state: str, target: HelpState) -> None:
    """Raises WrongState unless the table allows the move."""
    if target not in NEXT[HelpState(state)]:
        words = gettext_lazy("This help is at “%(state)s”, so this cannot be done now.")
        raise WrongState(words % {"state": HelpState(state).label})


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is shorter."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def check_days(start: date) -> dict[int, date]:
    """When it is asked whether somebody who began on ``start`` is still there, by months."""
    return {months: months_after(start, months) for months in MONTHS}


def check_income(amount: int | None, *, field: str) -> None:
    """Raises Invalid for an income (yuan a month) that cannot be."""
    if amount is not None and not 0 <= amount <= MOST_INCOME:
        raise Invalid(gettext_lazy("Please type the income of a month in whole yuan."), field=field)


def income_range(amount: int) -> str:
    """Between which two steps an income lies, in yuan a month."""
    if amount < STEPS[0]:
        return _("below ¥%(n)s") % {"n": STEPS[0]}
    if amount >= STEPS[-1]:
        return _("¥%(n)s or more") % {"n": STEPS[-1]}
    low = max(step for step in STEPS if step <= amount)
    return f"¥{low}–{min(step for step in STEPS if step > amount) - 1}"


def median_change(changes: Sequence[int]) -> int | None:
    """The median of changes of income; None when too few would tell whose they are."""
    return round(median(changes)) if len(changes) >= LEAST_FOR_MEDIAN else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the household looks for. ``kinds``: codes of needs; pay in yuan a month, hours a week."""

    kinds: frozenset[str]
    unit_id: int
    least_pay: int | None = None
    most_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What an offer gives."""

    kind: str
    unit_id: int
    pay: int
    hours: int
    requirements: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """Why an offer fits, and what speaks against it; a person decides."""

    reasons: list[str]
    against: list[str]

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.against), -len(self.reasons)


def fit_of(wish: Wish, place: Place) -> Fit | None:
    """Why ``place`` fits or not; None when it is not of a kind that was asked for."""
    if place.kind not in wish.kinds:
        return None
    reasons, against = [_("It is what the household looks for.")], []
    if place.unit_id == wish.unit_id:
        reasons.append(_("It is in the own community."))
    else:
        against.append(_("It is in another community: ask about the way."))
    if wish.least_pay is not None:
        enough = place.pay >= wish.least_pay
        words = _("It pays ¥%(pay)s; at least ¥%(least)s is wanted.")
        (reasons if enough else against).append(words % {"pay": place.pay, "least": wish.least_pay})
    if wish.most_hours is not None:
        fits = place.hours <= wish.most_hours
        words = _("It takes %(hours)s hours a week; at most %(most)s are possible.")
        (reasons if fits else against).append(words % {"hours": place.hours, "most": wish.most_hours})
    if place.requirements:
        against.append(_("Ask about: %(what)s") % {"what": place.requirements})
    return Fit(reasons, against)


def share(part: int, whole: int) -> int | None:
    """Percent, None when there is nothing to divide by."""
    return round(100 * part / whole) if whole else None
