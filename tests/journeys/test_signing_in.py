"""Signing in as people do it: a password and the code of a phone; the sign-in service of the district."""

from __future__ import annotations

import time
from collections.abc import Iterator

import oidc_provider_mock
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from pytest_django import Settings

from liangdian.config.sign_on import form_targets, providers_from
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.selectors import User
from tests.chromium import violations
from tests.journeys.conftest import LONG_AGO, PASSWORD, Hall, Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def real_installation(settings: Settings) -> None:
    cache.clear()
    settings.DEMONSTRATION = False


def chief(hall: Hall) -> User:
    unit = hall.units["ZL"]
    user = accounts.create_user(
        actor=SYSTEM, username="chief", name="系统管理员", password=PASSWORD, unit_id=unit.pk, at=LONG_AGO
    )
    accounts.grant_role(
        actor=SYSTEM, user=user, role=Role.ADMINISTRATOR, unit_id=unit.pk, unit_path=unit.path, at=LONG_AGO
    )
    return user


def type_password(visitor: Visitor) -> None:
    visitor.goto("/sign-in/login/")
    visitor.page.fill("[name=login]", "chief")
    visitor.page.fill("[name=password]", PASSWORD)
    visitor.page.click("main form .btn-primary")
    visitor.look()


def code_of(secret: str) -> str:
    """What the authenticator app on the phone shows now."""
    return f"{totp.hotp_value(secret, int(time.time()) // 30):06d}"


def test_an_administrator_sets_up_an_app_and_needs_it_from_then_on(hall: Hall, visit: Visit) -> None:
    chief(hall)
    desk = visit()
    type_password(desk)
    assert desk.page.url.endswith("/sign-in/second-factor/"), "nothing else opens before"
    desk.goto("/organisation/")
    assert desk.page.url.endswith("/sign-in/second-factor/")
    desk.page.click("main .btn-primary")
    desk.look()
    secret = desk.page.inner_text("main code").strip()
    desk.page.fill("[name=code]", code_of(secret))
    desk.submit()
    codes = desk.page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    desk.goto("/organisation/")
    assert "钟楼区" in desk.text()

    elsewhere = visit()
    type_password(elsewhere)
    assert elsewhere.page.url.endswith("/second-factor/code/")
    elsewhere.page.fill("[name=code]", "000000")
    elsewhere.page.click("main form .btn-primary")
    elsewhere.look()
    assert elsewhere.page.locator(".ld-summary, .ld-error").first.is_visible(), "a wrong code is told"
    elsewhere.page.fill("[name=code]", codes[0])
    elsewhere.page.click("main form .btn-primary")
    elsewhere.look()
    elsewhere.goto("/organisation/")
    assert "钟楼区" in elsewhere.text()


@pytest.fixture
def service(settings: Settings) -> Iterator[None]:
    """The sign-in service of the district, running on this machine."""
    claims = {"preferred_username": "wang", "name": "王明", "groups": ["window-clerks"]}
    people = (oidc_provider_mock.User(sub="w-1", claims=claims),)
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        settings.SOCIALACCOUNT_PROVIDERS = providers_from(
            {
                "LIANGDIAN_OIDC_SERVER": f"http://localhost:{server.server_port}",
                "LIANGDIAN_OIDC_CLIENT_ID": "liangdian",
                "LIANGDIAN_OIDC_CLIENT_SECRET": "a-secret",
                "LIANGDIAN_OIDC_NAME": "城关统一认证",
            }
        )
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        targets = [*directives["form-action"], *form_targets(settings.SOCIALACCOUNT_PROVIDERS)]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": targets}}
        yield


def test_a_clerk_comes_in_through_the_service_of_the_district_with_the_role_of_his_group(
    hall: Hall, visit: Visit, service: None
) -> None:
    user = accounts.create_user(
        actor=SYSTEM,
        username="wang",
        name="王明",
        password=PASSWORD,
        unit_id=hall.units["XD"].pk,
        at=LONG_AGO,
    )
    accounts.map_group(
        actor=SYSTEM, value="window-clerks", role=Role.CLERK, unit_id=hall.units["XD"].pk, at=LONG_AGO
    )
    desk = visit()
    desk.goto("/sign-in/login/")
    desk.page.click("text=城关统一认证")
    desk.page.wait_for_url("**/oauth2/authorize**")
    desk.page.click("form button[name=sub][value='w-1']")
    desk.page.wait_for_url("**/cases/**")
    desk.complaints.clear()  # The test provider's page asks for a style sheet of the network.
    desk.look()
    assert "王明" in desk.page.inner_text("header, .ld-top")
    desk.goto("/cases/new/")
    assert "登记" in desk.text(), "the group made him a clerk"
    assert user.grants.get().source == "sign_on"


def test_an_idle_screen_asks_before_it_is_signed_out(hall: Hall, visit: Visit, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    desk = visit("lihui")
    desk.page.clock.install()
    desk.goto("/cases/new/")
    desk.page.fill("[name=words]", "电梯坏了")
    desk.page.clock.fast_forward((settings.IDLE_SECONDS - 60 - 120 - 5) * 1000)
    assert not desk.page.locator("#ld-idle").is_visible()
    desk.page.clock.fast_forward(10_000)
    asked = desk.page.locator("#ld-idle")
    asked.wait_for(state="visible")
    assert "1:5" in asked.inner_text()
    assert violations(desk.page) == []
    desk.page.keyboard.press("Enter")
    asked.wait_for(state="hidden")
    desk.page.clock.fast_forward(200_000)
    assert not asked.is_visible(), "the time begins anew"
    desk.page.clock.fast_forward(settings.IDLE_SECONDS * 1000)
    asked.wait_for(state="visible")
    assert "您已退出登录" in asked.inner_text()
    desk.page.keyboard.press("Enter")
    asked.wait_for(state="hidden")
    assert desk.page.input_value("[name=words]") == "电梯坏了", "what was typed stays"
