"""The hours promised at a window, the pattern of a week, and the roster of a month made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import absence, policy, selectors
from liangdian.desks.duty.models import HoursPlan, Leave, Shift, ShiftPattern
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import LONGEST_SHIFT, clash, days_of, overlaps, span_of
from liangdian.desks.duty.services.people import colleague, window_of
from liangdian.desks.duty.wording import SAME_MOMENT
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Stale
from liangdian.platform.audit import services as audit
from liangdian.platform.database.facts import only_one
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import MAKE_UP_WEEKDAY, Interval, check_intervals, weekday_of
from liangdian.registers.organisation import selectors as organisation

ANY_WEEK = date(2026, 6, 1)  # a Monday; to lay the lines of a pattern beside each other


@transaction.atomic
def promise_hours(
    *, actor: Actor, window_id: int, week: Mapping[int, list[Interval]], valid_from: date, at: datetime
) -> HoursPlan:
    """Promise the public that this window is open in the hours of ``week`` from ``valid_from`` on.

    What was promised before stays promised for the days before. Raises NotFound, NotAllowed, Invalid for
    hours that overlap or a day that is over.
    """
    window = selectors.window_for(actor, window_id)
    policy.require(actor, Act.PROMISE, window.unit.path)
    if valid_from < business_date(at) and not actor.is_system:
        raise Invalid(
            _("What was promised for days that are over stays. Choose today or a later day."),
            field="valid_from",
        )
    checked = {day: check_intervals(intervals) for day, intervals in week.items() if 0 <= day <= 7}
    plan = HoursPlan.objects.create(
        window=window, valid_from=valid_from, made_by_id=actor.user_id, made_at=at,
        week={
            str(day): [[f"{i.opens:%H:%M}", f"{i.closes:%H:%M}"] for i in intervals]
            for day, intervals in sorted(checked.items())
        },
    )  # fmt: skip
    audit.record(actor, "hours_promised", "organisation.window", window.pk, f"{valid_from}", at)
    return plan


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a pattern as it is typed. ``stand_in_id``: the other half of the pair, or None."""

    weekday: int
    starts: time
    ends: time
    user_id: int
    since: date
    window_id: int | None = None
    stand_in_id: int | None = None


@transaction.atomic
def add_pattern(*, actor: Actor, unit_id: int, line: Line, at: datetime) -> ShiftPattern:
    """Put a person on duty on every such weekday from ``line.since`` on.

    Raises Invalid when the person has another line at the same hours of the week, when he stands in for
    himself, or when the shift is longer than 16 hours.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.PLAN, unit.path)
    if not 0 <= line.weekday <= MAKE_UP_WEEKDAY:
        raise Invalid(_("Please choose a day from the list."), field="weekday")
    begins, ends = span_of(ANY_WEEK, line.starts, line.ends)
    if line.starts == line.ends or ends - begins > LONGEST_SHIFT:
        raise Invalid(_("A shift lasts at most 16 hours. Please correct the times."), field="ends")
    user, stand_in = colleague(line.user_id, line.stand_in_id)
    window = window_of(unit, line.window_id)
    with only_one(f"duty:{user.pk}"):
        others = ShiftPattern.objects.filter(user=user, until__isnull=True)
        if clash([*(_in_a_week(row) for row in others.filter(weekday=line.weekday)), (begins, ends)]):
            raise Invalid(
                _("%(name)s is already on duty at these hours. End that line first.") % {"name": user.name},
                field="user",
            )
        row = ShiftPattern.objects.create(
            unit=unit, window=window, weekday=line.weekday, starts=line.starts, ends=line.ends, user=user,
            stand_in=stand_in, since=line.since, made_by_id=actor.user_id, made_at=at,
        )  # fmt: skip
    audit.record(actor, "pattern_added", "duty.pattern", row.pk, user.name, at)
    return row


def _in_a_week(row: ShiftPattern) -> tuple[datetime, datetime]:
    return span_of(ANY_WEEK, row.starts, row.ends)


@transaction.atomic
def end_pattern(*, actor: Actor, pattern_id: int, on: date, at: datetime) -> ShiftPattern:
    """From the day ``on`` the line no longer makes shifts. Shifts already on the roster stay."""
    selectors.pattern_for(actor, pattern_id)
    row = ShiftPattern.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pattern_id)
    policy.require(actor, Act.PLAN, row.unit.path)
    if row.until is None or row.until > on:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
        audit.record(actor, "pattern_ended", "duty.pattern", row.pk, "", at)
    return row


@dataclass(frozen=True, slots=True)
class Planned:
    """What making a roster did: how many shifts are new, and which could not be made."""

    made: int
    clashes: list[Shift]


@transaction.atomic
def plan_month(*, actor: Actor, unit_id: int, month: date, at: datetime) -> Planned:
    """Make the shifts of ``month`` from the pattern; what is there already stays as it is.

    Days that are over are left alone. Holidays make no shifts, make-up working days those of their own
    line. A shift at hours at which the person is on duty elsewhere is not made and named in the answer.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.PLAN, unit.path)
    first = business_date(at)
    days = [day for day in days_of(month) if day >= first or actor.is_system]
    if not days:
        raise Invalid(_("This month is over. Its roster stays as it was."), field="month")
    with only_one("duty:roster"):
        wanted = _wanted(unit.pk, days, actor, at)
        taken: dict[int, list[tuple[datetime, datetime]]] = {}
        rows = Shift.objects.standing().filter(day__range=(days[0], days[-1]))
        for shift in rows.filter(user_id__in={row.user_id for row in wanted}):
            taken.setdefault(shift.user_id, []).append(shift.span)
        made: list[Shift] = []
        clashes: list[Shift] = []
        for shift in wanted:
            spans = taken.setdefault(shift.user_id, [])
            (clashes if overlaps(shift.span, spans) else made).append(shift)
            spans.append(shift.span)
        try:
            with transaction.atomic():
                Shift.objects.bulk_create(made)
        except IntegrityError as error:
            raise Stale(SAME_MOMENT) from error
    audit.record(actor, "roster_planned", "organisation.unit", unit.pk, f"{month:%Y-%m}", at)
    return Planned(len(made), clashes)


def _wanted(unit_id: int, days: list[date], actor: Actor, at: datetime) -> list[Shift]:
    """The shifts that the pattern asks for and that were never made, not yet saved."""
    calendar_days = calendar.calendar_days()
    known = set(Shift.objects.filter(unit_id=unit_id, day__in=days).values_list("pattern_id", "day"))
    lines = ShiftPattern.objects.filter(unit_id=unit_id, user__is_active=True).select_related("user")
    away = _away(days, {row.user_id for row in lines})
    wanted = []
    for day in days:
        weekday = weekday_of(day, calendar_days)
        for row in lines:
            held = row.since <= day and (row.until is None or day < row.until)
            if row.weekday != weekday or not held or (row.pk, day) in known:
                continue
            begins, ends = span_of(day, row.starts, row.ends)
            leave = away.get(row.user_id, {}).get(day)
            wanted.append(
                Shift(
                    unit_id=unit_id, window_id=row.window_id, user=leave.stand_in if leave else row.user,
                    stand_in_id=None if leave else row.stand_in_id,
                    day=day, begins_at=begins, ends_at=ends, pattern=row, made_by_id=actor.user_id,
                    made_at=at,
                )
            )  # fmt: skip
    return wanted


def _away(days: list[date], user_ids: set[int]) -> dict[int, dict[date, Leave]]:
    """The approved leave of each person on each of ``days``; their stand-ins take the shifts."""
    found: dict[int, dict[date, Leave]] = {}
    for leave in absence.on_leave(days[0], days[-1], user_ids=user_ids):
        held = {day: leave for day in days if leave.first_day <= day <= leave.last_day}
        found.setdefault(leave.user_id, {}).update(held)
    return found
