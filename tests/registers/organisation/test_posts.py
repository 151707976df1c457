"""Posts, holders, stand-ins and windows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.models import User
from liangdian.registers.organisation import selectors, services
from liangdian.registers.organisation.models import Level, Post, StandIn, Unit, Window

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
DAY = date(2026, 9, 18)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def unit() -> Unit:
    return services.create_unit(actor=SYSTEM, name="街道", code="hall", level=Level.SUB_DISTRICT, at=AT)


@pytest.fixture
def post(unit: Unit) -> Post:
    return services.create_post(actor=SYSTEM, unit=unit, name="民政专干", at=AT)


def person(username: str, unit: Unit | None = None) -> User:
    return accounts.create_user(
        actor=SYSTEM,
        username=username,
        name=username,
        password="pine-lake-42-sky",
        unit_id=unit.pk if unit else None,
        at=AT,
    )


def test_holding_begins_and_ends_on_a_day(unit: Unit, post: Post) -> None:
    user = person("li")
    holding = services.appoint(actor=SYSTEM, post_id=post.pk, user_id=user.pk, since=DAY, at=AT)
    assert selectors.holder_of_post(post.pk, unit_id=unit.pk, day=DAY) == user.pk
    assert selectors.holders_of_post(post.pk, DAY - timedelta(days=1)) == []
    services.relieve(actor=SYSTEM, holding_id=holding.pk, on=NEXT, at=AT)
    assert selectors.post_ids_of(user.pk, DAY) == [post.pk]
    assert selectors.holder_of_post(post.pk, unit_id=unit.pk, day=NEXT) is None


def test_a_post_of_another_unit_is_not_found(unit: Unit, post: Post) -> None:
    with pytest.raises(NotFound):
        selectors.holder_of_post(post.pk, unit_id=unit.pk + 1, day=DAY)


def test_nobody_is_appointed_twice_or_with_a_closed_account(post: Post) -> None:
    user = person("li")
    services.appoint(actor=SYSTEM, post_id=post.pk, user_id=user.pk, since=DAY, at=AT)
    with pytest.raises(Invalid):
        services.appoint(actor=SYSTEM, post_id=post.pk, user_id=user.pk, since=DAY, at=AT)
    closed = person("gone")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(Invalid):
        services.appoint(actor=SYSTEM, post_id=post.pk, user_id=closed.pk, since=DAY, at=AT)


def test_stand_ins_count_both_days_and_the_last_arrangement_wins() -> None:
    user, first, second = person("li"), person("a"), person("b")
    services.name_stand_in(
        actor=SYSTEM, user_id=user.pk, stand_in_id=first.pk, since=DAY, last_day=NEXT, at=AT
    )
    assert [selectors.stand_in_for(user.pk, DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [
        None, first, first, None
    ]  # fmt: skip
    row = services.name_stand_in(
        actor=SYSTEM, user_id=user.pk, stand_in_id=second.pk, since=DAY, last_day=DAY, at=AT
    )
    assert selectors.stand_in_for(user.pk, DAY) == second
    assert selectors.stands_in_for(second.pk, DAY) == [user.pk]
    services.end_stand_in(actor=SYSTEM, stand_in_id=row.pk, on=DAY, at=AT)
    assert selectors.stand_in_for(user.pk, DAY) == first


def test_who_may_name_a_stand_in(unit: Unit) -> None:
    user, other = person("li", unit), person("a", unit)

    def arrange(actor: Actor) -> StandIn:
        return services.name_stand_in(
            actor=actor, user_id=user.pk, stand_in_id=other.pk, since=DAY, last_day=DAY, at=AT
        )

    arrange(Actor(user_id=user.pk, name="自己"))
    for role in Role:
        actor = Actor(user_id=999, name="别人", grants=(Grant(role, unit.pk, unit.path),))
        if role in {Role.ADMINISTRATOR, Role.LEADER, Role.SECRETARY, Role.COORDINATOR}:
            arrange(actor)
        else:
            with pytest.raises(NotAllowed):
                arrange(actor)


def test_impossible_stand_ins_are_refused() -> None:
    user, other = person("li"), person("a")
    for stand_in, last in ((user, DAY), (other, DAY - timedelta(days=1))):
        with pytest.raises(Invalid):
            services.name_stand_in(
                actor=SYSTEM, user_id=user.pk, stand_in_id=stand_in.pk, since=DAY, last_day=last, at=AT
            )
    with pytest.raises(DatabaseError), transaction.atomic():
        StandIn.objects.create(user=user, stand_in=user, since=DAY, until=NEXT)


def test_windows_serve_categories_and_have_one_number(unit: Unit) -> None:
    window = services.create_window(
        actor=SYSTEM, unit=unit, number=3, name="社保", serves=["social", "social", " "], at=AT
    )
    assert window.serves == ["social"]
    assert selectors.windows_serving("social") == [window]
    with pytest.raises(Invalid):
        services.create_window(actor=SYSTEM, unit=unit, number=3, name="民政", at=AT)
    services.update_window(actor=SYSTEM, window_id=window.pk, number=3, name="社保", active=False, at=AT)
    assert selectors.windows_of(unit) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Window.objects.filter(pk=window.pk).update(number=0)
