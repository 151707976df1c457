"""Signing in over HTTP: lock-out, closed accounts, the demonstration, given passwords, idle screens."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services
from liangdian.platform.accounts.models import User
from liangdian.platform.audit.models import AccessLog

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return services.create_user(actor=SYSTEM, username="wang", name="王明", password=WORD, at=AT)


def sign_in(client: Client, username: str = "wang", password: str = WORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:mine")).status_code == 200


def test_signing_in_with_the_user_name_in_any_case(client: Client, user: User) -> None:
    sign_in(client, "Wang")
    assert is_in(client)
    assert AccessLog.objects.filter(act="signed_in", actor_id=user.pk, succeeded=True).exists()


def test_nobody_can_sign_up(client: Client) -> None:
    client.post(reverse("account_signup"), {"username": "new", "password1": WORD, "password2": WORD})
    assert not User.objects.filter(username="new").exists()


def test_five_failures_lock_the_account_for_300_seconds_gb_t_22239(client: Client, user: User) -> None:
    for _n in range(5):
        sign_in(client, password="wrong-wrong-1")
    sign_in(client)
    assert not is_in(client)
    assert AccessLog.objects.filter(act="sign_in_failed", succeeded=False).count() == 5
    assert AccessLog.objects.filter(act="sign_in_locked", actor_name="wang").count() == 1


def test_the_lock_lasts_300_seconds_from_the_fifth_failure_and_says_how_long(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = time.time()
    clock = [begin]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    for seconds in (0, 60, 120, 180, 240):
        clock[0] = begin + seconds
        sign_in(client, password="wrong-wrong-1")
    clock[0] = begin + 301  # the first failure is forgotten by now, the lock is not
    client.cookies["language"] = "en"
    assert "try again in 4 minutes" in sign_in(client).content.decode()
    assert not is_in(client)
    clock[0] = begin + 541
    sign_in(client)
    assert is_in(client)


def test_the_lock_of_one_account_leaves_the_others_alone(client: Client, user: User) -> None:
    services.create_user(actor=SYSTEM, username="other", name="其他", password=WORD, at=AT)
    for _n in range(6):
        sign_in(client, password="wrong-wrong-1")
    sign_in(client, "other")
    assert is_in(client)


def test_failures_are_counted_over_all_processes(client: Client, user: User) -> None:
    sign_in(client, password="wrong-wrong-1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_cache")
        assert cursor.fetchone()[0] >= 1


def test_a_closed_account_is_out_at_once(client: Client, user: User) -> None:
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)
    sign_in(client)
    assert not is_in(client)


def test_demonstration_passwords_work_only_in_the_demonstration(client: Client, user: User, settings) -> None:
    User.objects.filter(pk=user.pk).update(demonstration=True)
    settings.DEMONSTRATION = True
    sign_in(client)
    assert is_in(client)
    settings.DEMONSTRATION = False
    assert not is_in(client)
    other = Client()
    sign_in(other)
    assert not is_in(other)


def test_a_given_password_opens_only_the_page_that_changes_it(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    sign_in(client)
    change = reverse("account_change_password")
    assert client.get(reverse("accounts:mine")).url == change
    same = {"oldpassword": WORD, "password1": WORD, "password2": WORD}
    client.post(change, same)
    assert not is_in(client)
    new = {"oldpassword": WORD, "password1": "river-stone-77", "password2": "river-stone-77"}
    client.post(change, new)
    assert is_in(client)


def test_an_idle_screen_is_closed(client: Client, user: User, settings) -> None:
    sign_in(client)
    assert is_in(client)
    session = client.session
    session["seen"] = session["seen"] - settings.IDLE_SECONDS - 1
    session.save()
    assert client.get(reverse("accounts:mine")).status_code == 302
    assert not is_in(client)


def test_the_language_of_the_account_follows_the_choice(client: Client, user: User) -> None:
    sign_in(client)
    client.post(reverse("ui:language"), {"language": "en", "next": "/"})
    user.refresh_from_db()
    assert user.language == "en"
    assert sign_in(Client()).cookies["language"].value == "en"


def test_a_stranger_is_led_to_the_sign_in_page_and_back(client: Client) -> None:
    response = client.get(reverse("accounts:mine"))
    assert response.url == f"{reverse('account_login')}?next={reverse('accounts:mine')}"
    partial = client.get(reverse("accounts:mine"), headers={"HX-Request": "true"})
    assert partial.status_code == 204
    assert partial["HX-Redirect"].startswith(reverse("account_login"))


def test_an_anonymous_request_costs_no_query(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get(reverse("accounts:mine"))


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_list_of_staff_is_for_the_security_administrator(
    client: Client, user: User, role: Role | None
) -> None:
    if role:
        services.grant_role(actor=SYSTEM, user=user, role=role, unit_id=1, unit_path="/1/", at=AT)
    client.force_login(user)
    assert client.get(reverse("accounts:members")).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_around_signing_in_open_in_every_language(
    client: Client, user: User, language: str
) -> None:
    client.cookies["language"] = language
    for name in ("account_login", "account_inactive", "account_signup"):
        assert client.get(reverse(name)).status_code == 200
    client.force_login(user)
    assert client.get(reverse("account_change_password")).status_code == 200
