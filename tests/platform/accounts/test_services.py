"""Accounts and roles: what administrators may do, and what nobody may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed, Refused
from liangdian.platform.accounts import policy, selectors, services
from liangdian.platform.accounts.models import RoleGrant, User
from liangdian.platform.audit.models import AccessLog

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"


def make(username: str, **more: object) -> User:
    return services.create_user(
        actor=SYSTEM, username=username, name=f"人{username}", password=WORD, at=AT, **more
    )


def give(user: User, role: Role, path: str, at: datetime = AT) -> RoleGrant:
    unit_id = int(path.strip("/").split("/")[-1])
    return services.grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit_id, unit_path=path, at=at)


def test_the_actor_carries_current_roles_in_one_query(django_assert_num_queries) -> None:
    user = make("li")
    give(user, Role.CLERK, "/1/4/")
    ended = give(user, Role.HANDLER, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=ended.pk, at=AT + timedelta(hours=1))
    with django_assert_num_queries(1):
        actor = selectors.actor_of(user, AT + timedelta(hours=2))
    assert actor == Actor(user_id=user.pk, name="人li", unit_id=4, grants=(Grant(Role.CLERK, 4, "/1/4/"),))


def test_an_account_and_its_current_roles_come_in_one_query(django_assert_num_queries) -> None:
    user = make("li")
    give(user, Role.CLERK, "/1/4/")
    ended = give(user, Role.HANDLER, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=ended.pk, at=AT + timedelta(hours=1))
    with django_assert_num_queries(1):
        actor = selectors.actor_signed_in(selectors.signing_in(user.pk))
    assert actor == selectors.actor_of(user) == selectors.actor_signed_in(user)
    assert [grant.role for grant in actor.grants] == [Role.CLERK]


def test_a_role_ends_at_once() -> None:
    user = make("li")
    grant = give(user, Role.CLERK, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=AT + timedelta(hours=1))
    assert selectors.holders(Role.CLERK, "/1/", AT + timedelta(minutes=59)) == [user]
    assert selectors.holders(Role.CLERK, "/1/", AT + timedelta(hours=1)) == []


def test_holders_inside_and_reaching() -> None:
    near, far, side = make("near"), make("far"), make("side")
    give(near, Role.COORDINATOR, "/1/4/")
    give(far, Role.COORDINATOR, "/1/")
    give(side, Role.COORDINATOR, "/1/40/")
    assert selectors.holders(Role.COORDINATOR, "/1/4/") == [near]
    assert selectors.holders_reaching(Role.COORDINATOR, "/1/4/9/") == [near, far]
    assert {u.pk for u in selectors.staff_within("/1/")} == {near.pk, far.pk, side.pk}
    services.update_user(
        actor=SYSTEM, user_id=near.pk, name="近", email="", unit_id=None, is_active=False, at=AT
    )
    assert selectors.holders_reaching(Role.COORDINATOR, "/1/4/9/") == [far]


def test_giving_a_role_twice_gives_it_once() -> None:
    user = make("li")
    assert give(user, Role.CLERK, "/1/") == give(user, Role.CLERK, "/1/")


def test_user_names_are_unique_whatever_the_case() -> None:
    make("Li")
    with pytest.raises(Invalid) as refused:
        make("lI")
    assert refused.value.field == "username"


@pytest.mark.parametrize("password", ["short", "password12345", "1234567890123"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_user(actor=SYSTEM, username="li", name="李", password=password, at=AT)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    ("username", "name", "field"),
    [
        ("li ming", "李", "username"),
        ("", "李", "username"),
        ("li", "\x00", "name"),
        ("li", "字" * 5000, "name"),
    ],
)
def test_malformed_names_are_sentences(username: str, name: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_user(actor=SYSTEM, username=username, name=name, password=WORD, at=AT)
    assert refused.value.field == field


APART = [
    (Role.AUDITOR, Role.ADMINISTRATOR),
    (Role.AUDITOR, Role.SECURITY),
    (Role.ADMINISTRATOR, Role.SECURITY),
    (Role.CLERK, Role.SECURITY),
]


@pytest.mark.parametrize(("one", "other"), [*APART, *[(b, a) for a, b in APART]])
def test_the_three_administrators_are_three_people_gb_t_22239(one: Role, other: Role) -> None:
    user = make("li")
    grant = give(user, one, "/1/")
    with pytest.raises(Invalid) as refused:
        give(user, other, "/1/4/")
    assert refused.value.field == "role"
    with pytest.raises(DatabaseError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=other, unit_id=1, unit_path="/1/", since=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        ended = RoleGrant.objects.create(
            user=user, role=other, unit_id=1, unit_path="/1/", since=AT, until=AT
        )
        RoleGrant.objects.filter(pk=ended.pk).update(until=None)
    give(make("keeper"), Role.SECURITY, "/1/")
    give(make("chief"), Role.ADMINISTRATOR, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=AT)
    give(user, other, "/1/")


def test_nobody_gives_himself_a_role() -> None:
    keeper = make("keeper")
    give(keeper, Role.SECURITY, "/1/")
    with pytest.raises(NotAllowed):
        services.grant_role(
            actor=selectors.actor_of(keeper), user=keeper, role=Role.CLERK, unit_id=1, unit_path="/1/", at=AT
        )


def test_the_system_administrator_gives_no_roles_and_makes_no_accounts() -> None:
    chief, user = make("chief"), make("li")
    give(chief, Role.ADMINISTRATOR, "/1/")
    actor = selectors.actor_of(chief)
    with pytest.raises(NotAllowed):
        services.grant_role(actor=actor, user=user, role=Role.CLERK, unit_id=1, unit_path="/1/", at=AT)
    with pytest.raises(NotAllowed):
        services.create_user(actor=actor, username="wu", name="吴", password=WORD, at=AT)
    with pytest.raises(NotAllowed):
        services.set_password(actor=actor, user_id=user.pk, password="river-stone-77", at=AT)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY])
def test_the_last_administrator_stays(role: Role) -> None:
    first = make("first")
    grant = give(first, role, "/1/")
    with pytest.raises(Refused):
        services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=AT)
    with pytest.raises(Refused):
        services.update_user(
            actor=SYSTEM, user_id=first.pk, name="一", email="", unit_id=None, is_active=False, at=AT
        )
    give(make("second"), role, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=AT)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ["/1/4/", "/1/4/9/", "/1/5/", "/1/"])
def test_role_by_own_and_other_unit(role: Role, path: str) -> None:
    """Only the security administrator, only for his own unit and below."""
    actor = Actor(user_id=1, name="甲", grants=(Grant(role, 4, "/1/4/"),))
    allowed = role is Role.SECURITY and path.startswith("/1/4/")
    assert policy.may_administer(actor, path) is allowed


def test_an_administrator_gives_no_role_outside_his_units() -> None:
    actor = Actor(user_id=1, name="甲", grants=(Grant(Role.SECURITY, 4, "/1/4/"),))
    user = make("li")
    for path in ("/1/", "/1/5/"):
        with pytest.raises(NotAllowed):
            services.grant_role(actor=actor, user=user, role=Role.CLERK, unit_id=5, unit_path=path, at=AT)


def test_an_administrator_does_not_touch_people_of_other_units() -> None:
    actor = Actor(user_id=1, name="甲", grants=(Grant(Role.SECURITY, 4, "/1/4/"),))
    user = make("li")
    give(user, Role.CLERK, "/1/4/9/")
    services.set_password(actor=actor, user_id=user.pk, password="river-stone-77", at=AT)
    give(user, Role.CLERK, "/1/5/")
    with pytest.raises(NotAllowed):
        services.set_password(actor=actor, user_id=user.pk, password="river-stone-78", at=AT)


def test_every_act_on_accounts_is_in_the_access_log() -> None:
    user = make("li")
    grant = give(user, Role.CLERK, "/1/")
    services.revoke_role(actor=SYSTEM, grant_id=grant.pk, at=AT)
    acts = list(AccessLog.objects.order_by("id").values_list("act", flat=True))
    assert acts == ["user_created", "role_granted", "role_revoked"]


def test_a_first_administrator_gets_a_random_password_and_must_change_it() -> None:
    user, password = services.create_administrator(
        username="chief", name="主任", unit_id=1, unit_path="/1/", at=AT
    )
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.demonstration
    assert len({services.new_password() for _n in range(20)}) == 20
    assert selectors.actor_of(user).holds(Role.ADMINISTRATOR, path="/1/4/")


def test_the_database_refuses_bad_grants() -> None:
    user = make("li")
    grant = give(user, Role.CLERK, "/1/")
    for change in ({"role": "king"}, {"unit_path": "1/"}, {"until": AT - timedelta(days=1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RoleGrant.objects.filter(pk=grant.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="clerk", unit_id=1, unit_path="/1/", since=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(username="LI")


def test_members_are_those_of_the_own_units_and_those_without_a_role() -> None:
    for name, path in (("a", "/1/4/"), ("b", "/1/4/9/"), ("c", "/1/5/")):
        give(make(name), Role.CLERK, path)
    make("d")
    actor = Actor(user_id=1, name="甲", grants=(Grant(Role.SECURITY, 4, "/1/4/"),))
    assert [u.username for u in selectors.members(actor)] == ["a", "b", "d"]
    assert [u.username for u in selectors.members(actor, after="a", limit=1)] == ["b"]
    assert [u.username for u in selectors.members(actor, text="人b")] == ["b"]
