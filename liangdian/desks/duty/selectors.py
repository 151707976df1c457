"""Reads about duty: the door for every other room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from liangdian.desks.duty import policy
from liangdian.desks.duty.models import HoursPlan, Shift, ShiftPattern
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import Span, days_of, minutes, span_of, without
from liangdian.desks.duty.wording import NO_SUCH_SHIFT
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import Interval, TableDays, weekday_of
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit, Window
from liangdian.registers.organisation.wording import NO_SUCH_WINDOW

Week = dict[int, list[Interval]]


@dataclass(frozen=True)
class Promised:
    """The hours that were promised at each window: every plan in order, and the centre's where none holds."""

    plans: dict[int, list[HoursPlan]]
    centre: Week
    days: TableDays

    def week_on(self, window_id: int, day: date) -> Week:
        """The week that holds on ``day``."""
        held = [plan for plan in self.plans.get(window_id, []) if plan.valid_from <= day]
        return week_of(held[-1]) if held else self.centre

    def spans(self, window_id: int, day: date) -> list[Span]:
        """When the window is open on ``day``; nothing on a holiday."""
        weekday = weekday_of(day, self.days)
        intervals = self.week_on(window_id, day).get(weekday, []) if weekday is not None else []
        return [span_of(day, i.opens, i.closes) for i in intervals]


def week_of(plan: HoursPlan) -> Week:
    """The intervals of a plan by weekday."""
    return {
        int(weekday): [Interval(time.fromisoformat(a), time.fromisoformat(b)) for a, b in intervals]
        for weekday, intervals in plan.week.items()
    }


def promised_hours(window_ids: Iterable[int]) -> Promised:
    """What was and is promised at these windows. Three queries."""
    plans: dict[int, list[HoursPlan]] = {}
    for plan in HoursPlan.objects.filter(window_id__in=list(window_ids)).order_by("valid_from", "pk"):
        plans.setdefault(plan.window_id, []).append(plan)
    return Promised(plans, calendar.service_hours(), calendar.calendar_days())


def unit_for(actor: Actor, unit_id: int | None) -> Unit:
    """The unit whose duty is shown: the one asked for, else the actor's own. Hidden equals missing."""
    unit = organisation.unit_by_id(unit_id or actor.unit_id or 0)
    policy.require(actor, Act.SEE, unit.path)
    return unit


def window_for(actor: Actor, window_id: int) -> Window:
    """The window with its unit, when the actor may see the duty there. Raises NotFound."""
    window = organisation.window_by_id(window_id)
    if not policy.may(actor, Act.SEE, window.unit.path):
        raise NotFound(NO_SUCH_WINDOW)
    return window


def unit_to_sign_at(unit_id: int) -> Unit:
    """The unit whose screen was scanned; whether somebody may sign there is decided when he does."""
    return organisation.unit_by_id(unit_id)


def windows_in(unit: Unit) -> list[Window]:
    """The windows of this unit in use, by number."""
    return organisation.windows_of(unit)


def units_for(actor: Actor) -> list[Unit]:
    """The units whose duty the actor may see, in the order of the tree."""
    paths = ("/",) if actor.is_system else actor.paths(*policy.MATRIX[Act.SEE])
    return [unit for unit in organisation.all_units() if unit.path.startswith(tuple(paths))]


def patterns_of(unit: Unit, *, day: date) -> list[ShiftPattern]:
    """The lines of the weekly pattern that are not over on ``day``, with people and windows."""
    rows = ShiftPattern.objects.filter(unit=unit).select_related("user", "stand_in", "window")
    return [row for row in rows if row.until is None or row.until > day]


def pattern_for(actor: Actor, pattern_id: int) -> ShiftPattern:
    """One line of a pattern, or NotFound."""
    row = ShiftPattern.objects.select_related("unit", "user", "window").filter(pk=pattern_id).first()
    if row is None or not policy.may(actor, Act.SEE, row.unit.path):
        raise NotFound(NO_SUCH_SHIFT)
    return row


def shift_for(actor: Actor, shift_id: int) -> Shift:
    """One shift with everybody named in it, or NotFound."""
    row = _with_people(Shift.objects.filter(pk=shift_id)).first()
    if row is None or not policy.may(actor, Act.SEE, row.unit.path):
        raise NotFound(NO_SUCH_SHIFT)
    return row


def _with_people(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    return rows.select_related("unit", "window", "user", "stand_in", "cancelled_by", "replaces__user")


@dataclass(frozen=True, slots=True)
class Place:
    """One window (None: the hall itself) on one day: who is there, and what nobody covers."""

    window: Window | None
    shifts: list[Shift]
    gaps: list[Span]


@dataclass(frozen=True, slots=True)
class RosterDay:
    """One day of the roster. ``weekday``: 0-6, 7 on a make-up day, None on a holiday."""

    day: date
    weekday: int | None
    places: list[Place]

    @property
    def missing(self) -> int:
        """Minutes that are promised and have nobody's name."""
        return sum(minutes(place.gaps) for place in self.places)


@dataclass(frozen=True, slots=True)
class Roster:
    """A month of one unit, day by day."""

    unit: Unit
    month: date
    windows: list[Window]
    days: list[RosterDay]

    @property
    def has_hall(self) -> bool:
        """True when somebody is on duty in the hall itself, at no window."""
        return any(place.window is None for day in self.days for place in day.places)

    @property
    def empty(self) -> bool:
        return not any(place.shifts for day in self.days for place in day.places)


def roster(unit: Unit, month: date) -> Roster:
    """Who is on duty in ``month``, with what is promised and covered by nobody. Six queries at most."""
    windows = organisation.windows_of(unit)
    found: dict[tuple[date, int | None], list[Shift]] = {}
    rows = Shift.objects.standing().filter(unit=unit, day__in=list(days_of(month)))
    for shift in rows.select_related("user", "stand_in", "replaces__user", "pattern__user"):
        found.setdefault((shift.day, shift.window_id), []).append(shift)
    promised = promised_hours(window.pk for window in windows)
    places: list[Window | None] = [*windows]
    if any(window_id is None for _day, window_id in found):
        places.append(None)
    return Roster(
        unit, month.replace(day=1), windows,
        [
            RosterDay(day, weekday_of(day, promised.days), [_place(p, day, found, promised) for p in places])
            for day in days_of(month)
        ],
    )  # fmt: skip


def _place(
    window: Window | None,
    day: date,
    found: dict[tuple[date, int | None], list[Shift]],
    promised: Promised,
) -> Place:
    shifts = found.get((day, window.pk if window else None), [])
    open_at = promised.spans(window.pk, day) if window else []
    return Place(window, shifts, without(open_at, (shift.span for shift in shifts)))


def shifts_of(user_id: int, *, first: date, last: date) -> list[Shift]:
    """A person's shifts from ``first`` to ``last``, both included, with window and unit."""
    rows = Shift.objects.standing().filter(user_id=user_id, day__gte=first, day__lte=last)
    return list(rows.select_related("window", "unit", "stand_in"))


def on_duty(unit: Unit, at: datetime) -> list[Shift]:
    """Who should be on duty in ``unit`` at ``at``, by window."""
    rows = Shift.objects.standing().filter(unit=unit, begins_at__lte=at, ends_at__gt=at)
    return list(rows.select_related("user", "window").order_by("window__number", "user__name"))


def on_duty_until(user_ids: Iterable[int], at: datetime) -> dict[int, datetime]:
    """Which of these people have a shift at ``at``, and when it ends. One query."""
    rows = Shift.objects.standing().filter(user_id__in=list(user_ids), begins_at__lte=at, ends_at__gt=at)
    return dict(rows.order_by("ends_at").values_list("user_id", "ends_at"))
