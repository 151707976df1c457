"""The kiosk in a real browser: from the need to the slip, and numbers that count while the line is down."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liangdian.desks.hall import services as halls
from liangdian.desks.hall.models import Visit as HallVisit
from liangdian.desks.hall.web.machines import COOKIE
from liangdian.foundation.actor import SYSTEM
from tests.journeys.conftest import Hall, Visit, Visitor


@pytest.fixture
def kiosk(hall: Hall, visit: Visit) -> Visitor:
    """An enrolled kiosk with an upright screen."""
    now = timezone.now()
    made = halls.open_hall(actor=SYSTEM, unit_id=hall.units["XD"].pk, at=now)
    halls.set_group(actor=SYSTEM, hall_id=made.pk, prefix="A", name="民政", categories=["MZ"], at=now)
    halls.set_group(actor=SYSTEM, hall_id=made.pk, prefix="Z", name="咨询", at=now)
    _device, code = halls.make_device(actor=SYSTEM, hall_id=made.pk, kind="kiosk", name="大门", at=now)
    _enrolled, token = halls.claim_device(code=code, at=now)
    visitor = visit(width=1080)
    visitor.page.context.add_cookies([{"name": COOKIE, "value": token, "url": visitor.address}])
    return visitor


def test_from_the_need_to_the_slip(kiosk: Visitor) -> None:
    kiosk.goto("/kiosk/")
    kiosk.page.click("text=民政")
    kiosk.look()
    kiosk.page.click("text=老年人优待证")
    kiosk.look()
    kiosk.page.click(".kiosk-press")
    kiosk.look()
    expect(kiosk.page.locator(".kiosk-slip strong")).to_have_text("A001")
    kiosk.page.click("text=完成")
    expect(kiosk.page).to_have_url(re.compile("/kiosk/$"))


def test_the_appointment_is_typed_with_one_finger(kiosk: Visitor) -> None:
    kiosk.goto("/kiosk/appointment/")
    for letter in "K7Q":
        kiosk.page.click(f".kiosk-keys >> text='{letter}'")
    kiosk.page.click("text=删除一位")
    expect(kiosk.page.locator("#id_code")).to_have_value("K7")


def test_numbers_given_out_without_a_line_are_told_later_and_once(kiosk: Visitor) -> None:
    kiosk.goto("/kiosk/")
    page = kiosk.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("JSON.parse(localStorage.getItem('kiosk-blocks') || '[]').length == 2")
    page.reload()  # from now on the worker rules over the page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.click("text=民政")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.click("[data-take=A]")
    expect(page.locator("[data-offline-number]")).to_have_text("A501")
    page.click("[data-offline-done]")
    page.click("[data-take=A]")
    expect(page.locator("[data-offline-number]")).to_have_text("A502")
    page.click("[data-offline-done]")
    assert HallVisit.objects.count() == 0
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/kiosk/$"), timeout=40_000)
    page.wait_for_function("JSON.parse(localStorage.getItem('kiosk-given') || '[]').length == 0")
    assert sorted(HallVisit.objects.values_list("number", flat=True)) == [501, 502]
