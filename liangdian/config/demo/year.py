"""A year at West Street: 220 service matters and some others, every act at its hour."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from liangdian.casework import services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case
from liangdian.config.demo.centre import GIVEN, ITEMS, LANES, OTHERS, SURNAMES, DemoItem
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import LimitUnit
from liangdian.registers.calendar import selectors as calendar

SERVICE_MATTERS = 220
OTHER_MATTERS = 48
STILL_COMING = 34
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the year, and with which items and units."""

    actors: dict[str, Actor]
    items: dict[str, int]
    units: dict[str, int]


@dataclass
class Stage:
    """A queue of acts in the order of time; each may put later ones behind it."""

    cast: Cast
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    queue: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    order: itertools.count = field(default_factory=itertools.count)

    def at(self, when: datetime, act: Callable[[datetime], None]) -> None:
        if when < self.now:
            heapq.heappush(self.queue, (when, next(self.order), act))

    def working_hour(self, day: datetime) -> datetime:
        """A minute of the service hours on ``day`` or the next working day."""
        days, local = calendar.calendar_days(), day.astimezone(HALL_ZONE)
        while not days.is_working(local.date()):
            local += timedelta(days=1)
        hour, minute = self.chance.choice((9, 10, 11, 14, 15, 16)), self.chance.randrange(60)
        return local.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def later(self, when: datetime, low: float, high: float) -> datetime:
        """Some working hour between ``low`` and ``high`` days after ``when``, never within the hour."""
        found = self.working_hour(when + timedelta(days=self.chance.uniform(low, high)))
        return max(found, when + timedelta(minutes=75))


def play_year(cast: Cast, *, now: datetime) -> None:
    """Play the twelve months before ``now``; the sweep runs every evening as it would have."""
    stage = Stage(cast=cast, now=now)
    start = now - timedelta(days=364)
    for i in range(SERVICE_MATTERS):
        when = stage.working_hour(start + timedelta(days=_day_of(i)))
        stage.at(min(when, now - timedelta(minutes=5 + i)), _service(stage, i))
    for i in range(OTHER_MATTERS):
        when = stage.working_hour(start + timedelta(days=360.0 * (i + 0.5) / OTHER_MATTERS))
        stage.at(min(when, now - timedelta(minutes=3 + i)), _other(stage, i))
    for day in range(365):
        evening = (start + timedelta(days=day)).astimezone(HALL_ZONE).replace(hour=23, minute=59, second=59)
        stage.at(evening + timedelta(seconds=30), _sweep)
    while stage.queue:
        when, _order, act = heapq.heappop(stage.queue)
        act(when)


def _sweep(at: datetime) -> None:
    services.sweep(at=at)


def _day_of(i: int) -> float:
    """Most matters spread over the year; the last ones come in the last two weeks and are still open."""
    early = SERVICE_MATTERS - STILL_COMING
    return 346.0 * i / early if i < early else 348.0 + 15.0 * (i - early) / STILL_COMING


def _person(stage: Stage) -> dict[str, Any]:
    chance = stage.chance
    name = chance.choice(SURNAMES) + chance.choice(GIVEN)
    return {
        "resident_name": name,
        "phone": f"1990000{chance.randrange(10000):04d}",
        "address": f"{chance.choice(LANES)}{chance.randrange(1, 120)}号",
        "needs": ("cannot_walk",) if chance.random() < 0.08 else (),
    }


def _service(stage: Stage, i: int) -> Callable[[datetime], None]:
    item = ITEMS[i % len(ITEMS)] if i % 5 else ITEMS[0]

    def register(at: datetime) -> None:
        clerk = stage.chance.choice(("lihui", "lihui", "zhoumin"))
        channel = stage.chance.choices(("window", "phone", "web"), (78, 15, 7))[0]
        case = _register(stage, clerk, at, "service", channel, stage.chance.choice(item.words), item)
        _go_on(stage, case, clerk, at, item, item.answer)

    return register


def _other(stage: Stage, i: int) -> Callable[[datetime], None]:
    kind, words, answer = OTHERS[i % len(OTHERS)]

    def register(at: datetime) -> None:
        clerk = stage.chance.choice(("lihui", "zhoumin"))
        channel = stage.chance.choices(("phone", "web", "window"), (50, 30, 20))[0]
        case = _register(stage, clerk, at, kind, channel, words, None)
        _go_on(stage, case, clerk, at, None, answer)

    return register


def _register(
    stage: Stage, clerk: str, at: datetime, kind: str, channel: str, words: str, item: DemoItem | None
) -> Case:
    actor = stage.cast.actors[clerk]
    intake = services.Intake(
        kind=kind, channel=channel, unit_id=stage.cast.units["XD"], words=words,
        first_handler_id=actor.user_id or 0, item_version_id=stage.cast.items[item.code] if item else None,
        **_person(stage),
    )  # fmt: skip
    return services.register(actor=actor, intake=intake, at=at)


def _go_on(stage: Stage, case: Case, clerk: str, at: datetime, item: DemoItem | None, answer: str) -> None:
    """At-once items end in the same visit; the others are worked on, one in four at the sub-district."""
    actor = stage.cast.actors[clerk]
    if item is not None and item.promised.unit is LimitUnit.AT_ONCE:
        stage.at(at + timedelta(minutes=12), lambda t: _resolve(stage, case, actor, answer, t))
        return
    promised = item.promised.amount if item else 5
    if at > stage.now - timedelta(days=16) and stage.chance.random() < 0.6:
        answer = ""  # still in work when the demonstration opens
    late = stage.chance.random() < 0.06
    done = stage.later(at, 1, promised * 0.9) if not late else stage.later(at, promised * 1.6, promised * 2.2)
    if item is not None and stage.chance.random() < 0.25:
        section, person = ("CG-RS", "qianwei") if item.category == "RS" else ("CG-MZ", "zhaoqiang")
        stage.at(at + timedelta(minutes=40), lambda t: _refer(stage, case, actor, section, t))
        worker = stage.cast.actors[person]
        stage.at(
            stage.later(at, 0.5, 1), lambda t: _accept(stage, case, worker, actor, section, answer, done, t)
        )
        return
    stage.at(at + timedelta(minutes=30), lambda t: _start(case, actor, t))
    stage.at(max(done, at + timedelta(hours=1)), lambda t: _resolve(stage, case, actor, answer, t))


def _start(case: Case, actor: Actor, at: datetime) -> None:
    services.start(actor=actor, case_id=case.pk, at=at)


def _refer(stage: Stage, case: Case, actor: Actor, section: str, at: datetime) -> None:
    services.refer(
        actor=actor, case_id=case.pk, to_unit_id=stage.cast.units[section], at=at,
        reason="材料已核对，请街道审核办理。",
    )  # fmt: skip


def _accept(
    stage: Stage,
    case: Case,
    worker: Actor,
    clerk: Actor,
    section: str,
    answer: str,
    done: datetime,
    at: datetime,
) -> None:
    """Mostly accepted; sometimes returned with a reason and referred again."""
    if stage.chance.random() < 0.12:
        services.return_referral(
            actor=worker, case_id=case.pk, why="unclear", at=at,
            reason="缺近期照片一张，请社区补齐后再转。",
        )  # fmt: skip
        stage.at(at + timedelta(hours=2), lambda t: _contact(case, clerk, t))
        again = stage.later(at, 0.2, 1)
        stage.at(again, lambda t: _refer(stage, case, clerk, section, t))
        stage.at(stage.later(again, 0.2, 1), lambda t: _take(stage, case, worker, answer, done, t))
        return
    _take(stage, case, worker, answer, done, at)


def _take(stage: Stage, case: Case, worker: Actor, answer: str, done: datetime, at: datetime) -> None:
    services.accept_referral(actor=worker, case_id=case.pk, at=at)
    stage.at(max(done, at + timedelta(hours=1)), lambda t: _resolve(stage, case, worker, answer, t))


def _contact(case: Case, actor: Actor, at: datetime) -> None:
    services.contact_resident(actor=actor, case_id=case.pk, text="已电话说明，缺的照片上门时顺带拍。", at=at)


def _resolve(stage: Stage, case: Case, actor: Actor, answer: str, at: datetime) -> None:
    if not answer:
        return
    services.resolve(actor=actor, case_id=case.pk, answer=answer, at=at)
    draw = stage.chance.random()
    if draw < 0.22:
        return  # silence: the sweep closes it as not rated
    grade = stage.chance.choices(("5", "4", "3", "2", "1"), (48, 36, 10, 5, 1))[0]
    when = stage.later(at, 0.1, 3)
    if draw < 0.4:
        caller = stage.cast.actors["heping"]
        stage.at(when, lambda t: _call_back(stage, case, caller, grade, t))
    else:
        stage.at(when, lambda t: _rate(stage, case, grade, t))


def _call_back(stage: Stage, case: Case, caller: Actor, grade: str, at: datetime) -> None:
    fresh = services.record_call_back(actor=caller, case_id=case.pk, grade=grade, comment="", at=at)
    _after_rating(stage, fresh, grade, at)


def _rate(stage: Stage, case: Case, grade: str, at: datetime) -> None:
    comment = "谢谢，办得很快。" if grade == "5" else "没有说清楚什么时候能拿到。" if grade in "12" else ""
    fresh = services.rate_by_link(
        token=rating_token(case.reference, case.round), grade=grade, comment=comment, at=at
    )
    _after_rating(stage, fresh, grade, at)


def _hear(case: Case, caller: Actor, at: datetime) -> None:
    services.call_rated(
        actor=caller, case_id=case.pk, text="居民说取证日期没有讲清楚，希望有人当面说明。", at=at
    )


def _put_right(case: Case, actor: Actor, at: datetime) -> None:
    services.choose_repair(
        actor=actor, case_id=case.pk, way="fix", text="今天上门说明并把证件送到家中。", until=None, at=at
    )


def _after_rating(stage: Stage, case: Case, grade: str, at: datetime) -> None:
    if grade not in "12":
        return
    coordinator = stage.cast.actors["liujun"]
    caller = stage.cast.actors["heping"]
    if case.to_call:
        stage.at(at + timedelta(hours=1), lambda t: _hear(case, caller, t))
    stage.at(at + timedelta(hours=3), lambda t: _start(case, coordinator, t))
    stage.at(at + timedelta(hours=4), lambda t: _put_right(case, coordinator, t))
    stage.at(
        stage.later(at, 1, 3),
        lambda t: _resolve(stage, case, coordinator, "街道已重新办理，并当面向居民说明。", t),
    )
