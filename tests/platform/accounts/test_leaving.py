"""Somebody comes, moves to another unit, and leaves: with empty hands, and nothing he did disappears."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from liangdian.casework import services as casework
from liangdian.casework.models import Case
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts import leaving, selectors, services, tokens
from liangdian.platform.accounts.models import ApiToken, RoleGrant, User
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation import services as organisation
from tests.casework.conftest import NOW, House, house

__all__ = ["house"]
pytestmark = pytest.mark.django_db
WORD = "Correct-Horse-9"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def signed_in(name: str) -> Client:
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.post(reverse("account_login"), {"login": name, "password": WORD})
    return client


def newcomer(house: House) -> User:
    """A colleague of the same role who has nothing in hand yet."""
    user = services.create_user(
        actor=SYSTEM, username="leaver", name="丁一", password=WORD, unit_id=house.community.pk, at=NOW
    )
    services.grant_role(
        actor=SYSTEM, user=user, role=Role.CLERK, unit_id=house.community.pk,
        unit_path=house.community.path, at=NOW,
    )  # fmt: skip
    return user


def test_nobody_leaves_with_a_post(house: House) -> None:
    user, keeper = newcomer(house), house.actor("security")
    held = organisation.appoint(
        actor=SYSTEM, post_id=house.post.pk, user_id=user.pk, since=date(2026, 1, 1), at=NOW
    )
    with pytest.raises(Refused):
        services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    client = signed_in("security")
    page = client.get(reverse("accounts:leave", args=[user.pk])).content.decode()
    assert reverse("organisation:post", args=[house.post.pk]) in page
    assert client.post(reverse("accounts:leave", args=[user.pk])).status_code == 409
    organisation.relieve(actor=SYSTEM, holding_id=held.pk, on=date(2026, 9, 1), at=NOW)
    services.end_account(actor=keeper, user_id=user.pk, at=NOW + timedelta(days=30))


def test_nobody_leaves_with_open_matters_and_the_page_tells_only_their_number(house: House) -> None:
    user, keeper = newcomer(house), house.actor("security")
    case = casework.register(
        actor=selectors.actor_of(user),
        intake=casework.Intake(
            kind="help", channel="window", unit_id=house.community.pk, words="楼道的灯坏了",
            first_handler_id=user.pk, resident_name="王桂兰", phone="13900000001",
        ),
        at=NOW,
    )  # fmt: skip
    assert Case.objects.get(pk=case.pk).handler_id == user.pk
    with pytest.raises(Refused):
        services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    page = signed_in("security").get(reverse("accounts:leave", args=[user.pk])).content.decode()
    assert "王桂兰" not in page
    assert case.reference not in page
    assert [line.count for line in leaving.still_open(user.pk, NOW)] == [1]
    casework.transfer(
        actor=house.actor("secretary"), case_id=case.pk, to_user_id=house.id("clerk2"), reason="离职", at=NOW
    )
    with pytest.raises(Refused):  # he still answers for it
        services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    casework.hand_over(
        actor=house.actor("secretary"), from_user_id=user.pk, to_user_id=house.id("clerk2"), reason="离职",
        until=None, at=NOW,
    )  # fmt: skip
    services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    case.refresh_from_db()
    assert case.first_handler_id == user.pk  # written once, whoever leaves


def test_with_one_act_everything_ends_and_the_row_stays(house: House) -> None:
    user, keeper = newcomer(house), house.actor("security")
    there = signed_in("leaver")
    tokens.make_token(actor=selectors.actor_of(user), name="机", scopes=["cases:read"], days=9, at=NOW)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=user, provider="p", uid="1")
    Authenticator.objects.filter(user=user).update(type="recovery_codes")
    client = signed_in("security")
    assert client.post(reverse("accounts:leave", args=[user.pk])).status_code == 302
    user.refresh_from_db()
    assert (user.is_active, user.ended_at is None, user.has_usable_password()) == (False, False, False)
    assert not RoleGrant.objects.filter(user=user, until=None).exists()
    assert not ApiToken.objects.filter(user=user, revoked_at=None).exists()
    assert not Authenticator.objects.filter(user=user).exists()
    assert not SocialAccount.objects.filter(user=user).exists()
    assert there.get(reverse("accounts:mine")).status_code == 302
    assert AccessLog.objects.filter(act="account_ended", actor_id=keeper.user_id).count() == 1
    services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    assert AccessLog.objects.filter(act="account_ended").count() == 1


def test_who_has_left_gets_no_role_until_he_is_back(house: House) -> None:
    user, keeper = newcomer(house), house.actor("security")
    services.end_account(actor=keeper, user_id=user.pk, at=NOW)
    unit = house.community
    with pytest.raises(Invalid):
        services.grant_role(
            actor=keeper, user=user, role=Role.CLERK, unit_id=unit.pk, unit_path=unit.path, at=NOW
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="clerk", unit_id=1, unit_path="/1/", since=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
    back = services.update_user(
        actor=keeper, user_id=user.pk, name="丁一", email="", unit_id=unit.pk, is_active=True, at=NOW
    )
    assert back.ended_at is None
    services.grant_role(
        actor=keeper, user=user, role=Role.CLERK, unit_id=unit.pk, unit_path=unit.path, at=NOW
    )


def test_the_database_ends_no_account_over_an_open_role(house: House) -> None:
    user = newcomer(house)
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False, ended_at=NOW)


def test_only_the_security_administrator_ends_and_moves_and_never_himself(house: House) -> None:
    user = newcomer(house)
    for name in ("administrator", "secretary", "auditor"):
        with pytest.raises(NotAllowed):
            services.end_account(actor=house.actor(name), user_id=user.pk, at=NOW)
        with pytest.raises(NotAllowed):
            services.move_user(
                actor=house.actor(name), user_id=user.pk, unit_id=house.other.pk, take_along=[], at=NOW
            )
        client = signed_in(name)
        for page in ("accounts:leave", "accounts:move"):
            assert client.get(reverse(page, args=[user.pk])).status_code == 403
            assert client.post(reverse(page, args=[user.pk])).status_code == 403
    keeper = house.actor("security")
    with pytest.raises(Refused):
        services.end_account(actor=keeper, user_id=keeper.user_id, at=NOW)
    with pytest.raises(NotFound):
        services.end_account(actor=keeper, user_id=10**9, at=NOW)
    assert signed_in("security").get(reverse("accounts:leave", args=[10**9])).status_code == 404


def test_the_last_system_administrator_does_not_leave(house: House) -> None:
    with pytest.raises(Refused):
        services.end_account(actor=house.actor("security"), user_id=house.id("administrator"), at=NOW)


def test_a_move_ends_the_roles_of_the_old_unit_but_those_that_go_along(house: House) -> None:
    user, keeper = newcomer(house), house.actor("security")
    old, new = house.community, house.other
    services.grant_role(
        actor=SYSTEM, user=user, role=Role.MEDIATOR, unit_id=old.pk, unit_path=old.path, at=NOW
    )
    services.grant_role(
        actor=SYSTEM, user=user, role=Role.INSPECTOR, unit_id=house.street.pk, unit_path=house.street.path,
        at=NOW,
    )  # fmt: skip
    clerk = RoleGrant.objects.get(user=user, role="clerk")
    client = signed_in("security")
    form = {"unit_id": new.pk, "take_along": [clerk.pk]}
    assert client.get(reverse("accounts:move", args=[user.pk])).status_code == 200
    assert client.post(reverse("accounts:move", args=[user.pk]), form).status_code == 302
    user.refresh_from_db()
    assert user.unit_id == new.pk
    held = RoleGrant.objects.filter(user=user, until=None).values_list("role", "unit_id")
    assert set(held) == {("clerk", new.pk), ("inspector", house.street.pk)}
    for unit_id in (new.pk, 10**9):
        with pytest.raises(Invalid):
            services.move_user(actor=keeper, user_id=user.pk, unit_id=unit_id, take_along=[], at=NOW)
    assert client.post(reverse("accounts:move", args=[user.pk]), {"unit_id": "x"}).status_code == 422


def test_what_is_in_hand_costs_a_constant(house: House, django_assert_num_queries) -> None:
    user = newcomer(house)
    for n in range(30):
        post = organisation.create_post(actor=SYSTEM, unit=house.section, name=f"岗{n}", at=NOW)
        organisation.appoint(actor=SYSTEM, post_id=post.pk, user_id=user.pk, since=date(2026, 1, 1), at=NOW)
        if n in {0, 29}:
            with django_assert_num_queries(4):
                assert len(leaving.still_open(user.pk, NOW)) == n + 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_open_in_every_language(house: House, language: str) -> None:
    user = newcomer(house)
    client = signed_in("security")
    client.cookies["language"] = language
    for page in ("accounts:leave", "accounts:move", "accounts:member"):
        assert client.get(reverse(page, args=[user.pk])).status_code == 200
    services.end_account(actor=house.actor("security"), user_id=user.pk, at=NOW)
    for page in ("accounts:leave", "accounts:member"):
        assert client.get(reverse(page, args=[user.pk])).status_code == 200
