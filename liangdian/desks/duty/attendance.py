"""Reads about who came and went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q

from liangdian.desks.duty import policy
from liangdian.desks.duty.models import Correction, Mark, RollCall, ScreenLink, Shift
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import LONGEST_STRETCH, Said, Stretch, stretches
from liangdian.desks.duty.states import MarkKind, Presence
from liangdian.desks.duty.wording import NO_SUCH_CORRECTION
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day, start_of_day
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation.selectors import Unit


def stretches_between(
    first: datetime, last: datetime, *, unit_id: int | None = None, user_ids: Iterable[int] | None = None
) -> dict[int, list[Stretch]]:
    """What everybody's marks say, by person, for stretches that began from ``first`` to ``last``. One query.

    What was said up to 18 hours later still ends them.
    """
    rows = Mark.objects.counted().filter(at__gte=first, at__lte=last + LONGEST_STRETCH)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if user_ids is not None:
        rows = rows.filter(user_id__in=list(user_ids))
    said: dict[int, list[Said]] = {}
    for user_id, kind, at, window_id in rows.values_list("user_id", "kind", "at", "window_id"):
        said.setdefault(user_id, []).append(Said(at, kind == MarkKind.IN, window_id))
    return {
        user_id: [stretch for stretch in stretches(marks) if stretch.begin <= last]
        for user_id, marks in said.items()
    }


def present(unit: Unit, at: datetime) -> dict[int, Stretch]:
    """Who is signed in here at ``at``, by person. One query."""
    found = stretches_between(at - LONGEST_STRETCH, at, unit_id=unit.pk)
    here = {user_id: rows[-1] for user_id, rows in found.items() if rows}
    return {
        user_id: stretch
        for user_id, stretch in here.items()
        if stretch.up_to(at) is not None and (stretch.end is None or stretch.end > at)
    }


def open_stretch(user_id: int, at: datetime) -> Stretch | None:
    """Where this person is signed in at ``at``, None when nowhere. One query."""
    found = stretches_between(at - LONGEST_STRETCH, at, user_ids=[user_id]).get(user_id, [])
    return found[-1] if found and found[-1].end is None and found[-1].begin <= at else None


@dataclass(frozen=True, slots=True)
class Line:
    """One shift of today and how its person stands to it at the moment."""

    shift: Shift
    stretch: Stretch | None
    state: str  # present, missing, coming, over

    @property
    def presence(self) -> Presence:
        return Presence.PRESENT if self.stretch is not None else Presence.MISSING


def today(unit: Unit, day: date, at: datetime) -> list[Line]:
    """The shifts of ``day`` with who is there, missing, still to come or done. Three queries."""
    rows = Shift.objects.standing().filter(unit=unit, day=day).select_related("user", "window", "stand_in")
    here = present(unit, at)
    return [Line(shift, here.get(shift.user_id), _state(shift, here, at)) for shift in rows]


def _state(shift: Shift, here: dict[int, Stretch], at: datetime) -> str:
    if shift.ends_at <= at:
        return "over"
    if shift.user_id in here:
        return "present"
    return "missing" if shift.begins_at <= at else "coming"


def missing(unit: Unit, day: date, at: datetime) -> list[Line]:
    """Who should be on duty at ``at`` and is not signed in."""
    return [line for line in today(unit, day, at) if line.state == "missing"]


def marks_of(user_id: int, *, first: date, last: date) -> list[Mark]:
    """A person's marks of these days, newest first, each with ``withdrawn``: a correction took it out."""
    rows = Mark.objects.filter(user_id=user_id, at__gte=start_of_day(first), at__lte=end_of_day(last))
    found = list(rows.select_related("window", "unit", "correction__decided_by").order_by("-at", "-pk"))
    out = set(Correction.objects.filter(mark__in=found, approved=True).values_list("mark_id", flat=True))
    for row in found:
        row.withdrawn = row.pk in out  # type: ignore[attr-defined]
    return found


def corrections_for(actor: Actor, unit: Unit, *, limit: int = 60) -> list[Correction]:
    """Corrections of this unit, undecided first: all for those who decide, one's own for everybody else."""
    rows = Correction.objects.filter(unit=unit)
    if not policy.may(actor, Act.DECIDE, unit.path):
        rows = rows.filter(Q(user_id=actor.user_id) | Q(asked_by_id=actor.user_id))
    people = rows.select_related("user", "asked_by", "decided_by", "window", "mark")
    return list(people.order_by("approved", "-pk")[:limit]) if limit else []


def correction_for(actor: Actor, correction_id: int) -> Correction:
    """One correction, for whom it concerns and for those who decide. Raises NotFound."""
    row = Correction.objects.select_related("unit", "user", "mark").filter(pk=correction_id).first()
    concerned = row is not None and actor.user_id in (row.user_id, row.asked_by_id)
    if row is None or not (concerned or policy.may(actor, Act.DECIDE, row.unit.path)):
        raise NotFound(NO_SUCH_CORRECTION)
    return row


@dataclass(frozen=True, slots=True)
class Called:
    """A roll call as it is read: names by presence."""

    row: RollCall
    present: list[str]
    missing: list[str]


def roll_calls(unit: Unit, day: date) -> list[Called]:
    """The roll calls of one day, newest first. Two queries."""
    rows = RollCall.objects.filter(unit=unit, at__gte=start_of_day(day), at__lte=end_of_day(day))
    found = list(rows.select_related("called_by"))
    names = accounts.users_by_ids(line["user"] for row in found for line in row.lines)

    def named(row: RollCall, presence: Presence) -> list[str]:
        return [names.get(line["user"], "") for line in row.lines if line["presence"] == presence]

    return [Called(row, named(row, Presence.PRESENT), named(row, Presence.MISSING)) for row in found]


def screen_unit(token: str) -> Unit:
    """The unit whose screen shows the page with this link. Raises NotFound, also for a revoked one."""
    row = ScreenLink.objects.select_related("unit").filter(digest=digest(token), revoked_at=None).first()
    if row is None:
        raise NotFound(NO_SUCH_CORRECTION)
    return row.unit


def screens_of(unit: Unit) -> list[ScreenLink]:
    """The links of this unit's screens that are in use."""
    return list(ScreenLink.objects.filter(unit=unit, revoked_at=None).select_related("made_by"))


def first_days() -> dict[int, date]:
    """Since when people sign in, by unit. One query."""
    rows = Mark.objects.order_by().values_list("unit_id").annotate(first=Min("at"))
    return {unit_id: business_date(first) for unit_id, first in rows}
