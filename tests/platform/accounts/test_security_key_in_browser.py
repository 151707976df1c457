"""A security key in a real browser: set up, used at the next sign-in, and a foreign key opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import second_factor, services
from liangdian.platform.accounts.models import User
from tests.chromium import browser, violations

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)
WORD = "pine-lake-42-sky"
KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_key(context: BrowserContext) -> Page:
    """A page whose computer has a security key plugged in that is touched at once."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/login/")
    page.fill("input[name=login]", "chief")
    page.fill("input[name=password]", WORD)
    page.click("main button[type=submit]")


def test_a_key_is_set_up_and_then_asked_for_at_sign_in(browser: Browser, live_server, settings) -> None:
    cache.clear()
    settings.DEMONSTRATION = False
    user: User = services.create_user(actor=SYSTEM, username="chief", name="系统管理员", password=WORD, at=AT)
    services.grant_role(actor=SYSTEM, user=user, role=Role.ADMINISTRATOR, unit_id=1, unit_path="/1/", at=AT)
    address = live_server.url
    context = browser.new_context(locale="zh-CN")
    page = with_key(context)
    sign_in(page, address)
    page.wait_for_url("**/sign-in/second-factor/")
    assert violations(page) == []
    page.goto(f"{address}/sign-in/second-factor/keys/add/")
    assert violations(page) == []
    page.click("#key-button")
    page.wait_for_url("**/recovery-codes/")
    assert violations(page) == []
    assert second_factor.has_one(user.pk)

    page.goto(f"{address}/account/")
    page.locator(".ld-person summary").click()
    page.locator(".ld-person form button").click()
    sign_in(page, address)
    page.wait_for_url("**/sign-in/second-factor/code/")
    assert violations(page) == []
    page.click("#key-button")
    page.wait_for_function("!location.pathname.startsWith('/sign-in/')")
    page.goto(f"{address}/account/")
    assert "/account/" in page.url
    context.close()

    stranger = browser.new_context(locale="zh-CN")
    page = with_key(stranger)
    sign_in(page, address)
    page.wait_for_url("**/sign-in/second-factor/code/")
    page.click("#key-button")
    page.locator("#key-failed").wait_for(state="visible")
    page.goto(f"{address}/account/")
    assert "/sign-in/" in page.url
    stranger.close()
