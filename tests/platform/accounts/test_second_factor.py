"""The second factor: who must have one, setting it up, using it, losing it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts import second_factor, selectors, services
from liangdian.platform.accounts.models import RequiredFactor, User
from liangdian.platform.audit.models import AccessLog

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"


@pytest.fixture(autouse=True)
def real_installation(settings) -> None:
    cache.clear()
    settings.DEMONSTRATION = False


def person(username: str, role: Role | None, path: str = "/1/") -> User:
    user = services.create_user(actor=SYSTEM, username=username, name=username, password=WORD, at=AT)
    if role:
        unit_id = int(path.strip("/").split("/")[-1])
        services.grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit_id, unit_path=path, at=AT)
    return user


def sign_in(client: Client, username: str):
    return client.post(reverse("account_login"), {"login": username, "password": WORD})


def code_of(secret: str) -> str:
    return f"{totp.hotp_value(secret, int(time.time()) // 30):06d}"


def set_up(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:mine")).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR])
def test_an_administrator_without_a_factor_can_do_nothing_but_set_one_up(client: Client, role: Role) -> None:
    person("chief", role)
    sign_in(client, "chief")
    for name in ("accounts:mine", "casework:list", "accounts:members", "audit:log", "organisation:tree"):
        assert client.get(reverse(name)).url == reverse("mfa_index"), name
    assert client.get(reverse("mfa_index")).status_code == 200
    set_up(client)
    assert is_in(client)


def test_others_work_without_a_factor(client: Client) -> None:
    person("clerk", Role.CLERK)
    sign_in(client, "clerk")
    assert is_in(client)


def test_the_demonstration_asks_nobody_and_says_so(client: Client, settings) -> None:
    settings.DEMONSTRATION = True
    person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    assert is_in(client)
    client.cookies["language"] = "en"
    assert "no role needs a second factor here" in client.get(reverse("mfa_index")).content.decode()


def test_the_password_alone_no_longer_opens_the_account(client: Client) -> None:
    person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    secret = set_up(client)
    other = Client()
    assert sign_in(other, "chief").url == reverse("mfa_authenticate")
    assert not is_in(other)
    assert other.get(reverse("mfa_authenticate")).status_code == 200
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(other)
    cache.clear()  # a code opens once; the same half minute is used again here
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(other)


def test_five_wrong_codes_lock_the_second_step(client: Client) -> None:
    person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    secret = set_up(client)
    cache.clear()
    other = Client()
    sign_in(other, "chief")
    for _n in range(5):
        other.post(reverse("mfa_authenticate"), {"code": "000000"})
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not is_in(other)
    assert AccessLog.objects.filter(act="factor_failed").count() == 5


def test_a_recovery_code_opens_the_account_once(client: Client) -> None:
    user = person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    set_up(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    for number, opens in enumerate((True, False)):
        other = Client()
        sign_in(other, "chief")
        other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_in(other) is opens, number
    assert Authenticator.objects.filter(user=user, type="recovery_codes").exists()


def test_secrets_are_sealed_in_the_database(client: Client) -> None:
    person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    secret = set_up(client)
    assert all(secret not in str(row.data) for row in Authenticator.objects.all())


def test_the_last_factor_of_a_role_that_needs_one_stays(client: Client) -> None:
    user = person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    set_up(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 200
    assert second_factor.has_one(user.pk)
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "USB", "credential": {}})
    Authenticator.objects.filter(user=user, type="totp").delete()
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 409
    assert second_factor.has_one(user.pk)


def test_who_needs_none_removes_his_own(client: Client, django_capture_on_commit_callbacks) -> None:
    user = person("clerk", Role.CLERK)
    sign_in(client, "clerk")
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()
    acts = set(AccessLog.objects.filter(actor_id=user.pk).values_list("act", flat=True))
    assert {"factor_added", "factor_removed"} <= acts


def test_the_security_administrator_chooses_the_roles(client: Client) -> None:
    keeper = person("keeper", Role.SECURITY)
    sign_in(client, "keeper")
    set_up(client)
    client.post(reverse("accounts:required-roles"), {"roles": ["clerk", "security"]})
    assert second_factor.required_roles() == {Role.CLERK, Role.SECURITY}
    logged = AccessLog.objects.filter(act__startswith="factor_", actor_id=keeper.pk)
    assert set(logged.values_list("act", "reason")) >= {
        ("factor_required", "clerk"),
        ("factor_not_required", "auditor"),
    }
    person("clerk", Role.CLERK)
    other = Client()
    sign_in(other, "clerk")
    assert not is_in(other)
    assert client.post(reverse("accounts:required-roles"), {"roles": ["king"]}).status_code == 422


def test_only_the_security_administrator_of_the_whole_centre_chooses(client: Client, settings) -> None:
    for role, path in ((Role.ADMINISTRATOR, "/1/"), (Role.CLERK, "/1/"), (Role.SECURITY, "/1/4/")):
        actor = selectors.actor_of(person(f"{role}{len(path)}", role, path))
        with pytest.raises(NotAllowed):
            services.choose_required_roles(actor=actor, roles=[], at=AT)
    with pytest.raises(Invalid):
        services.choose_required_roles(actor=SYSTEM, roles=["king"], at=AT)
    settings.DEMONSTRATION = True
    sign_in(client, "administrator3")
    assert client.get(reverse("accounts:required-roles")).status_code == 403


def test_a_lost_factor_is_taken_away_and_every_session_ended(client: Client) -> None:
    user = person("chief", Role.ADMINISTRATOR)
    sign_in(client, "chief")
    set_up(client)
    assert is_in(client)
    keeper = selectors.actor_of(person("keeper", Role.SECURITY))
    services.remove_factors(actor=keeper, user_id=user.pk, at=AT)
    assert not is_in(client)
    sign_in(client, "chief")
    assert client.get(reverse("accounts:mine")).url == reverse("mfa_index")
    with pytest.raises(Refused):
        services.remove_factors(actor=keeper, user_id=keeper.user_id, at=AT)
    with pytest.raises(NotAllowed):
        services.remove_factors(actor=selectors.actor_of(user), user_id=keeper.user_id, at=AT)
    with pytest.raises(NotFound):
        services.remove_factors(actor=keeper, user_id=10**9, at=AT)
    person("second", Role.SECURITY)
    again = Client()
    sign_in(again, "second")
    set_up(again)
    assert again.post(reverse("accounts:remove-factors", args=[user.pk])).status_code == 302


def test_the_database_knows_only_our_roles() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RequiredFactor.objects.create(role="king", required=True, chosen_at=AT)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_page_opens_in_every_language(client: Client, language: str) -> None:
    client.cookies["language"] = language
    person("chief", Role.SECURITY)
    sign_in(client, "chief")
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).status_code == 200, name
    set_up(client)
    for name in (
        "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes", "mfa_reauthenticate", "account_reauthenticate",
        "accounts:required-roles",
    ):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
