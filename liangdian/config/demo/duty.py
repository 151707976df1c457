"""Two months of duty at West Street: hours, roster, who came and went, a leave, closures, one sheet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from liangdian.desks.duty import services
from liangdian.desks.duty.models import Mark, Shift
from liangdian.desks.duty.rules import month_before, next_month
from liangdian.desks.duty.services.closures import Announcement
from liangdian.desks.duty.services.corrections import Wanted
from liangdian.desks.duty.services.leaves import Request
from liangdian.desks.duty.services.planning import Line
from liangdian.desks.duty.services.sheets import Rule
from liangdian.desks.duty.states import MarkKind, Way
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import HALL_ZONE, business_date, start_of_day
from liangdian.foundation.workdays import next_working_day
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.rules import Interval
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit, Window

SEED = 20261125
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))
SATURDAY = (time(9), time(11, 30))
WORKING = (0, 1, 2, 3, 4, 7)
# window number, who stands there, who stands in
PAIRS = (
    (1, "lihui", "zhoumin"),
    (2, "zhoumin", "lihui"),
    (3, "chenlei", "majianguo"),
    (4, "majianguo", "chenlei"),
)
SOURCE = "示范数据：城关街道便民服务大厅值班办法（内部）"
DAY = timedelta(days=1)


@dataclass
class Hall:
    """The hall, its people, and the months that are played."""

    unit: Unit
    windows: dict[int, Window]
    actors: Mapping[str, Actor]
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    @property
    def today(self) -> date:
        return business_date(self.now)

    @property
    def first(self) -> date:
        """The first day that is played."""
        return month_before(self.today)

    def id(self, name: str) -> int:
        found = self.actors[name].user_id
        assert found is not None
        return found


def play_duty(actors: Mapping[str, Actor], unit_id: int, *, now: datetime) -> None:
    """Play the month before and the running one up to ``now``; the next one is planned."""
    unit = organisation.unit_by_id(unit_id)
    windows = {window.number: window for window in organisation.windows_of(unit)}
    hall = Hall(unit, windows, actors, now)
    _promise(hall)
    _plan(hall)
    forgotten = _come_and_go(hall)
    _correct(hall, forgotten)
    _call_rolls(hall)
    _close(hall)
    _sheet(hall)
    _leave(hall)


def _promise(hall: Hall) -> None:
    """Every window on working days, the first one on Saturday mornings too."""
    for number, window in hall.windows.items():
        week = {day: [Interval(*MORNING), Interval(*AFTERNOON)] for day in WORKING}
        if number == 1:
            week[5] = [Interval(*SATURDAY)]
        services.promise_hours(
            actor=SYSTEM, window_id=window.pk, week=week, valid_from=hall.first, at=start_of_day(hall.first)
        )


def _plan(hall: Hall) -> None:
    at = start_of_day(hall.first)
    for number, name, other in PAIRS:
        hours = [(day, *half) for day in WORKING for half in (MORNING, AFTERNOON)]
        for weekday, starts, ends in [*hours, *([(5, *SATURDAY)] if number == 1 else [])]:
            line = Line(
                weekday=weekday, starts=starts, ends=ends, user_id=hall.id(name), since=hall.first,
                window_id=hall.windows[number].pk, stand_in_id=hall.id(other),
            )  # fmt: skip
            services.add_pattern(actor=hall.actors["wangfang"], unit_id=hall.unit.pk, line=line, at=at)
    for month in (hall.first, hall.today, next_month(hall.today)):
        services.plan_month(actor=SYSTEM, unit_id=hall.unit.pk, month=month, at=at)


def _come_and_go(hall: Hall) -> list[Shift]:
    """What people said at every shift that has begun; the shifts whose end nobody said."""
    marks, forgotten = [], []
    shifts = Shift.objects.standing().filter(unit=hall.unit, begins_at__lte=hall.now)
    for shift in shifts.select_related("user").order_by("begins_at", "pk"):
        minutes = hall.chance.randint(4, 20) if hall.chance.random() < 0.05 else -hall.chance.randint(1, 9)
        marks.append(_mark(hall, shift, MarkKind.IN, shift.begins_at + timedelta(minutes=minutes)))
        if hall.chance.random() < 0.012 and shift.begins_at.astimezone(HALL_ZONE).hour >= 13:
            forgotten.append(shift)
            continue
        later = timedelta(minutes=hall.chance.randint(0, 9))
        marks.append(_mark(hall, shift, MarkKind.OUT, shift.ends_at + later))
    Mark.objects.bulk_create(mark for mark in marks if mark.at <= hall.now)
    return [shift for shift in forgotten if shift.ends_at < hall.now]


def _mark(hall: Hall, shift: Shift, kind: MarkKind, at: datetime) -> Mark:
    way = Way.CODE if hall.chance.random() < 0.6 else Way.ACCOUNT
    return Mark(
        user_id=shift.user_id, unit=hall.unit, window_id=shift.window_id, kind=kind, way=way, at=at,
        recorded_at=at,
    )  # fmt: skip


def _correct(hall: Hall, forgotten: list[Shift]) -> None:
    """Forgotten ends are put right; the last one still waits."""
    people = {actor.user_id: actor for actor in hall.actors.values()}
    for shift in forgotten:
        wanted = Wanted("忙着接待，忘了签退", None, MarkKind.OUT.value, shift.ends_at, shift.window_id)
        asked = min(shift.ends_at + timedelta(hours=1), hall.now)
        row = services.ask_correction(
            actor=people[shift.user_id], unit_id=hall.unit.pk, wanted=wanted, at=asked
        )
        if shift is not forgotten[-1] or shift.day < hall.today.replace(day=1):
            services.decide_correction(
                actor=hall.actors["wangfang"], correction_id=row.pk, approved=True,
                at=min(asked + timedelta(hours=1), hall.now), words="属实",
            )  # fmt: skip


def _call_rolls(hall: Hall) -> None:
    """The roll calls of the last two weeks."""
    shifts = Shift.objects.standing().filter(unit=hall.unit, day__gte=hall.today - 14 * DAY)
    for begun in sorted(set(shifts.values_list("begins_at", flat=True))):
        if begun + timedelta(minutes=10) <= hall.now:
            services.call_due_rolls(at=begun + timedelta(minutes=10))


def _working(day: date) -> date:
    return next_working_day(day, calendar.calendar_days())


def _close(hall: Hall) -> None:
    """One window was closed for an hour in the month before; the hall will be for a drill."""
    past = datetime.combine(_working(hall.first + 9 * DAY), time(10), HALL_ZONE)
    coming = datetime.combine(_working(hall.today + 2 * DAY), time(15, 30), HALL_ZONE)
    said = (
        (past, past, 1, hall.windows[4].pk, "社保系统升级，暂停受理", "社保系統升級，暫停受理",
         "The social security system is being updated"),
        (hall.now, coming, 1.5, None, "消防演练，大厅暂停服务", "消防演練，大廳暫停服務",
         "Fire drill: the hall is closed"),
    )  # fmt: skip
    for at, begins, hours, window_id, hans, hant, english in said:
        announcement = Announcement(begins, hans, hant, english, begins + timedelta(hours=hours), window_id)
        services.announce_closure(
            actor=hall.actors["wangfang"], unit_id=hall.unit.pk, announcement=announcement, at=at
        )


def _sheet(hall: Hall) -> None:
    """Two rules, and the sheet of the month before: made by the secretary, approved by the coordinator."""
    rules = (
        Rule("window-day", "窗口值班补助", "day", 1500, hall.first, f"{SOURCE}第三条", 240),
        Rule("rest-hour", "休息日值班补助", "rest_hour", 2000, hall.first, f"{SOURCE}第四条"),
    )
    for rule in rules:
        services.set_allowance(
            actor=hall.actors["sunlihua"], unit_id=hall.actors["sunlihua"].unit_id or 0, rule=rule,
            at=start_of_day(hall.first),
        )  # fmt: skip
    at = min(start_of_day(hall.today.replace(day=1)) + timedelta(hours=9), hall.now)
    row = services.make_sheet(actor=hall.actors["wangfang"], unit_id=hall.unit.pk, month=hall.first, at=at)
    services.decide_sheet(
        actor=hall.actors["liujun"], sheet_id=row.pk, approved=True, words="核对无误", at=at
    )


def _leave(hall: Hall) -> None:
    """One leave that is approved, with its stand-in on the roster, and one that waits."""
    first = _working(hall.today + 6 * DAY)
    for name, kind, begins, reason in (
        ("zhoumin", "annual", first, "回老家看望父母"),
        ("chenlei", "personal", first + 14 * DAY, "孩子学校开家长会"),
    ):
        request = Request(
            kind, begins, begins + (DAY if kind == "annual" else 0 * DAY), reason, hall.id("wangfang")
        )
        row = services.ask_leave(
            actor=hall.actors[name], unit_id=hall.unit.pk, request=request, at=hall.now - DAY
        )
        if kind == "annual":
            services.decide_leave(
                actor=hall.actors["liujun"], leave_id=row.pk, approved=True, words="同意", at=hall.now
            )
