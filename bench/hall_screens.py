"""The board on two hundred screens, and the press of the kiosk's button, against the running servers."""

from __future__ import annotations

import asyncio
import http.client
import re
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.request import urlopen

from liangdian.config.serve import live_command

PATIENCE = 20.0


def given() -> dict[str, Any]:
    """What the screens need: the ticket of a board, the secret of a kiosk, the address of an item."""
    import django

    django.setup()
    from liangdian.desks.hall import board, services
    from liangdian.desks.hall.models import Hall
    from liangdian.foundation.actor import SYSTEM
    from liangdian.foundation.limits import Limit, LimitUnit
    from liangdian.registers.catalogue import services as catalogue

    at = datetime.now(UTC)
    hall = Hall.objects.get()
    services.set_group(actor=SYSTEM, hall_id=hall.pk, prefix="Z", name="咨询", at=at)
    version = catalogue.publish_version(
        actor=SYSTEM, code="MZ-001", category=catalogue.category(code="MZ", name="民政"), at=at,
        content=catalogue.Content(name="老年优待证", promised=Limit(5, LimitUnit.WORKING_DAYS), legal=None),
    )  # fmt: skip
    _device, code = services.make_device(actor=SYSTEM, hall_id=hall.pk, kind="kiosk", name="1", at=at)
    _enrolled, token = services.claim_device(code=code, at=at)
    return {"ticket": board.live_token(hall.pk), "kiosk": token, "item": f"/kiosk/item/{version.pk}/"}


def caller(user_id: int, at: str, calls: int, pause: float) -> list[tuple[float, int]]:
    """One clerk calls every ``pause`` seconds: the moment of each press, and the event that it made."""
    import django

    django.setup()
    from liangdian.desks.hall import services
    from liangdian.desks.hall.models import HallCounter
    from liangdian.platform.accounts import selectors as accounts

    moment, actor = datetime.fromisoformat(at), accounts.actor_of(accounts.user_by_id(user_id))
    made = []
    for _ in range(calls):
        pressed = time.time()
        call = services.call_next(actor=actor, at=moment)
        assert call is not None
        made.append((pressed, HallCounter.objects.get().last_event))
        time.sleep(pause)
        services.miss(actor=actor, item_id=call.item.pk, at=moment)
        time.sleep(pause)
    return made


class Screens:
    """So many boards on one live server; each notes when it saw which event."""

    def __init__(self, port: int, ticket: str, count: int) -> None:
        self.port, self.ticket = port, ticket
        self.seen: list[list[tuple[float, int]]] = [[] for _ in range(count)]

    async def _look(self, seen: list[tuple[float, int]], ready: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        address = f"/live/board?ticket={self.ticket}"
        writer.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    seen.append((time.time(), int(line[4:])))
                    if len(seen) == 1:
                        ready.release()
        finally:
            writer.close()

    async def watch(self, work: Any) -> Any:
        """Open all, then do ``work`` in a thread while they look."""
        ready = asyncio.Semaphore(0)
        looking = [asyncio.create_task(self._look(seen, ready)) for seen in self.seen]
        for _ in looking:
            await asyncio.wait_for(ready.acquire(), PATIENCE)
        done = await asyncio.to_thread(work)
        await asyncio.sleep(2)
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        return done


def measure_board(
    context: Any, *, port: int, ticket: str, listeners: int, clerk: tuple[int, str]
) -> dict[str, Any]:
    """Milliseconds from the press of "next" until each screen has the picture with that call."""
    live = subprocess.Popen(live_command("127.0.0.1", port))
    try:
        _wait_for(f"http://127.0.0.1:{port}/live/healthz")
        screens = Screens(port, ticket, listeners)
        with context.Pool(1) as pool:
            made = asyncio.run(screens.watch(lambda: pool.apply(caller, (*clerk, 30, 0.25))))
    finally:
        live.terminate()
        live.wait()
    spans, lost = [], 0
    for seen in screens.seen:
        for pressed, event in made:
            came = next((at for at, number in seen if number >= event), None)
            if came is None:
                lost += 1
            else:
                spans.append((came - pressed) * 1000)
    return {"listeners": listeners, "calls": len(made), "never_came": lost, **_cuts(spans)}


def measure_kiosk(*, port: int, token: str, item: str, presses: int) -> dict[str, Any]:
    """Milliseconds from the press until the whole page with the number is there: two requests."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    spans = []
    for _ in range(presses):
        page, cookie = _page(link, item, f"ld_device={token}")
        found = dict(re.findall(r'name="(csrfmiddlewaretoken|press_key)" value="([^"]+)"', page))
        body = "&".join(f"{name}={value}" for name, value in found.items()) + "&reason="
        sent = f"ld_device={token}; {cookie}"
        headers = {"Cookie": sent, "Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        link.request("POST", item, body, headers)
        answer = link.getresponse()
        answer.read()
        slip, _cookie = _page(link, answer.headers["Location"], sent)
        spans.append((time.perf_counter() - begun) * 1000)
        assert "kiosk-slip" in slip, answer.status
    return {"presses": presses, **_cuts(spans)}


def _page(link: http.client.HTTPConnection, path: str, cookie: str) -> tuple[str, str]:
    link.request("GET", path, headers={"Cookie": cookie})
    answer = link.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, answer.status
    return text, (answer.headers["Set-Cookie"] or "").split(";")[0]


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The live server did not start.")


def _cuts(spans: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(spans, n=20)
    return {"p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}
