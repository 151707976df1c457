"""Two neighbours and one lamp: handled together, parted again; and one matter with all four promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liangdian.casework import services
from liangdian.casework.chain import verify
from liangdian.casework.links import link_path
from liangdian.casework.models import Case, Promise
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.platform.accounts.selectors import actor_of
from liangdian.registers.catalogue import services as catalogue
from tests.journeys.conftest import LONG_AGO, Hall, Visit
from tests.journeys.test_procedure import do

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lamp(hall: Hall, *, kind: str, name: str, phone: str) -> Case:
    """The lamp in the stairway, told on the phone."""
    from_clerk = hall.staff["lihui"]
    intake = services.Intake(
        kind=kind, channel="phone", unit_id=hall.units["XD"].pk, words="十二号楼三单元楼道的灯坏了。",
        first_handler_id=from_clerk.pk, resident_name=name, phone=phone,
    )  # fmt: skip
    return services.register(actor=actor_of(from_clerk), intake=intake, at=datetime.now(UTC))


def test_merge_and_unmerge(hall: Hall, visit: Visit) -> None:
    leader = lamp(hall, kind="help", name="王桂兰", phone="13812342211")
    follower = lamp(hall, kind="consultation", name="李秀英", phone="13812342212")
    own = Promise.objects.get(case=leader)
    clerk = visit("lihui")
    clerk.goto(f"/cases/{follower.reference}/")
    clerk.page.wait_for_selector("#suspects a")
    assert leader.reference in clerk.page.inner_text("#suspects")
    clerk.page.click("#suspects a[href*='/merge/']")
    clerk.look()
    assert clerk.page.input_value("[name=other]") == leader.reference
    clerk.page.fill("[name=reason]", "同一盏灯")
    clerk.submit()
    assert "合并办理" in clerk.page.inner_text("h1")
    clerk.goto(f"/cases/{leader.reference}/")
    assert follower.reference in clerk.text()
    newest = Promise.objects.filter(case=leader).latest("seq")
    assert newest.due_at < own.due_at
    phone = visit(width=390)
    phone.goto(link_path(follower.reference))
    assert "与另一件同一事项合并办理" in phone.text()
    assert leader.reference not in phone.text()

    do(clerk, follower, "unmerge", reason="李秀英说的是另一单元")
    phone.goto(link_path(follower.reference))
    assert "恢复单独办理" in phone.text()
    follower.refresh_from_db()
    assert follower.merged_into_id is None

    do(clerk, follower, "merge", other=leader.reference, reason="核实过，是同一盏")
    do(clerk, leader, "resolve", answer="灯已换好。")
    for case in (leader, follower):
        phone.goto(link_path(case.reference))
        assert "灯已换好。" in phone.text()
        phone.page.click("main a[href^='/r/']")
        phone.look()
        phone.page.check("[name=grade][value='5']")
        phone.submit()
    assert set(Case.objects.values_list("state", flat=True)) == {"closed"}
    assert list(verify()) == []


def test_four_promises_on_one_case(hall: Hall, visit: Visit) -> None:
    content = catalogue.Content(
        name="居住证明", names={"zh-hant": "居住證明", "en": "Proof of residence"},
        promised=Limit(0, LimitUnit.AT_ONCE),
    )  # fmt: skip
    category = catalogue.category(code="HJ", name="户籍", names={"zh-hant": "戶籍", "en": "Registration"})
    catalogue.publish_version(actor=SYSTEM, code="HJ-001", category=category, content=content, at=LONG_AGO)
    clerk = visit("lihui")
    clerk.goto("/cases/new/")
    clerk.page.fill("[name=item]", "HJ-001")
    clerk.page.fill("[name=resident_name]", "王桂兰")
    clerk.page.fill("[name=phone]", "13812342211")
    clerk.page.fill("[name=words]", "家里急用居住证明，我走不动，也不知道怎么办。")
    for need in ("cannot_walk", "needs_helper"):
        clerk.page.check(f"[name=needs][value={need}]")
    clerk.page.check("[name=documents_complete]")
    clerk.page.check("[name=urgent]")
    clerk.submit()
    case = Case.objects.get()
    given = clerk.page.inner_text("section[aria-labelledby=pledges]")
    assert given.count("已承诺") == 4, given
    phone = visit(width=390)
    phone.goto(link_path(case.reference))
    assert phone.page.inner_text("section[aria-labelledby=pledges]").count("已承诺") == 4

    do(clerk, case, "contact", text="电话讲清了怎么办，今天上门。")
    do(clerk, case, "visit", text="上门收取签字，证明当场交给本人。")
    do(clerk, case, "resolve", answer="居住证明已办好并送到家里。")
    kept = clerk.page.inner_text("section[aria-labelledby=pledges]")
    assert kept.count("兑现") == 4, kept
