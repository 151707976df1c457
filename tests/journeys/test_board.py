"""The board on the wall in a real browser: it hears, it asks, it says when it is cut off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liangdian.desks.hall import services as halls
from liangdian.desks.hall.web.machines import COOKIE
from liangdian.foundation.actor import SYSTEM
from liangdian.platform.accounts.selectors import actor_of
from liangdian.registers.organisation import services as organisation
from tests.journeys.conftest import Hall, Visit, Visitor
from tests.live import LiveServer
from tests.live import live as live  # the fixture


def _take_number(hall_id: int, key: str, at: datetime) -> None:
    halls.join(
        actor=SYSTEM, hall_id=hall_id, arrival=halls.Arrival(press_key=key, item_version_ids=()), at=at
    )


@pytest.fixture
def board(hall: Hall, visit: Visit, live: LiveServer, settings: Any) -> tuple[Visitor, Hall, int, LiveServer]:
    """A screen of the hall with its stream; the clerk sits at window 1."""
    settings.LIVE_ADDRESS = f"http://127.0.0.1:{live.port}"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    opened = {**directives, "connect-src": [*directives["connect-src"], settings.LIVE_ADDRESS]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": opened}
    now = timezone.now()
    window = organisation.create_window(
        actor=SYSTEM, unit=hall.units["XD"], number=1, name="综合", serves=["MZ"], at=now
    )
    made = halls.open_hall(actor=SYSTEM, unit_id=hall.units["XD"].pk, at=now)
    halls.set_group(actor=SYSTEM, hall_id=made.pk, prefix="A", name="综合事务", at=now)
    halls.sign_on(actor=actor_of(hall.staff["lihui"]), window_id=window.pk, at=now)
    _device, code = halls.make_device(actor=SYSTEM, hall_id=made.pk, kind="board", name="东墙", at=now)
    _enrolled, token = halls.claim_device(code=code, at=now)
    visitor = visit(width=1280)
    visitor.page.context.add_cookies([{"name": COOKIE, "value": token, "url": visitor.address}])
    visitor.goto("/board/")
    return visitor, hall, made.pk, live


def test_a_call_appears_a_recall_too_and_a_broken_line_is_said(
    board: tuple[Visitor, Hall, int, LiveServer],
) -> None:
    visitor, hall, hall_id, live = board
    clerk = actor_of(hall.staff["lihui"])
    calls = visitor.page.locator("[data-calls] li")
    expect(calls).to_have_text(["今天还没有叫号。"])
    _take_number(hall_id, "one", timezone.now())
    call = halls.call_next(actor=clerk, at=timezone.now())
    expect(calls.first).to_contain_text("A001")
    expect(visitor.page.locator("[data-windows] li").first).to_contain_text("A001")
    expect(visitor.page.locator("[data-live]")).to_have_text("请A001号到1号窗口")
    assert call is not None
    halls.recall(actor=clerk, item_id=call.item.pk, at=timezone.now())
    expect(calls).to_have_count(1)
    expect(calls.first).to_have_class("is-new")
    visitor.look()
    # The stream is cut: asking goes on.
    live.stop()
    halls.miss(actor=clerk, item_id=call.item.pk, at=timezone.now())
    expect(visitor.page.locator("[data-windows] li").first).to_contain_text("空闲", timeout=60_000)
    # Everything is cut: the screen says since when.
    visitor.page.context.set_offline(True)
    expect(visitor.page.locator("[data-lost-line]")).to_contain_text("连接中断", timeout=60_000)
    _take_number(hall_id, "two", timezone.now())
    halls.call_next(actor=clerk, at=timezone.now())
    visitor.page.context.set_offline(False)
    expect(visitor.page.locator("[data-lost-line]")).to_be_hidden(timeout=60_000)
    expect(calls.first).to_contain_text("A002")
