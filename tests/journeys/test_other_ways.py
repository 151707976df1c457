"""The resident's phone without JavaScript, two people at one matter, and three clean languages."""

from __future__ import annotations

import re

import pytest

from liangdian.casework.links import link_path
from liangdian.casework.models import Case
from liangdian.platform.ui.catalogues import to_traditional
from tests.journeys.conftest import PEOPLE

pytestmark = pytest.mark.browser

# What the product itself says on a page; names of persons and what residents said are not its words.
CHROME = """() => [...document.querySelectorAll(`.ld-rail a, .ld-rail-title, .ld-top,
  .ld-public-top, .ld-foot,
  h1, h2, label, legend, .btn, th, dt, summary, option, .ld-help, .ld-helpline, .ld-lede, .ld-chip, .ld-badge,
  .ld-promise, .ld-timeline-head, .ld-empty, .ld-table-second`)].map(e => e.innerText + ' '
  + [...e.querySelectorAll('[placeholder]')].map(i => i.placeholder).join(' '))"""
NAMES = [name for _, name, _, _ in PEOPLE] + ["王桂兰"]
LANGUAGE_NAMES = ["简体中文", "繁體中文", "English"]
CHINESE = re.compile(r"[㐀-鿿]")
LATIN = re.compile(r"[A-Za-z]{3,}")


def words_of(visitor) -> list[str]:
    texts = []
    for text in visitor.page.evaluate(CHROME):
        for name in NAMES + LANGUAGE_NAMES:
            text = text.replace(name, "")
        texts.append(re.sub(r"[A-Z]{2}-\\d{4}-\\d+|PDF|CSV", "", text).strip())
    return [text for text in texts if text]


def test_a_resident_tells_and_follows_on_the_phone_without_javascript(hall, visit):
    phone = visit(width=390, javascript=False)
    page = phone.page
    page.goto(phone.address + "/")
    page.click("a.ld-choice[href='/apply/']")
    page.click("main .btn-primary")
    assert page.locator(".ld-summary li").count() >= 3, "each missing answer is named"
    page.check("[name=kind][value=help]")
    page.fill("[name=words]", "楼道的灯坏了半个月。")
    page.click("main .btn-primary")
    assert page.input_value("[name=words]") == "楼道的灯坏了半个月。", "nothing typed is lost"
    page.fill("[name=name]", "王桂兰")
    page.fill("[name=phone]", "138 1234 2211")
    page.click("main .btn-primary")
    case = Case.objects.get()
    assert page.url == phone.address + link_path(case.reference) + "?new=1"
    assert case.reference in page.inner_text("main .ld-notice--done")
    assert page.evaluate("1") == 1

    page.goto(phone.address + "/follow/")
    page.fill("[name=reference]", case.reference.lower())
    page.fill("[name=phone]", "13899990000")
    page.click("main .btn-primary")
    assert page.url.endswith("/follow/")
    page.fill("[name=phone]", "13812342211")
    page.click("main .btn-primary")
    assert page.url == phone.address + link_path(case.reference)
    assert "李慧" in page.inner_text("main") or "周敏" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_for_residents_are_accessible_on_a_phone(hall, visit):
    case = hall.case()
    phone = visit(width=390)
    for path in ("/", "/apply/", "/follow/", "/commitments/", "/guides/", link_path(case.reference)):
        phone.goto(path)


def test_a_stale_form_shows_what_changed_and_keeps_the_text(hall, visit):
    case = hall.case()
    here, there = visit("lihui"), visit("lihui")
    here.goto(f"/cases/{case.reference}/contact/")
    here.page.fill("[name=text]", "已电话告知，本周内来修。")
    there.goto(f"/cases/{case.reference}/contact/")
    there.page.fill("[name=text]", "物业说零件明天到。")
    there.submit()
    here.page.click("main form .btn-primary")
    here.page.wait_for_load_state()
    assert "物业说零件明天到。" in here.page.inner_text("[role=alert]")
    assert here.page.input_value("[name=text]") == "已电话告知，本周内来修。"
    here.complaints.clear()  # The browser reports the status 409 of the answer.
    here.look()
    here.submit()
    assert here.text().index("本周内来修") < here.text().index("零件明天到"), "both stand, newest first"


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_no_screen_mixes_languages(hall, visit, language):
    case = hall.case()
    clerk = visit("lihui", width=1440)
    clerk.page.click(".ld-settings summary")
    clerk.page.click(f".ld-settings button[value={language}]")
    clerk.page.wait_for_function("l => document.documentElement.lang.toLowerCase() === l", arg=language)
    paths = [f"/cases/?list={name}" for name in ("answer", "todo", "late", "all")]
    acts = [f"/cases/{case.reference}/{name}" for name in ("", "refer/", "resolve/")]
    leftovers = []
    for path in (*paths, "/cases/new/", *acts, "/figures/", link_path(case.reference), "/commitments/"):
        clerk.goto(path)
        for text in words_of(clerk):
            if language == "en":
                wrong = bool(CHINESE.search(text))
            else:
                wrong = bool(LATIN.search(text)) or (language == "zh-hant" and to_traditional(text) != text)
            if wrong:
                leftovers.append(f"{path}: {text}")
    assert leftovers == []
