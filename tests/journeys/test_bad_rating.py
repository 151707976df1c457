"""A bad rating repaired: rated by its link, called back by a colleague, put right, told, rated well."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liangdian.casework import services
from liangdian.casework.chain import verify
from liangdian.casework.links import link_path, rating_path
from liangdian.casework.models import Case, Rating, Repair
from liangdian.platform.accounts.selectors import actor_of
from tests.journeys.conftest import Hall, Visit, Visitor
from tests.journeys.test_procedure import do

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def answered(hall: Hall) -> Case:
    """The resident asked on the phone, and the clerk answered."""
    clerk, now = hall.staff["lihui"], datetime.now(UTC)
    intake = services.Intake(
        kind="help", channel="phone", unit_id=hall.units["XD"].pk, words="三号楼门口的路灯坏了。",
        first_handler_id=clerk.pk, resident_name="赵玉兰", phone="13700001234",
    )  # fmt: skip
    case = services.register(actor=actor_of(clerk), intake=intake, at=now)
    return services.resolve(actor=actor_of(clerk), case_id=case.pk, answer="已报修。", at=now)


def rate(phone: Visitor, case: Case, grade: str, comment: str) -> None:
    """From the resident's own page to the rating of the newest answer; nothing is chosen beforehand."""
    phone.goto(link_path(case.reference))
    phone.page.click("main a[href^='/r/']")
    phone.look()
    assert phone.page.locator("[name=grade]:checked").count() == 0
    phone.page.check(f"[name=grade][value='{grade}']")
    phone.page.fill("[name=comment]", comment)
    phone.submit()
    assert phone.page.locator("[name=grade]").count() == 0, "used once"
    assert comment in phone.text()


def test_a_bad_rating_is_called_back_put_right_told_and_rated_well(hall: Hall, visit: Visit) -> None:
    case = answered(hall)
    phone = visit(width=390)
    rate(phone, case, "2", "灯还是不亮。")
    case.refresh_from_db()
    assert (case.state, case.round) == ("handling", 2)

    colleague = visit("zhoumin")
    colleague.goto("/cases/?list=to_call")
    assert case.reference in colleague.text()
    colleague.goto(rating_path(case.reference, 1))
    assert colleague.page.locator("[name=grade]").count() == 0, "staff do not rate"
    do(colleague, case, "call_rated", text="居民说要给个修好的日期。")

    above = visit("liujun")
    do(above, case, "repair", way="fix", text="今天换灯，换好后上门告知。")
    phone.goto(link_path(case.reference))
    assert "今天换灯" in phone.text() and "给个修好的日期" not in phone.text()
    do(above, case, "resolve", answer="路灯已换好，当面看过。")

    rate(phone, case, "5", "谢谢，亮了。")
    case.refresh_from_db()
    assert (case.state, case.ending) == ("closed", "satisfied")
    assert Repair.objects.get(case=case).end == "told"
    assert list(Rating.objects.order_by("round").values_list("grade", flat=True)) == ["2", "5"]
    assert list(verify()) == []
