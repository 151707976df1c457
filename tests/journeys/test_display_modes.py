"""The main screens in the three display modes: axe-core at zero, readable lines, targets a finger finds;
reading aloud with the keyboard; paper."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from liangdian.casework.links import link_path
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from liangdian.registers.people import services as people
from tests.journeys.conftest import LONG_AGO, PASSWORD, Hall, Visit, Visitor, browser, hall, visit

__all__ = ["browser", "hall", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODES = ["standard", "large", "contrast"]

# Lines of text closer than 1.5 times their size. Icons and numbers in discs stand alone on their line.
TIGHT = """[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
  && !e.closest('table.ld-month') && !e.matches('.ti, .ld-bell-count, .ld-promise-disc, option')
  && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize) < 1.49)
  .map(e => e.outerHTML.slice(0, 90))"""
# WCAG 2.2, 2.5.8: 24 pixels for everything but links inside a sentence; 44 for what a finger presses.
SMALL = """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
.filter(e => {
  const box = e.getBoundingClientRect();
  if (!e.getClientRects().length || e.closest('.visually-hidden, .ld-skip')) return false;
  if (getComputedStyle(e).display === 'inline') return false;
  const pressed = '.btn, .form-control, .form-select, summary, .ld-rail a, .ld-public-nav a';
  return box.height < (e.matches(pressed) ? 43.5 : 23.5) || box.width < 23.5;
}).map(e => e.outerHTML.slice(0, 90))"""


def _show(visitor: Visitor, mode: str) -> None:
    value = "" if mode == "standard" else mode
    visitor.page.context.add_cookies([{"name": "display", "value": value, "url": visitor.address}])


def _clean(visitor: Visitor, paths: list[str]) -> None:
    for path in paths:
        visitor.goto(path)
        assert visitor.page.evaluate(TIGHT) == [], path
        assert visitor.page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("mode", MODES)
def test_the_screens_of_residents(hall: Hall, visit: Visit, mode: str) -> None:
    case = hall.case()
    people.reveal(
        actor=SYSTEM, resident_id=case.resident_id, field="phone", reason="回访", at=datetime.now(UTC)
    )
    resident = visit(width=390)
    _show(resident, mode)
    mine = link_path(case.reference)
    _clean(resident, ["/", "/apply/", "/follow/", "/commitments/", "/guides/", "/guides/MZ-001/", mine,
                      f"{mine}looked/", "/sign-in/login/"])  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_the_screens_of_the_window(hall: Hall, visit: Visit, mode: str) -> None:
    case = hall.case()
    clerk = visit("lihui")
    _show(clerk, mode)
    address = f"/cases/{case.reference}/"
    _clean(clerk, ["/cases/?list=todo", "/cases/search/?q=楼道", "/cases/new/", address, f"{address}resolve/",
                   "/people/", f"/people/{case.resident_id}/", "/people/new/", "/catalogue/",
                   "/catalogue/items/MZ-001/", "/calendar/2026/", "/organisation/", "/figures/",
                   "/notices/"])  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY, Role.ADMINISTRATOR])
def test_the_screens_of_the_three_administrators(hall: Hall, visit: Visit, mode: str, role: Role) -> None:
    unit = hall.units["ZL"]
    screens = {
        Role.AUDITOR: ["/audit/", "/audit/?first=x"],
        Role.SECURITY: ["/account/staff/"],
        Role.ADMINISTRATOR: [
            "/organisation/", f"/organisation/units/{unit.pk}/", "/calendar/2027/", "/calendar/2027/load/",
            "/calendar/hours/", "/catalogue/publish/MZ-001/", "/cases/limits/", "/cases/limits/promise.help/",
        ],
    }  # fmt: skip
    user = accounts.create_user(
        actor=SYSTEM, username="admin", name="系统管理员", password=PASSWORD, unit_id=unit.pk,
        demonstration=True, at=LONG_AGO,
    )  # fmt: skip
    accounts.grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=LONG_AGO)
    visitor = visit("admin")
    _show(visitor, mode)
    _clean(visitor, screens[role])


SPEAKER = """window.spoken = []; window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{ lang: 'en-US', name: 'E' }, { lang: 'zh-CN', name: 'Z' }],
  cancel: () => { window.cancelled = true; },
  speak: (u) => { window.spoken.push([u.text, u.lang, u.voice && u.voice.name]); window.last = u; } } });"""


def test_a_resident_has_the_page_read_by_a_chinese_voice_and_stops_it_by_key(
    hall: Hall, visit: Visit
) -> None:
    case = hall.case()
    resident = visit(width=390)
    resident.page.add_init_script(SPEAKER)  # the browser here has no voices of its own
    resident.goto(link_path(case.reference))
    button = resident.page.locator("[data-aloud]")
    button.focus()
    resident.page.keyboard.press("Enter")
    assert resident.page.evaluate("window.spoken[0].slice(1)") == ["zh-CN", "Z"]
    assert button.get_attribute("aria-pressed") == "true" and "停止" in button.inner_text()
    for _sentence in range(60):
        resident.page.evaluate("window.last.onend()")
    said = "".join(resident.page.evaluate("window.spoken.map(one => one[0])"))
    assert "老年人优待证" in said and "楼道的灯坏了" in said and "李慧" in said
    assert button.get_attribute("aria-pressed") == "false"
    button.press("Enter")
    resident.page.keyboard.press("Escape")
    before = resident.page.evaluate("window.spoken.length")
    resident.page.evaluate("window.last.onend()")
    assert resident.page.evaluate("window.spoken.length") == before
    assert resident.page.locator(".ld-aloud-now").count() == 0


def _paper(page: Page) -> str:
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    # The font's radicals are read back as the characters that they look like.
    return normalize("NFKC", "\n".join(sheet.extract_text() for sheet in sheets))


def test_a_matter_a_guide_and_a_list_are_printed_without_menus_and_forms(hall: Hall, visit: Visit) -> None:
    case = hall.case()
    clerk = visit("lihui")
    clerk.goto(f"/cases/{case.reference}/")
    paper = _paper(clerk.page)
    assert case.reference in paper and "楼道的灯坏了" in paper
    assert "登记新事项" not in paper and "查看电话" not in paper
    clerk.goto("/cases/?list=todo")
    table = clerk.page.locator("thead")
    clerk.page.emulate_media(media="print")
    assert table.is_visible() and not clerk.page.locator(".ld-rail").is_visible()
    resident = visit(width=390)
    resident.goto("/guides/MZ-001/")
    assert "老年人优待证" in _paper(resident.page) and "打印" not in _paper(resident.page)


def test_the_print_button_prints(hall: Hall, visit: Visit) -> None:
    resident = visit(width=390)
    resident.page.add_init_script("window.print = () => { window.printed = true; };")
    resident.goto("/guides/MZ-001/")
    resident.page.locator("main [data-paper]").click()
    assert resident.page.evaluate("window.printed") is True
    without = visit(width=390, javascript=False)
    without.page.goto(without.address + "/guides/MZ-001/")
    assert not without.page.locator("main [data-paper]").is_visible()
    assert not without.page.locator("[data-aloud]").is_visible()
