"""Households of West Street that were helped: a cleaning post, a cold-drink stall, and one that still seeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from liangdian.casework import services as casework
from liangdian.desks.assistance import services
from liangdian.desks.assistance.rules import months_after
from liangdian.desks.assistance.services import HelpIntake, NewOffer
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE, business_date


@dataclass(frozen=True, slots=True)
class Story:
    """One household: who, what was said, what it earned before, its place, and what it earns by month."""

    name: str
    words: str
    people: int
    source: str
    days_ago: int
    before: int
    kind: str
    offer: NewOffer | None = None
    after: Mapping[int, int] | None = None


def _offer(
    unit_id: int, kind: str, title: str, giver: str, place: str, pay: int, hours: int, requirements: str = ""
) -> NewOffer:
    return NewOffer(unit_id, kind, title, giver, place, pay, hours, requirements=requirements)


def _stories(unit_id: int) -> tuple[Story, ...]:
    post = _offer(unit_id, "work", "楼道保洁员", "惠民物业服务部", "崇文街小区", 800, 24)
    stall = _offer(unit_id, "trade", "冷饮摊位", "西街便民市场", "西街北大街市场东门", 1500, 50)
    return (
        Story(
            "周桂枝", "丈夫卧床，家里只有一点救助金，想就近找份保洁的活，好照看家里。", 3, "visit", 260, 560,
            "work", post, {1: 1360, 3: 1380, 6: 1400},
        ),
        Story(
            "许长顺", "下岗两年没有固定收入，会做冷饮，想要一个摊位。", 4, "application", 150, 700, "trade",
            stall, {1: 1650, 3: 2300},
        ),
        Story("贾小兰", "孩子上学要接送，只能做半天的活。", 2, "application", 12, 900, "work"),
    )  # fmt: skip


def play_livelihood(actors: Mapping[str, Actor], unit_id: int, *, now: datetime) -> None:
    """Three households, and places that are still free."""
    for story in _stories(unit_id):
        _play(actors, unit_id, story, now=now)
    keeper, begin = actors["chenlei"], _at(now, now - timedelta(days=20))
    for offer in (
        _offer(unit_id, "work", "食堂帮厨", "县中心小学", "崇文街", 1200, 25, requirements="健康证"),
        _offer(unit_id, "work", "夜间门卫", "城关粮库", "东关街", 1800, 60),
        _offer(unit_id, "trade", "蔬菜摊位", "西街便民市场", "西街北大街", 1400, 56),
    ):
        services.add_offer(actor=keeper, offer=offer, at=begin)
    casework.sweep(at=now)


def _at(now: datetime, moment: datetime) -> datetime:
    """Ten in the morning of that day, never after ``now``."""
    morning = moment.astimezone(HALL_ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    return min(morning, now)


def _play(actors: Mapping[str, Actor], unit_id: int, story: Story, *, now: datetime) -> None:
    at = _at(now, now - timedelta(days=story.days_ago))
    clerk, helper = actors["lihui"], actors["chenlei"]
    intake = HelpIntake(
        unit_id=unit_id, words=story.words, resident_name=story.name, people=story.people, source=story.source
    )
    case = services.register_help(actor=clerk, intake=intake, at=at)
    services.record_consent(actor=clerk, case_id=case.pk, given=True, how="in_person", words="", at=at)
    services.name_helper(actor=clerk, case_id=case.pk, helper_id=helper.user_id or 0, at=at)
    wishes = {"least_pay": 600, "most_hours": 30 if story.kind == "work" else None}
    services.add_need(
        actor=helper, case_id=case.pk, kind=story.kind, words="", income=story.before, at=at, **wishes
    )
    if story.offer is None:
        return
    offer = services.add_offer(actor=helper, offer=story.offer, at=at + timedelta(days=2))
    start = at + timedelta(days=9)
    services.place(
        actor=helper, case_id=case.pk, offer_id=offer.pk, starts=business_date(start), pay=offer.pay, at=start
    )
    for months, income in (story.after or {}).items():
        day = months_after(business_date(start), months)
        asked = datetime(day.year, day.month, day.day, 11, tzinfo=HALL_ZONE)
        services.record_check_up(
            actor=helper, case_id=case.pk, months=months, still=True, income=income, words="", at=asked
        )
