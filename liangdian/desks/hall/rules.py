"""The order of the queue and its explanation, the estimate, and where a person who returns stands.

Pure functions. Times are aware moments; durations are seconds unless a name says minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil, floor

from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall.states import NEXT, Rank, Reason, State
from liangdian.foundation.refused import Invalid, Refused

# Until there is experience, an item takes this long: 5 to 12 minutes.
UNKNOWN_PACE = (300.0, 480.0, 720.0)
# One class after the next in a moment without experience says little; ranges are told in these steps.
STEP_MINUTES = 5


class WrongState(Refused):
    """The person's business is not where this act needs it to be."""

    code = "wrong-state"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person in the queue. ``turn_at``: since when the place counts; for an appointment its time."""

    id: int
    rank: Rank
    turn_at: datetime


class Why(StrEnum):
    """Why this person is the next one."""

    FIRST = "first"  # nobody has waited longer, nobody is in a class before
    CLASS = "class"  # in a class before others who have waited longer
    TURN = "turn"  # after so many who were put before him it is his turn
    AGED = "aged"  # has waited longer than anybody should


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is next, why, and how many at this window were put before others since it last kept to arrival."""

    person: Waiting
    why: Why
    streak: int


def next_of(
    waiting: Iterable[Waiting], *, at: datetime, streak: int, ratio: int, cap: timedelta
) -> Choice | None:
    """Who is next at a window, and why; None when nobody waits.

    The class before the others goes first, inside a class the longest waiting. After ``ratio`` people in
    a row who were put before somebody (``streak`` counts them), and whenever somebody has waited ``cap``,
    the longest waiting is next. Only the green channel does not stop for the cap; nothing stops the ratio.
    So nobody starves, and nobody of a lower class who came later is ever called before a higher one.
    """
    people = list(waiting)
    if not people:
        return None
    oldest = min(people, key=lambda p: (p.turn_at, p.rank, p.id))
    best = min(people, key=lambda p: (rank_at(p, at), p.turn_at, p.id))
    if best.id == oldest.id:
        return Choice(best, Why.FIRST, 0)
    if streak >= ratio:
        return Choice(oldest, Why.TURN, 0)
    if at - oldest.turn_at >= cap and best.rank != Rank.URGENT:
        return Choice(oldest, Why.AGED, 0)
    return Choice(best, Why.CLASS, streak + 1)


def preferences(
    waiting: Iterable[Waiting], *, at: datetime, streak: int, ratio: int, cap: timedelta, limit: int
) -> list[Choice]:
    """Who is next, and who would be if a colleague took that person at this very moment, and so on."""
    left = {person.id: person for person in waiting}
    found: list[Choice] = []
    while left and len(found) < limit:
        choice = next_of(left.values(), at=at, streak=streak, ratio=ratio, cap=cap)
        assert choice is not None  # somebody is left
        found.append(choice)
        del left[choice.person.id]
    return found


def rank_at(person: Waiting, at: datetime) -> Rank:
    """The class at this moment: before its time an appointment waits like everybody else."""
    if person.rank == Rank.APPOINTMENT and person.turn_at > at:
        return Rank.WALK_IN
    return person.rank


def order_of(
    waiting: Iterable[Waiting], *, at: datetime, streak: int, ratio: int, cap: timedelta, limit: int = 50
) -> list[Choice]:
    """The first ``limit`` people in the order in which one window would call them."""
    left = {person.id: person for person in waiting}
    found: list[Choice] = []
    while left and len(found) < limit:
        choice = next_of(left.values(), at=at, streak=streak, ratio=ratio, cap=cap)
        assert choice is not None  # somebody is left
        found.append(choice)
        streak = choice.streak
        del left[choice.person.id]
    return found


def rank_for(*, reason: str, booked: bool, quick: bool) -> Rank:
    """The class that follows from the reason, an appointment that is kept, and the item."""
    if reason == Reason.URGENT:
        return Rank.URGENT
    if reason:
        return Rank.PRIORITY
    if booked:
        return Rank.APPOINTMENT
    return Rank.QUICK if quick else Rank.WALK_IN


def check_reason(*, reason: str, text: str) -> None:
    """Raises Invalid for an unknown reason, and for the green channel without a word why."""
    if reason and reason not in Reason.values:
        raise Invalid(_("Choose the reason from the list."), field="reason")
    if reason == Reason.URGENT and not text:
        raise Invalid(_("Write down why it is urgent."), field="reason_text")


def turn_of_appointment(*, booked_for: datetime, at: datetime, grace: timedelta) -> tuple[datetime, bool]:
    """Since when the place of a checked-in appointment counts, and whether it is still kept.

    In time, or late by no more than ``grace``: the booked time. Later: as for everybody, from now.
    """
    if at <= booked_for + grace:
        return booked_for, True
    return at, False


def turn_after(turns: Sequence[datetime], *, behind: int, at: datetime) -> datetime:
    """The place of somebody who returns: behind the first ``behind`` of those who wait now.

    ``turns`` are theirs, in any order. With fewer he stands at the end, which is soon.
    """
    first = sorted(turns)[:behind]
    if not first:
        return at
    return min(at, first[-1] + timedelta(microseconds=1))


def check_return(*, state: str, since: datetime, at: datetime, minutes: int, alone: bool) -> None:
    """Raises WrongState when somebody who missed his call wants back by himself after ``minutes``."""
    if alone and state == State.MISSED and at - since > timedelta(minutes=minutes):
        raise WrongState(
            _("Your number was called more than %(n)s minutes ago. Please speak to the staff.")
            % {"n": minutes}
        )


def check_move(old: str, new: State) -> None:
    """Raises WrongState unless the table of moves allows it."""
    if new not in NEXT[State(old)]:
        raise wrong_state(old)


def wrong_state(state: str) -> WrongState:
    """The refusal of an act that does not fit where the person's business is."""
    return WrongState(
        _("This cannot be done now: the person is “%(state)s”. Load the page again to see what is open.")
        % {"state": State(state).label}
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """People ahead and the range of the waiting time in minutes, in steps of five."""

    ahead: int
    low: int
    high: int


def estimate(
    *, ahead: int, surely_ahead: int, windows: int, pace: tuple[float, float, float], until_turn: float = 0
) -> Estimate | None:
    """The range that is promised on the slip; None when no window that serves it is open.

    ``pace`` are the 25th, 50th and 75th percentile of recent service times in seconds, ``windows`` the
    open windows that serve the item, ``surely_ahead`` those ahead in the same item's queue, ``ahead`` all
    whom these windows may call before. ``until_turn``: seconds to a booked time, before which nobody is
    called with certainty.
    """
    if windows < 1:
        return None
    quick, usual, slow = pace
    # One service at every window is half over; of many services in a row not all are slow.
    low = surely_ahead * (quick + usual) / 2 / windows
    high = max(ahead * (usual + slow) / 2 / windows + slow / windows, until_turn + slow)
    return Estimate(ahead, _down(low), max(_up(high), _down(low) + STEP_MINUTES))


def _down(seconds: float) -> int:
    return floor(seconds / 60 / STEP_MINUTES) * STEP_MINUTES


def _up(seconds: float) -> int:
    return ceil(seconds / 60 / STEP_MINUTES) * STEP_MINUTES


def estimate_error(*, low: int, high: int, waited: float) -> float:
    """Minutes by which the waiting (seconds) lay outside the promised range; 0 inside, negative below."""
    minutes = waited / 60
    if minutes > high:
        return minutes - high
    return min(0.0, minutes - low)


def check_prefix(prefix: str) -> None:
    """Raises Invalid unless it is one or two capital letters: what is read well and called aloud well."""
    if not (1 <= len(prefix) <= 2 and prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise Invalid(_("The letter of a queue is one or two capital letters, such as A."), field="letter")


# Numbers 501 to 1000 of a letter are kept for kiosks that are cut off, so that a day begins with 001.
KEPT_FROM, KEPT_TO = 501, 1000


def number_of(count: int) -> int:
    """The number of the ``count``-th person of a letter on a day: 1 to 500, then from 1001 on."""
    return count if count < KEPT_FROM else count + KEPT_TO - KEPT_FROM + 1


def ticket(prefix: str, number: int) -> str:
    """The number as printed and called: ``A023``."""
    return f"{prefix}{number:03d}"


def is_unattended(
    *, paused: bool, serving: bool, last_act_at: datetime, at: datetime, limit: timedelta
) -> bool:
    """True when nobody has done anything at an open window for ``limit``; serving somebody is doing."""
    return not paused and not serving and at - last_act_at >= limit


def check_finish(
    *, registered: bool, no_case_reason: str, at_once: bool, done: bool, reason: str, until: date | None,
    today: date,
) -> None:  # fmt: skip
    """Raises Invalid when an item may not end as served: unregistered without a reason, or an at-once
    item (即办件) whose matter is not answered, without a reason and a day from today on.
    """
    if not registered:
        if not no_case_reason:
            raise Invalid(
                _("Register the matter first, or write why there is nothing to register."),
                field="no_case_reason",
            )
        return
    if not at_once or done:
        return
    if not reason:
        raise Invalid(
            _("This item is promised at once. Answer the matter, or write why it cannot be finished now."),
            field="not_done_reason",
        )
    if until is None or until < today:
        raise Invalid(_("Promise the resident a day, today or later."), field="not_done_until")


def check_queueing(*, ratio: int, cap: int, minutes: Sequence[int], behind: int) -> None:
    """Raises Invalid for a ratio outside 1 to 20, a cap below 5 minutes, or times outside 1 to 480."""
    if not 1 <= ratio <= 20:
        raise Invalid(_("Between 1 and 20 people may be put before others in a row."), field="ratio")
    if not 5 <= cap <= 480:
        raise Invalid(_("Choose between 5 and 480 minutes."), field="cap_minutes")
    if not all(1 <= each <= 480 for each in minutes):
        raise Invalid(_("Choose between 1 and 480 minutes."))
    if not 0 <= behind <= 50:
        raise Invalid(_("Choose between 0 and 50 people."), field="return_behind")
