"""The main job, played in browsers: from the window to "satisfied", through a dissatisfied resident."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from liangdian.casework.chain import verify
from liangdian.casework.links import link_path
from liangdian.casework.models import Case, Promise
from liangdian.casework.states import Grade

pytestmark = pytest.mark.browser

WORDS = "我今年七十六了，腿脚不好，想办优待证，能不能帮我办？"


class Keyboard:
    """The keys of a clerk, counted as an input method needs them: two and a half for a Chinese character."""

    def __init__(self, page):
        self.page = page
        self.strokes = 0.0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += sum(1 if character.isascii() else 2.5 for character in text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def tab_to(self, selector: str) -> None:
        for _ in range(20):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
        pytest.fail(f"the keyboard does not reach {selector}")


def register_by_keyboard(clerk) -> str:
    """The clerk's hands never leave the keyboard; gives the number of the matter."""
    keys = Keyboard(clerk.page)
    clerk.page.evaluate("document.activeElement.blur()")
    keys.press("n")
    clerk.page.wait_for_url("**/cases/new/")
    clerk.look()
    assert clerk.page.evaluate("document.activeElement.id") == "id_item"
    keys.type("老年人优待证")
    keys.tab_to("#id_resident_name")
    keys.type("王桂兰")
    keys.press("Tab")
    keys.type("13812342211")
    keys.press("Tab")
    keys.type(WORDS)
    keys.tab_to("#id_address")
    keys.type("东街3号")
    keys.tab_to("#id_needs_0")
    keys.press("Space")
    keys.tab_to("main form .btn-primary")
    keys.press("Enter")
    clerk.page.wait_for_url("**/cases/XD-*/")
    clerk.look()
    # An unhurried hand strikes three keys a second; a quarter of the minute is left for listening.
    assert keys.strokes / 3 < 45
    return clerk.page.url.rstrip("/").rsplit("/", 1)[1]


def act(visitor, name: str, **typed: str) -> None:
    """Do one act of the case page, by its link or button."""
    link = visitor.page.locator(f"main a[href$='/{name}/']")
    if link.count():
        link.click()
        visitor.look()
        for field, text in typed.items():
            control = visitor.page.locator(f"[name={field}]")
            if control.first.get_attribute("type") == "radio":
                visitor.page.check(f"[name={field}][value='{text}']")
            elif control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(label=text)
            else:
                control.fill(text)
        visitor.submit()
    else:
        visitor.page.click(f"main form[action$='/{name}/'] button")
        visitor.look()


def rate(phone, link: str, grade: Grade, comment: str) -> None:
    phone.goto(link)
    phone.page.click("main a[href^='/r/']")
    phone.look()
    assert phone.page.locator("[name=grade]:checked").count() == 0, "no grade is suggested"
    phone.page.check(f"[name=grade][value='{grade.value}']")
    phone.page.fill("[name=comment]", comment)
    phone.submit()


def receipt_of(clerk, number: str, tmp_path) -> str:
    """The receipt as text; it is one page and can be drawn."""
    answer = clerk.page.context.request.get(f"{clerk.address}/cases/{number}/receipt.pdf")
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")
    path = tmp_path / "receipt.pdf"
    path.write_bytes(answer.body())
    if shutil.which("pdftoppm") and shutil.which("pdftotext"):
        subprocess.run(["pdftoppm", "-r", "60", "-png", path, tmp_path / "receipt"], check=True)
        assert len(list(tmp_path.glob("receipt-*.png"))) == 1
        return subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    return ""


def test_from_the_window_to_satisfied_through_a_dissatisfied_resident(hall, visit, tmp_path):
    clerk = visit("lihui")
    number = register_by_keyboard(clerk)
    case = Case.objects.get(reference=number)
    first = Promise.objects.get(case=case)
    assert "5 个工作日" in clerk.page.inner_text("aside .ld-promise")
    assert WORDS in clerk.text()
    paper = receipt_of(clerk, number, tmp_path)
    if paper:
        assert number in paper
        assert f"{first.due_day.month} 月 {first.due_day.day} 日" in paper.replace("\u2009", " ")

    act(clerk, "refer", to_unit="城关街道", reason="请核对户籍后办理。")
    coordinator = visit("liujun")
    coordinator.goto(f"/cases/{number}/")
    act(coordinator, "return", why="unclear", reason="缺近期照片一张，请补充后再转。")
    clerk.goto("/cases/?list=returned")
    clerk.page.click(f"a[href='/cases/{number}/']")
    clerk.look()
    assert "缺近期照片一张" in clerk.text()
    act(clerk, "refer", to_unit="城关街道", reason="照片已补，请办理。")
    coordinator.goto(f"/cases/{number}/")
    act(coordinator, "accept")
    act(coordinator, "resolve", answer="优待证已办好，可凭身份证领取。")

    phone = visit(width=390)
    rate(phone, link_path(number), Grade.DISSATISFIED, "证上的名字写错了。")
    case.refresh_from_db()
    second = Promise.objects.filter(case=case).latest("seq")
    assert (case.state, case.round, case.unit_id) == ("handling", 2, hall.units["ZL"].pk)
    assert second.pk != first.pk
    assert case.first_handler_id == hall.staff["lihui"].pk, "首问负责: the first handler stays"

    district = visit("hanxue")
    district.goto(f"/cases/{number}/")
    assert "证上的名字写错了。" in district.text()
    act(district, "start")
    assert district.page.locator(f"a[href='/cases/{number}/resolve/']").count() == 0, "first put it right"
    colleague = visit("zhoumin")
    colleague.goto("/cases/?list=to_call")
    colleague.page.click(f"a[href='/cases/{number}/']")
    act(colleague, "call_rated", text="名字错了一个字，希望送到家里。")
    district.goto(f"/cases/{number}/repair/")
    district.page.check("[name=way][value=fix]")
    district.page.fill("[name=text]", "今天改正名字，送到家中。")
    district.submit()
    act(district, "resolve", answer="名字已改正，新证已送到家中。")
    rate(phone, link_path(number), Grade.SATISFIED, "谢谢。")
    case.refresh_from_db()
    assert (case.state, case.ending) == ("closed", "satisfied")
    phone.goto(link_path(number))
    assert "名字已改正" in phone.text()
    assert phone.page.locator("[name=grade]").count() == 0
    assert list(verify()) == []
