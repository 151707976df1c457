"""Building the demonstration: the house first, then a year played act by act in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from liangdian.casework import services as casework
from liangdian.config.demo import centre
from liangdian.config.demo.directory import draw_areas
from liangdian.config.demo.disputes import play_disputes
from liangdian.config.demo.duty import play_duty
from liangdian.config.demo.hall import play_week
from liangdian.config.demo.livelihood import play_livelihood
from liangdian.config.demo.year import Cast, play_year
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import LimitUnit
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.selectors import User, actor_of
from liangdian.platform.notifications import services as notifications
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.states import Problem
from liangdian.platform.notifications.states import State as MessageState
from liangdian.registers.calendar.services import seed_from_library, seed_hours
from liangdian.registers.catalogue import services as catalogue
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.selectors import Unit


def load_demonstration(*, now: datetime | None = None) -> None:
    """Load West Street with a year of matters that ends at ``now`` (the present by default)."""
    now = now or timezone.now()
    begin = now - timedelta(days=400)
    seed_from_library(at=begin)
    seed_hours()
    casework.seed_limit_rules(valid_from=datetime(2004, 1, 1, tzinfo=UTC))
    units = _units(begin)
    users = _people(units, begin)
    _posts(units, users, begin)
    draw_areas(units["XD"], users, begin)
    items = _items(begin)
    cast = Cast(
        actors={name: actor_of(user) for name, user in users.items()}, items=items,
        units={code: unit.pk for code, unit in units.items()},
    )  # fmt: skip
    play_year(cast, now=now)
    play_week(cast, units, begin=begin, now=now)
    play_livelihood(cast.actors, cast.units["XD"], now=now)
    play_duty(cast.actors, cast.units["XD"], now=now)
    play_disputes(cast.actors, cast.units["XD"], now=now)
    _messages_left(now)
    for actor in cast.actors.values():
        notifications.mark_read(actor=actor, at=now, until=now - timedelta(days=2))


def _messages_left(now: datetime) -> None:
    """Nothing is sent while a year is played in minutes; what would have left by now is marked so."""
    due = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lt=now)
    due.update(state=MessageState.SENDING, claimed_at=F("next_attempt_at"), next_attempt_at=None, attempts=1)
    sending = Message.objects.filter(state=MessageState.SENDING)
    sending.exclude(pk__endswith="7").update(state=MessageState.DELIVERED, done_at=F("claimed_at"))
    sending.update(state=MessageState.FAILED, problem=Problem.REFUSED, done_at=F("claimed_at"))


def _names(hant: str, english: str) -> dict[str, str]:
    return {"zh-hant": hant, "en": english}


def _units(at: datetime) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for code, level, parent, name, hant, english in centre.UNITS:
        made[code] = organisation.create_unit(
            actor=SYSTEM, name=name, names=_names(hant, english), code=code, level=level,
            parent=made.get(parent), at=at,
        )  # fmt: skip
    for number, name, hant, english, serves in centre.WINDOWS:
        organisation.create_window(
            actor=SYSTEM, unit=made["XD"], number=number, name=name, names=_names(hant, english),
            serves=serves, low_counter=number == 1, at=at,
        )  # fmt: skip
    return made


def _people(units: dict[str, Unit], at: datetime) -> dict[str, User]:
    made = {}
    for account in centre.ACCOUNTS:
        unit = units[account.unit]
        user = accounts.create_user(
            actor=SYSTEM, username=account.username, name=account.name, password=account.password,
            unit_id=unit.pk, demonstration=True, at=at,
        )  # fmt: skip
        accounts.grant_role(
            actor=SYSTEM, user=user, role=account.role, unit_id=unit.pk, unit_path=unit.path, at=at
        )
        made[account.username] = user
    return made


def _posts(units: dict[str, Unit], users: dict[str, User], at: datetime) -> None:
    for code, name, hant, english, holder in centre.POSTS:
        post = organisation.create_post(
            actor=SYSTEM, unit=units[code], name=name, names=_names(hant, english), at=at
        )
        organisation.appoint(
            actor=SYSTEM, post_id=post.pk, user_id=users[holder].pk, since=business_date(at), at=at
        )


def _items(at: datetime) -> dict[str, int]:
    categories = {
        code: catalogue.category(code=code, name=name, names=_names(hant, english), order=order)
        for order, (code, name, hant, english) in enumerate(centre.CATEGORIES)
    }
    made = {}
    for item in centre.ITEMS:
        content = catalogue.Content(
            name=item.name, names=_names(item.hant, item.english), promised=item.promised,
            legal=None if item.promised.unit is LimitUnit.AT_ONCE else centre.LEGAL,
            texts={
                "basis": "示范数据：以当地公布的事项目录为准", "authority": "城关街道办事处",
                "audience": "本社区居民", "steps": "窗口登记 → 材料核对 → 街道审核 → 告知结果",
                "fee": "不收费", "place_time": "西大街社区便民服务大厅，工作日 8:30–12:00、14:00–17:30",
                "remedies": "对结果不满意，可以在回执二维码上评价，事项会升一级重新办理。",
            },
            documents=[catalogue.Document(name=name) for name in item.documents],
        )  # fmt: skip
        version = catalogue.publish_version(
            actor=SYSTEM, code=item.code, category=categories[item.category], content=content, at=at
        )
        made[item.code] = version.pk
    return made
