"""A district, a sub-district, a community and its people, in three languages; browsers to visit them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from liangdian.casework import services as casework
from liangdian.casework.models import Case
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.platform.accounts import services as accounts
from liangdian.platform.accounts.selectors import User, actor_of
from liangdian.registers.calendar import services as calendar
from liangdian.registers.catalogue import services as catalogue
from liangdian.registers.organisation import services as organisation
from liangdian.registers.organisation.models import Unit
from tests.chromium import browser, violations

__all__ = ["browser"]
LONG_AGO = datetime(2024, 1, 2, tzinfo=UTC)
PASSWORD = "Correct-Horse-9"
UNITS = (
    ("ZL", "district", "", "钟楼区", "鐘樓區", "Bell Tower District"),
    ("CG", "sub_district", "ZL", "城关街道", "城關街道", "Chengguan Sub-district"),
    ("XD", "community", "CG", "西大街社区", "西大街社區", "West Street Community"),
)
PEOPLE = (
    ("lihui", "李慧", Role.CLERK, "XD"),
    ("zhoumin", "周敏", Role.CLERK, "XD"),
    ("liujun", "刘军", Role.COORDINATOR, "CG"),
    ("hanxue", "韩雪", Role.COORDINATOR, "ZL"),
)


@dataclass
class Hall:
    """Units by code, people by name, one item; everything invented."""

    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    item_version_id: int = 0

    def case(self, words: str = "楼道的灯坏了，老人上下楼不安全。") -> Case:
        """A matter registered just now by the first clerk."""
        clerk = self.staff["lihui"]
        intake = casework.Intake(
            kind="service", channel="window", unit_id=self.units["XD"].pk, words=words,
            first_handler_id=clerk.pk, item_version_id=self.item_version_id, resident_name="王桂兰",
            phone="13812342211",
        )  # fmt: skip
        return casework.register(actor=actor_of(clerk), intake=intake, at=datetime.now(UTC))


@pytest.fixture
def hall(transactional_db: None) -> Hall:
    made = Hall()
    calendar.seed_from_library(at=LONG_AGO)
    casework.seed_limit_rules(valid_from=datetime(2004, 1, 1, tzinfo=UTC))
    for code, level, parent, name, hant, english in UNITS:
        made.units[code] = organisation.create_unit(
            actor=SYSTEM, name=name, names={"zh-hant": hant, "en": english}, code=code, level=level,
            parent=made.units.get(parent), at=LONG_AGO,
        )  # fmt: skip
    for username, name, role, code in PEOPLE:
        unit = made.units[code]
        user = accounts.create_user(
            actor=SYSTEM, username=username, name=name, password=PASSWORD, unit_id=unit.pk,
            demonstration=True, at=LONG_AGO,
        )  # fmt: skip
        accounts.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=LONG_AGO
        )
        made.staff[username] = user
    names = {"zh-hant": "老年人優待證", "en": "Senior citizen's card"}
    content = catalogue.Content(
        name="老年人优待证", names=names, promised=Limit(5, LimitUnit.WORKING_DAYS),
        legal=Limit(20, LimitUnit.WORKING_DAYS),
    )  # fmt: skip
    category = catalogue.category(code="MZ", name="民政", names={"zh-hant": "民政", "en": "Civil affairs"})
    version = catalogue.publish_version(
        actor=SYSTEM, code="MZ-001", category=category, content=content, at=LONG_AGO
    )
    made.item_version_id = version.pk
    return made


class Visitor:
    """One person at one browser window. Every page that is looked at must be clean."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(8000)
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)

    def goto(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def look(self) -> None:
        """axe-core finds nothing, nothing is wider than the window, the console is silent."""
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels too wide"
        assert violations(self.page) == [], self.page.url
        assert self.complaints == [], self.page.url

    def submit(self) -> None:
        """Press the primary button of the page's form."""
        self.page.click("main form .btn-primary[type=submit]")
        self.look()

    def text(self) -> str:
        return self.page.inner_text("main")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: object) -> Iterator[Visit]:
    """Open a browser window: ``visit("lihui")`` signed in, ``visit(width=390)`` a resident's phone."""
    opened: list[BrowserContext] = []
    address = str(live_server)

    def visit(username: str = "", *, width: int = 1280, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, locale="zh-CN"
        )
        opened.append(context)
        visitor = Visitor(context, address)
        if username:
            visitor.goto("/sign-in/login/")
            visitor.page.keyboard.type(username)
            visitor.page.keyboard.press("Tab")
            visitor.page.keyboard.type(PASSWORD)
            visitor.page.keyboard.press("Enter")
            visitor.page.wait_for_url("**/cases/**")
            visitor.look()
        return visitor

    yield visit
    for context in opened:
        context.close()
