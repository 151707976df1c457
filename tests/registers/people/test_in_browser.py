"""The residents' pages in a real browser: by keyboard, on a phone, axe-core finds nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from liangdian.registers.organisation import services as organisation
from liangdian.registers.people import services
from tests.casework.conftest import NOW
from tests.chromium import browser, violations
from tests.registers.people.conftest import BACKEND, IDENTITY, PHONE

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(browser: Browser, address: str, *, width: int, language: str) -> Page:
    unit = organisation.create_unit(
        actor=SYSTEM, name="西大街社区", code="XD", level="community", parent=None, at=NOW
    )
    clerk = accounts.create_user(
        actor=SYSTEM, username="clerk", name="李秀英", password="Correct-Horse-9", unit_id=unit.pk, at=NOW
    )
    accounts.grant_role(
        actor=SYSTEM, user=clerk, role=Role.CLERK, unit_id=unit.pk, unit_path=unit.path, at=NOW
    )
    for name, number in (("王桂兰", IDENTITY), ("买买提·艾合买提·阿不都热依木", "")):
        services.find_or_create(
            actor=SYSTEM, name=name, phone=PHONE, identity=number, address="西大街12号3单元401室",
            unit_id=unit.pk, needs=["cannot_walk", "low_hearing"], at=NOW,
        )  # fmt: skip
    client = Client()
    client.force_login(clerk, backend=BACKEND)
    context = browser.new_context(viewport={"width": width, "height": 900})
    session = client.cookies["sessionid"].value
    context.add_cookies(
        [{"name": k, "value": v, "url": address} for k, v in (("sessionid", session), ("language", language))]
    )
    page = context.new_page()
    page.goto(f"{address}/people/")
    return page


def proven(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert PHONE not in page.url


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "en")])
def test_a_number_is_found_and_shown_by_keyboard(browser, live_server, width, language):
    page = opened(browser, live_server.url, width=width, language=language)
    proven(page, width)
    page.locator("#id_q").press_sequentially(IDENTITY)
    page.keyboard.press("Enter")
    page.locator("th a", has_text="王桂兰").press("Enter")
    page.wait_for_url("**/people/*/")
    proven(page, width)
    page.locator("input[name=field][value=phone]").press("Space")
    page.locator("textarea[name=reason]").press_sequentially("回访")
    page.locator("aside form button").first.press("Enter")
    page.get_by_text(PHONE).wait_for()
    proven(page, width)
    person = page.url.replace("reveal/", "")
    for address in (f"{person}edit/", f"{live_server.url}/people/new/"):
        page.goto(address)
        proven(page, width)
    page.context.close()
