"""A service matter between receipt and result, played in browsers: what the clock does, what paper says."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from unicodedata import normalize

import pytest
from django.utils import translation

from liangdian.casework import services
from liangdian.casework.chain import verify
from liangdian.casework.links import link_path
from liangdian.casework.models import Case, Clock, Promise
from liangdian.casework.states import ClockKind
from liangdian.foundation.clock import business_date
from liangdian.platform.ui.dates import day_words
from tests.journeys.conftest import Hall, Visit, Visitor
from tests.journeys.test_main_job import act

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHITE = 250


def do(visitor: Visitor, case: Case, name: str, **typed: str) -> None:
    """Do one act by its own page, as a link on the page of the matter leads there."""
    visitor.goto(f"/cases/{case.reference}/")
    if not visitor.page.locator(f"main a[href$='/{name}/']").first.is_visible():
        visitor.page.click("aside .ld-more summary")
    act(visitor, name, **typed)


def paper(visitor: Visitor, title: str, folder: Path) -> str:
    """The newest notice of this title on the page, as words; it is drawn, one page, with ink and margins."""
    link = visitor.page.locator(f"main a[href*='/notices/']:has-text('{title}')").last.get_attribute("href")
    answer = visitor.page.context.request.get(f"{visitor.address}{link}")
    assert answer.status == 200
    again = visitor.page.context.request.get(f"{visitor.address}{link}")
    assert answer.body() == again.body(), "the same bytes at every print"
    pdf = folder / "notice.pdf"
    pdf.write_bytes(answer.body())
    if not (shutil.which("pdftoppm") and shutil.which("pdftotext")):
        return ""
    subprocess.run(["pdftoppm", "-r", "40", "-gray", pdf, folder / "notice"], check=True)
    pages = sorted(folder.glob("notice-*.pgm"))
    assert len(pages) == 1, "one page"
    assert_margins(pages.pop())
    words = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True)
    return normalize("NFKC", "".join(words.stdout.split()))


def assert_margins(picture: Path) -> None:
    """There is ink on the page, and none within a centimetre of its edges."""
    raw = picture.read_bytes()
    _magic, size, _depth, pixels = raw.split(b"\n", 3)
    picture.unlink()
    width, height = (int(number) for number in size.split())
    inked = [at for at, value in enumerate(pixels) if value < WHITE]
    assert len(inked) > width
    centimetre = 15  # pixels at 40 dots an inch
    assert centimetre < min(inked) // width and max(inked) // width < height - centimetre
    columns = {at % width for at in inked}
    assert centimetre < min(columns) and max(columns) < width - centimetre


def without_spaces(day: date | datetime) -> str:
    with translation.override("zh-hans"):  # the residents' language, whatever a test before left behind
        return normalize("NFKC", "".join(day_words(day).split()))


def test_what_is_missing_is_told_once_and_silence_counts_as_acceptance(
    hall: Hall, visit: Visit, tmp_path: Path
) -> None:
    told, forgotten = hall.case(), hall.case("想办优待证，材料都带来了。")
    clerk, phone = visit("lihui"), visit(width=390)
    do(clerk, told, "correct", papers="近期一寸照片两张\n户口簿复印件", remark="照片要白底。")
    words = paper(clerk, "补正告知书", tmp_path)
    assert "近期一寸照片两张" in words and "户口簿复印件" in words
    assert clerk.page.locator("main a[href$='/correct/']").count() == 0, "no second list"
    phone.goto(link_path(told.reference))
    assert "近期一寸照片两张" in phone.text() and "补正告知书" in phone.text()

    limit = Clock.objects.get(case=forgotten, kind=ClockKind.ACCEPTANCE).due_at
    services.sweep(at=limit - timedelta(seconds=1))
    forgotten.refresh_from_db()
    assert forgotten.stage == "received"
    services.sweep(at=limit + timedelta(seconds=1))
    told.refresh_from_db()
    forgotten.refresh_from_db()
    assert (told.stage, forgotten.stage) == ("correction", "accepted")
    phone.goto(link_path(forgotten.reference))
    assert "依法自收到之日起视为受理" in phone.text()
    received = without_spaces(business_date(forgotten.registered_at))
    words = paper(phone, "受理通知书", tmp_path)
    assert received in words and "视为受理" in words
    clerk.goto(f"/cases/{forgotten.reference}/")
    assert "视为受理" in clerk.text()
    assert list(verify()) == []


def test_a_pause_and_an_extension_are_told_on_paper(hall: Hall, visit: Visit, tmp_path: Path) -> None:
    case = hall.case()
    clerk, above, phone = visit("lihui"), visit("liujun"), visit(width=390)
    do(clerk, case, "admit")
    do(clerk, case, "extend", amount="3", reason="正在等省级系统的核验结果。")
    above.goto(f"/cases/{case.reference}/decide_extension/")
    above.page.check("[name=approved][value=yes]")
    above.page.fill("[name=words]", "情况属实。")
    above.submit()
    first, second = Promise.objects.filter(case=case).order_by("seq")
    assert second.due_day > first.due_day
    phone.goto(link_path(case.reference))
    words = paper(phone, "延期告知书", tmp_path)
    assert without_spaces(first.due_day) in words and without_spaces(second.due_day) in words
    assert "正在等省级系统的核验结果" in words

    today = business_date(datetime.now().astimezone())
    do(clerk, case, "pause", until=(today + timedelta(days=3)).isoformat(), text="要到家里核实，请留人。")
    phone.goto(link_path(case.reference))
    words = paper(phone, "特别程序告知书", tmp_path)
    assert "要到家里核实" in words and without_spaces(today + timedelta(days=3)) in words
    do(clerk, case, "resume", text="已经核实。")
    third = Promise.objects.filter(case=case).latest("seq")
    assert third.due_day >= second.due_day, "what was left goes on"
    phone.goto(link_path(case.reference))
    assert without_spaces(third.due_day) in paper(phone, "恢复办理告知书", tmp_path)
    assert list(verify()) == []
