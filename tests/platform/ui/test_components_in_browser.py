"""The page of components in a real browser: axe-core finds nothing, nothing is wider than the screen."""

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import browser, violations

__all__ = ["browser"]
SMALLEST = """[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
  && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.outerHTML.slice(0, 80))"""
TARGETS = """[...document.querySelectorAll('.btn, summary, .ld-rail a, .form-control')].filter(e =>
  e.getClientRects().length && e.getBoundingClientRect().height < 40).map(e => e.outerHTML.slice(0, 80))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.platform.ui.urls"),
    pytest.mark.django_db(transaction=True),
]


def opened(browser: Browser, address: str, path: str, *, width: int, language: str, display: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies(
        [
            {"name": "language", "value": language, "url": address},
            {"name": "display", "value": display, "url": address},
        ]
    )
    page = context.new_page()
    page.goto(address + path)
    return page


@pytest.mark.parametrize("layout", ["staff", "public"])
@pytest.mark.parametrize(
    ("width", "language", "display"),
    [(1440, "zh-hans", ""), (1024, "zh-hant", "large"), (390, "en", "contrast"), (390, "zh-hans", "large")],
)
def test_components_are_accessible_and_fit(browser, live_server, layout, width, language, display):
    page = opened(
        browser,
        live_server.url,
        f"/ui/components/?layout={layout}",
        width=width,
        language=language,
        display=display,
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALLEST) == []
    assert page.evaluate(TARGETS) == []
    assert violations(page) == []
    assert complaints == []
    page.context.close()


def test_what_cannot_be_undone_asks_first_and_names_the_consequence(browser, live_server):
    page = opened(browser, live_server.url, "/ui/components/", width=1280, language="en", display="")
    page.click("form[data-confirm] button")
    dialog = page.locator("dialog[open]")
    assert "two working days" in dialog.inner_text()
    dialog.get_by_text("No, go back").click()
    assert page.url.endswith("/ui/components/")
    page.click("form[data-confirm] button")
    page.locator("dialog[open]").get_by_text("Yes, do it").click()
    page.wait_for_url("**/ui/components/?*")
    page.context.close()


def test_the_skip_link_leads_to_the_content_and_escape_closes_menus(browser, live_server):
    page = opened(browser, live_server.url, "/ui/components/", width=1280, language="en", display="")
    page.click(".ld-settings summary")
    assert page.locator(".ld-settings[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".ld-settings[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    skip = page.locator(".ld-skip")
    skip.focus()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_the_language_is_changed_without_javascript(browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(live_server.url + "/ui/components/?layout=public")
    page.click(".ld-settings summary")
    page.click(".ld-settings button[value=en]")
    assert page.get_attribute("html", "lang") == "en"
    assert page.url.endswith("/ui/components/?layout=public")
    context.close()
