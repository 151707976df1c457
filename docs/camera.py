"""Draws the pictures of README and guides on one fixed morning, so that they change only with the product."""

from __future__ import annotations

import shutil
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.utils import timezone

django.setup()

# ruff: noqa: E402  (the rooms can be imported only after the settings)
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from liangdian.casework import services as casework
from liangdian.casework.links import rating_path
from liangdian.casework.models import Case, CaseNotice
from liangdian.casework.notices import receipt
from liangdian.casework.notices.setting import compiler
from liangdian.casework.states import State
from liangdian.config.demo.centre import PASSWORD
from liangdian.config.demo.load import load_demonstration
from liangdian.foundation.actor import Actor
from liangdian.platform.accounts.selectors import User, actor_of
from liangdian.registers.catalogue.selectors import item_by_words
from liangdian.registers.organisation.models import Unit

NOW = datetime(2026, 10, 15, 2, 38, tzinfo=UTC)  # Thursday, 10:38 at the hall
FOLDER = Path(__file__).parent / "pictures"
LIMIT = 250_000  # bytes a picture
DESK = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)


class Quiet(WSGIRequestHandler):
    """A server that does not print every request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def person(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def play_the_case() -> Case:
    """The matter of the pictures: referred by the window, returned for a photo, with a note inside."""
    unit, section = Unit.objects.get(code="XD"), Unit.objects.get(code="CG-MZ")
    clerk, handler, begin = person("lihui"), person("zhaoqiang"), NOW - timedelta(days=2)
    item = item_by_words("老年人优待证")
    assert item is not None
    case = casework.register(
        actor=clerk, at=begin,
        intake=casework.Intake(
            kind="service", channel="window", unit_id=unit.pk, first_handler_id=clerk.user_id or 0,
            item_version_id=item.pk, resident_name="王桂兰", phone="19900002211", address="东关街3号院",
            needs=("cannot_walk",),
            words="我今年七十六了，腿脚不好，想办优待证，听说不用自己跑，能不能帮我办？",
        ),
    )  # fmt: skip
    casework.refer(
        actor=clerk, case_id=case.pk, to_unit_id=section.pk, reason="老人行走不便，材料已收齐，请审核。",
        at=begin + timedelta(minutes=20),
    )  # fmt: skip
    casework.return_referral(
        actor=handler,
        case_id=case.pk,
        why="unclear",
        reason="缺近期照片一张，请补齐。",
        at=begin + timedelta(hours=22),
    )
    casework.add_note(
        actor=clerk, case_id=case.pk, text="已电话说明，明天上门时顺带拍照。", at=begin + timedelta(hours=23)
    )
    casework.contact_resident(
        actor=clerk, case_id=case.pk, text="还差一张照片，我们明天上门来拍，您不用跑。",
        at=begin + timedelta(hours=24),
    )  # fmt: skip
    return case


def play_the_others() -> dict[str, str]:
    """Numbers of more matters: one just received, one that waits at the section to be accepted."""
    unit, section = Unit.objects.get(code="XD"), Unit.objects.get(code="CG-MZ")
    clerk, begin = person("lihui"), NOW - timedelta(hours=2)
    found = {}
    for name, item_name, words in (
        ("fresh", "高龄津贴申领", "我妈上个月满八十了，想申请高龄津贴，材料不知道带得对不对。"),
        ("offered", "老年人优待证", "替父亲办优待证，他今年八十，走不了远路。"),
    ):
        item = item_by_words(item_name)
        case = casework.register(
            actor=clerk, at=begin,
            intake=casework.Intake(
                kind="service", channel="window", unit_id=unit.pk, first_handler_id=clerk.user_id or 0,
                item_version_id=item.pk if item else None, resident_name="刘建国", phone="19900002212",
                words=words,
            ),
        )  # fmt: skip
        found[name] = case.reference
    casework.refer(
        actor=clerk, case_id=case.pk, to_unit_id=section.pk, reason="材料已收齐，请审核。",
        at=begin + timedelta(minutes=10),
    )  # fmt: skip
    return found


def write_papers(case: Case) -> None:
    """The receipt, and a notice as the resident holds it in his hand."""
    (FOLDER / "receipt.png").write_bytes(receipt.receipt_picture(case, dots_per_inch=96))
    fresh = casework.ask_papers(
        actor=person("lihui"), case_id=case.pk, papers=["银行卡"], remark="要本人名下的卡。", at=NOW
    )
    notice = CaseNotice.objects.filter(case=fresh).latest("event_seq")
    picture = compiler("notice.typ", notice.content).compile(format="png", ppi=72.0)
    assert isinstance(picture, bytes)
    (FOLDER / "notice.png").write_bytes(picture)


def serve() -> str:
    """The product on a free port of this machine, in a thread; gives its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def draw(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


# Of each person: the names of the pictures and the pages that they show. ``{case}``, ``{offered}``: matters.
PAGES: dict[str, dict[str, str]] = {
    "lihui": {
        "worklist": "/cases/?list=answer", "case": "/cases/{case}/", "intake": "/cases/new/",
        "clerk-missing": "/cases/{fresh}/correct/", "integrator-tokens": "/account/tokens/",
    },
    "zhaoqiang": {"handler-list": "/cases/?list=todo", "handler-referral": "/cases/{offered}/"},
    "wangfang": {"secretary-unit": "/cases/?list=unit", "secretary-matter": "/cases/{fresh}/"},
    "liujun": {"figures": "/figures/", "secretary-late": "/cases/?list=late"},
    "majianguo": {
        "mediator-list": "/mediation/", "mediator-fulfilment": "/mediation/fulfilment/",
        "mediator-matter": "/cases/{signing}/", "mediator-sign": "/mediation/{signing}/sign/",
    },
    "heping": {"inspector-all": "/cases/?list=all", "inspector-callback": "/cases/{answered}/call_back/"},
    "admin": {
        "administrator-units": "/organisation/", "administrator-calendar": "/calendar/2026/",
        "administrator-limits": "/cases/limits/",
    },
    "anquan": {"administrator-staff": "/account/staff/"},
    "xujing": {"administrator-log": "/audit/"},
}  # fmt: skip


def staff_pages(browser: Browser, address: str, matters: dict[str, str]) -> None:
    """What each of the staff sees, one signed-in window a person."""
    for username, pages in PAGES.items():
        page = browser.new_page(viewport=DESK, locale="zh-CN")
        page.goto(address + "/sign-in/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        for name, path in pages.items():
            answer = page.goto(address + path.format(**matters))
            if answer is None or answer.status != 200:
                raise SystemExit(f"{username} does not see {path}.")
            draw(page, name)
        page.close()


def resident_pages(browser: Browser, address: str) -> None:
    """The resident's phone: an answered matter that waits for the rating, and the front door."""
    answered = Case.objects.filter(state=State.RESOLVED).latest("resolved_at")
    page = browser.new_page(viewport=PHONE, locale="zh-CN")
    for name, path in (
        ("phone-home", "/"),
        ("phone-rating", rating_path(answered.reference, answered.round)),
    ):
        page.goto(address + path)
        draw(page, name)
    page.close()


def main() -> int:
    """Load, play, draw; then every picture must be small enough for a README."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("The pictures need Chromium (apt install chromium fonts-noto-cjk).", file=sys.stderr)
        return 1
    call_command("migrate", verbosity=0)
    timezone.now = lambda: NOW
    FOLDER.mkdir(exist_ok=True)
    load_demonstration(now=NOW - timedelta(hours=1))
    case = play_the_case()
    answered = Case.objects.filter(state=State.RESOLVED, handler__username="zhaoqiang").latest("resolved_at")
    signing = Case.objects.filter(dispute__state="signing").latest("registered_at")
    matters = {"case": case.reference, "answered": answered.reference, "signing": signing.reference}
    matters |= play_the_others()
    address = serve()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        staff_pages(browser, address, matters)
        resident_pages(browser, address)
        browser.close()
    write_papers(Case.objects.get(reference=matters["fresh"]))
    for path in sorted(FOLDER.glob("*.png")):
        size = path.stat().st_size
        print(f"{path.name:<20}{size // 1000:>5} kB")
        if size > LIMIT:
            print(f"{path.name} is larger than {LIMIT // 1000} kB.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
