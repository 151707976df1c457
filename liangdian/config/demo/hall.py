"""A working week in the hall of West Street, and the hall as it is at the moment of opening."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from liangdian.casework.models import Case
from liangdian.config.demo.centre import ITEMS
from liangdian.config.demo.year import Cast
from liangdian.desks.hall import services
from liangdian.desks.hall.models import Hall, VisitItem
from liangdian.desks.hall.states import PauseReason, Reason
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import HALL_ZONE, business_date, start_of_day
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

SEED = 20261125
DAYS = 5
VISITS_A_DAY = 40
MINUTE = timedelta(minutes=1)
QUEUES = (
    ("A", "党员群众服务", "黨員群眾服務", "Members and residents", ("DQ",)),
    ("B", "民政与优待", "民政與優待", "Civil affairs", ("MZ",)),
    ("C", "卫生与计生", "衛生與計生", "Health and family", ("WJ",)),
    ("D", "劳动保障", "勞動保障", "Labour and social security", ("RS",)),
    ("Z", "咨询", "諮詢", "Questions", ()),
)
SEATS = {1: "lihui", 2: "zhoumin", 3: "wangfang", 4: "chenlei"}
# How many of a hundred visitors come in each hour of the day.
ARRIVALS = {8: 6, 9: 34, 10: 26, 11: 6, 14: 14, 15: 10, 16: 4}
REASONS = (Reason.OLD, Reason.OLD, Reason.DISABLED, Reason.PREGNANT, Reason.WITH_CHILD, Reason.SOLDIER)


@dataclass
class Week:
    """The hall with its people, and the matters of the year that its visitors come about."""

    cast: Cast
    hall: Hall
    windows: dict[int, int]
    matters: dict[int, Iterator[str]]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    keys: Iterator[int] = field(default_factory=itertools.count)

    def actor(self, number: int) -> Actor:
        return self.cast.actors[SEATS[number]]

    def join(self, at: datetime, code: str = "", reason: str | None = None) -> VisitItem:
        """Somebody takes a number for an item, or only to ask."""
        chance = self.chance
        if reason is None:
            reason = chance.choice(REASONS) if chance.random() < 0.18 else ""
        arrival = services.Arrival(
            press_key=f"demo-{next(self.keys)}", channel="kiosk", reason=reason,
            item_version_ids=(self.cast.items[code],) if code else (),
            booked_for=at + 5 * MINUTE if chance.random() < 0.15 and not reason else None,
        )  # fmt: skip
        visit = services.join(actor=SYSTEM, hall_id=self.hall.pk, arrival=arrival, at=at)
        return visit.items.get()


def play_week(cast: Cast, units: dict[str, Unit], *, begin: datetime, now: datetime) -> None:
    """Set up the hall, play the last working days, and leave people waiting at ``now``."""
    week = _set_up(cast, units["XD"], begin)
    for day in _working_days(now):
        _play_day(week, day)
        services.end_days(at=start_of_day(day + timedelta(days=1)))
    services.learn_paces(at=now)
    _leave_waiting(week, now)


def _set_up(cast: Cast, unit: Unit, begin: datetime) -> Week:
    hall = services.open_hall(actor=SYSTEM, unit_id=unit.pk, at=begin)
    for order, (prefix, name, hant, english, categories) in enumerate(QUEUES):
        services.set_group(
            actor=SYSTEM, hall_id=hall.pk, prefix=prefix, name=name, categories=categories, order=order,
            names={"zh-hant": hant, "en": english}, at=begin,
        )  # fmt: skip
    queueing = services.Queueing(quick_items=("RS-001", "DQ-002"))
    hall = services.set_queueing(actor=SYSTEM, hall_id=hall.pk, queueing=queueing, at=begin)
    windows = {window.number: window.pk for window in organisation.windows_of(unit)}
    return Week(cast, hall, windows, {version: _matters(version) for version in cast.items.values()})


def _matters(version: int) -> Iterator[str]:
    answered = Case.objects.filter(item_version=version, state="closed")
    return itertools.cycle(list(answered.order_by("pk").values_list("reference", flat=True)) or [""])


def _working_days(now: datetime) -> list[date]:
    days, today = calendar.calendar_days(), business_date(now)
    before = (today - timedelta(days=n) for n in range(1, 30))
    return sorted(itertools.islice((day for day in before if days.is_working(day)), DAYS))


def _moments(week: Week, day: date) -> list[datetime]:
    hours = week.chance.choices(list(ARRIVALS), list(ARRIVALS.values()), k=VISITS_A_DAY)
    start = datetime.combine(day, datetime.min.time(), HALL_ZONE)
    return sorted(
        start + timedelta(hours=hour, minutes=week.chance.randrange(30 if hour == 8 else 0, 60))
        for hour in hours
    )


def _play_day(week: Week, day: date) -> None:
    """Everybody arrives when he arrives; each window calls as soon as it is free."""
    opening = datetime.combine(day, datetime.min.time(), HALL_ZONE) + timedelta(hours=8, minutes=25)
    free = dict.fromkeys(SEATS, opening)
    for number in SEATS:
        services.sign_on(actor=week.actor(number), window_id=week.windows[number], at=opening)
    arrivals = [(at, week.chance.choice([item.code for item in ITEMS] + [""])) for at in _moments(week, day)]
    for at, code in arrivals:
        for number in SEATS:
            _work_until(week, number, free, at)
        week.join(at, code)
    closing = opening + timedelta(hours=9, minutes=5)
    for number in SEATS:
        _work_until(week, number, free, closing - 10 * MINUTE)
        services.sign_off(actor=week.actor(number), at=max(closing, free[number]))


def _work_until(week: Week, number: int, free: dict[int, datetime], until: datetime) -> None:
    """The window serves one after the other; a window that found nobody looks again at the next arrival."""
    actor = week.actor(number)
    while free[number] < until:
        call = services.call_next(actor=actor, at=free[number])
        if call is None:
            free[number] = until
            return
        free[number] = _serve(week, actor, call.item, free[number])


def _serve(week: Week, actor: Actor, item: VisitItem, at: datetime) -> datetime:
    """One person at the window; returns when it is free again."""
    chance = week.chance
    if chance.random() < 0.05:
        services.recall(actor=actor, item_id=item.pk, at=at + MINUTE)
        services.miss(actor=actor, item_id=item.pk, at=at + 2 * MINUTE)
        return at + 2 * MINUTE
    begun = at + timedelta(seconds=chance.randrange(25, 90))
    services.start(actor=actor, item_id=item.pk, at=begun)
    done = begun + timedelta(seconds=max(120, chance.lognormvariate(6.5, 0.5)))
    reference = next(week.matters[item.item_version_id]) if item.item_version_id else ""
    if not reference:
        services.finish(actor=actor, item_id=item.pk, at=done, no_case_reason="咨询后居民先回去准备材料。")
        return done
    services.link_case(actor=actor, item_id=item.pk, reference=reference, at=begun)
    services.finish(actor=actor, item_id=item.pk, at=done)
    if chance.random() < 0.4:
        grade = chance.choices(("5", "4", "3"), (6, 3, 1))[0]
        services.rate(visit_id=item.visit_id, grade=grade, comment="", source="tablet", at=done)
    return done


def _leave_waiting(week: Week, now: datetime) -> None:
    """The hall as the demonstration opens: two windows signed on, one paused, some people waiting."""
    if now - 50 * MINUTE < start_of_day(business_date(now)):
        return  # shortly after midnight the hall is empty
    for number, before in ((2, 50), (4, 50), (3, 45)):
        services.sign_on(actor=week.actor(number), window_id=week.windows[number], at=now - before * MINUTE)
    services.pause(actor=week.actor(3), reason=PauseReason.MEETING, at=now - 12 * MINUTE)
    for before, code, reason in (
        (44, "RS-002", ""), (42, "DQ-001", ""), (38, "MZ-001", Reason.OLD), (30, "RS-004", ""),
        (26, "MZ-002", ""), (21, "DQ-002", ""), (15, "MZ-003", Reason.DISABLED), (11, "WJ-001", ""),
        (9, "RS-001", ""), (6, "", ""), (4, "MZ-004", ""), (2, "DQ-002", Reason.WITH_CHILD),
    ):  # fmt: skip
        week.join(now - before * MINUTE, code, reason=str(reason))
    first = services.call_next(actor=week.actor(4), at=now - 30 * MINUTE)
    second = services.call_next(actor=week.actor(2), at=now - 5 * MINUTE)
    for call, actor, before in ((first, week.actor(4), 29), (second, week.actor(2), 4)):
        if call is not None:
            services.start(actor=actor, item_id=call.item.pk, at=now - before * MINUTE)
    if first is not None:
        services.finish(
            actor=week.actor(4), item_id=first.item.pk, at=now - 20 * MINUTE,
            no_case_reason="缺终止劳动关系证明，居民回去取。",
        )  # fmt: skip
