"""A debt dispute from the application to the kept instalments, played in browsers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from liangdian.casework.chain import verify
from liangdian.casework.links import link_path
from liangdian.casework.models import Case
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Dispute, Obligation
from liangdian.desks.mediation.rules import Seat
from liangdian.desks.mediation.services import About
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts import services as accounts
from tests.journeys.conftest import LONG_AGO, PASSWORD, Hall, Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMITTEE = (
    ("majianguo", "马建国", Role.MEDIATOR), ("wangfang", "王芳", Role.SECRETARY),
    ("liumei", "刘梅", Role.MEDIATOR),
)  # fmt: skip


def elect(hall: Hall) -> None:
    """A committee of three, in office."""
    unit = hall.units["XD"]
    for username, name, role in COMMITTEE:
        user = accounts.create_user(
            actor=SYSTEM, username=username, name=name, password=PASSWORD, unit_id=unit.pk,
            demonstration=True, at=LONG_AGO,
        )  # fmt: skip
        accounts.grant_role(
            actor=SYSTEM, user=user, role=role, unit_id=unit.pk, unit_path=unit.path, at=LONG_AGO
        )
        hall.staff[username] = user
    about = About("西大街社区人民调解委员会", "城关派出所 赵警官", "0100-110", "钟楼区人民法院")
    committee = services.set_committee(actor=SYSTEM, unit_id=unit.pk, about=about, at=LONG_AGO)
    ids = [hall.staff[name].pk for name, _name, _role in COMMITTEE]
    seats = [Seat(ids[0], False, head=True), Seat(ids[1], True), Seat(ids[2], True)]
    starts = date(business_date(hall.case().registered_at).year, 1, 1)
    services.elect(actor=SYSTEM, committee_id=committee.pk, starts=starts, seats=seats, at=LONG_AGO)


def do(visitor: Visitor, case: Case, name: str, checks: tuple[str, ...] = (), **typed: str) -> None:
    """One act by its own page; ``checks``: labels of the boxes and circles that are ticked."""
    visitor.goto(f"/cases/{case.reference}/mediation.{name}/")
    for label in checks:
        visitor.page.locator("main form").get_by_label(label, exact=True).first.check()
    for field, text in typed.items():
        control = visitor.page.locator(f"main [name={field}]")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(index=int(text))
        else:
            control.fill(text)
    visitor.submit()
    visitor.page.wait_for_url(f"**/cases/{case.reference}/")


def sign(visitor: Visitor, case: Case) -> None:
    """Whoever is next in the list draws his name in the box."""
    visitor.goto(f"/mediation/{case.reference}/sign/")
    box = visitor.page.locator("[data-sign] svg")
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    assert frame is not None
    x, y = frame["x"], frame["y"]
    visitor.page.mouse.move(x + 40, y + 90)
    visitor.page.mouse.down()
    for step in range(1, 12):
        visitor.page.mouse.move(x + 40 + 20 * step, y + 90 + (30 if step % 2 else -30))
    visitor.page.mouse.up()
    visitor.submit()
    visitor.page.wait_for_url(f"**/cases/{case.reference}/")


def test_a_debt_dispute_from_the_application_to_the_kept_instalments(hall: Hall, visit: Visit) -> None:
    elect(hall)
    mediator, secretary, phone = visit("majianguo"), visit("wangfang"), visit(width=390)
    mediator.goto("/mediation/new/")
    page = mediator.page
    page.select_option("[name=category]", "contract")
    page.select_option("[name=subtype]", "debt")
    page.fill("[name=words]", "他借我一万二千元，说好去年底还，到现在没有还。")
    page.fill("[name=p-0-name]", "王桂兰")
    page.fill("[name=p-0-phone]", "13812342211")
    page.fill("[name=p-1-name]", "李明")
    page.click("main form button[type=submit]:not([name])")
    page.wait_for_url("**/cases/XD-*/")
    mediator.look()
    case = Case.objects.get(kind="dispute")

    do(mediator, case, "consent", ("是",), party="0")
    do(secretary, case, "assign", ("马建国", "当事人选择"))
    do(
        mediator,
        case,
        "record",
        ("王桂兰 · 申请人", "李明 · 被申请人", "马建国"),
        record="双方对借款数额没有异议。",
    )
    do(mediator, case, "offer", party="1", text="愿意分三期归还。", amount="12000")
    do(mediator, case, "answer_offer", ("是",), offer="0")
    today = business_date(case.registered_at)
    do(
        mediator, case, "draft", ("书面调解协议",), facts="借款一万二千元，有借条。", content="分三期归还。",
        responsibilities="李明应当归还。", manner="每月转账。", debtor="1", creditor="0", amount="12000",
        count="3",
        first_on=(today + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    for _each in range(3):
        sign(mediator, case)
    secretary.goto(f"/cases/{case.reference}/")
    secretary.page.click("main form[action$='/mediation.seal/'] button")
    secretary.look()
    assert Dispute.objects.get(pk=case.pk).state == "effective"
    pdf = mediator.page.context.request.get(f"{mediator.address}/mediation/{case.reference}/agreement/1.pdf")
    assert pdf.status == 200 and pdf.body().startswith(b"%PDF")

    phone.goto(link_path(case.reference))
    assert "4,000.00" in phone.text() and "李明" not in phone.text(), "names of others are masked"
    for _each in range(3):
        do(mediator, case, "fulfil", ("已履行",), done_on=today.isoformat())
    assert set(Obligation.objects.values_list("state", flat=True)) == {"kept"}
    assert Dispute.objects.get(pk=case.pk).state == "fulfilled"
    for path in ("", "fulfilment/", "committee/", "figures/"):
        mediator.goto(f"/mediation/{path}")
    assert "100.0 %" in mediator.text()
    assert list(verify()) == []
