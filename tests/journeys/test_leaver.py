"""A clerk leaves: everything she has is handed over in one act, and only then does her account end."""

from __future__ import annotations

import pytest

from liangdian.casework.links import link_path
from liangdian.foundation.actor import SYSTEM, Role
from liangdian.platform.accounts import services as accounts
from tests.journeys.conftest import LONG_AGO, PASSWORD, Hall, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_leaver_hands_over_before_the_account_ends(hall: Hall, visit: Visit) -> None:
    unit = hall.units["CG"]
    keeper = accounts.create_user(
        actor=SYSTEM, username="wangqiang", name="王强", password=PASSWORD, unit_id=unit.pk,
        demonstration=True, at=LONG_AGO,
    )  # fmt: skip
    accounts.grant_role(
        actor=SYSTEM, user=keeper, role=Role.SECURITY, unit_id=unit.pk, unit_path=unit.path, at=LONG_AGO
    )
    leaver, case = hall.staff["lihui"], hall.case()
    security = visit("")
    security.goto("/sign-in/login/")
    security.page.fill("[name=login]", "wangqiang")
    security.page.fill("[name=password]", PASSWORD)
    security.page.keyboard.press("Enter")
    security.page.wait_for_url(lambda url: "/sign-in/" not in url)
    security.page.wait_for_load_state()
    security.goto(f"/account/staff/{leaver.pk}/leave/")
    assert "未办结的事项" in security.text()

    coordinator = visit("liujun")
    coordinator.goto("/cases/hand-over/")
    coordinator.page.select_option("[name=from_user]", label="李慧")
    coordinator.page.select_option("[name=to_user]", label="周敏")
    coordinator.page.fill("[name=reason]", "李慧调离，由周敏接手。")
    coordinator.submit()
    assert "1 件已移交" in coordinator.text()
    colleague = visit("zhoumin")
    colleague.goto("/cases/?list=answer")
    assert case.reference in colleague.text()
    resident = visit(width=390)
    resident.goto(link_path(case.reference))
    assert "现由周敏代为负责" in resident.text()

    security.goto(f"/account/staff/{leaver.pk}/leave/")
    security.page.click("main form button[type=submit]")
    security.page.click("#ld-confirm [value=yes]")
    security.page.wait_for_url(f"**/account/staff/{leaver.pk}/")
    security.look()
    leaver.refresh_from_db()
    assert not leaver.is_active
