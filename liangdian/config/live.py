"""The live server: the boards' streams (server-sent events), with one database listener for all of them.

A small ASGI application without Django's views. PostgreSQL tells of a change; the board is read once in a
thread and the same bytes go to everybody who looks at this hall. Whoever is slow gets the newest picture
only: it holds the last calls, so nothing is missed. A beat every ten seconds says that the line stands,
and stops when the database cannot be heard: the screens then say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import django
import psycopg
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangdian.config.settings.prod")
django.setup()

from liangdian.desks.hall import board  # noqa: E402  (needs Django's registry)
from liangdian.desks.hall.services.record import CHANNEL  # noqa: E402
from liangdian.foundation.refused import Refused  # noqa: E402

log = logging.getLogger(__name__)
BEAT = 10.0
TRY_AGAIN = 2.0
ANEW = 60.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Latest:
    """A place for one message: a newer one takes the place of one that was not fetched yet."""

    def __init__(self) -> None:
        self._message = b""
        self._there = asyncio.Event()

    def put(self, message: bytes) -> None:
        self._message = message
        self._there.set()

    async def take(self) -> bytes:
        await self._there.wait()
        self._there.clear()
        return self._message


class Live:
    """Who listens to which hall, and the one listener that hears the database."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.listeners: dict[int, set[Latest]] = {}
        self.changed: dict[int, asyncio.Event] = {}
        self.hears = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # One thread, so one connection: boards are read one after the other.
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="board")

    def start(self) -> None:
        self._keep(self._listen())

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._reader.shutdown(wait=False, cancel_futures=True)

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        """Hear the database for ever; after a break every board is read anew."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    self.hears.set()
                    for change in self.changed.values():
                        change.set()
                    async for heard in line.notifies():
                        hall, _last = json.loads(heard.payload)
                        if hall in self.changed:
                            self.changed[hall].set()
            except psycopg.Error:
                log.warning("the live server cannot hear the database; trying again")
            self.hears.clear()
            await asyncio.sleep(TRY_AGAIN)

    async def _tell(self, hall: int) -> None:
        """As long as somebody listens: at each change one reading, the same bytes for everybody."""
        change, shown = self.changed[hall], b""
        while self.listeners.get(hall):
            # Notices begin and end by the clock, without an event of the hall.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(change.wait(), ANEW)
            change.clear()
            try:
                message = await self.read(hall)
            except DatabaseError:
                log.warning("a board could not be read; trying again")
                await asyncio.sleep(TRY_AGAIN)
                change.set()
                continue
            if message != shown:
                shown = message
                for place in self.listeners.get(hall, ()):
                    place.put(message)
        self.changed.pop(hall, None)

    async def read(self, hall: int) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._reader, _message, hall)

    @contextlib.contextmanager
    def place(self, hall: int) -> Any:
        """A place at a hall for one screen, for the time of the block."""
        mine = Latest()
        self.listeners.setdefault(hall, set()).add(mine)
        if hall not in self.changed:
            self.changed[hall] = asyncio.Event()
            self._keep(self._tell(hall))
        try:
            yield mine
        finally:
            self.listeners[hall].discard(mine)
            if not self.listeners[hall]:
                del self.listeners[hall]
                # Wakes the teller, which sees that nobody is left.
                self.changed[hall].set()


def _message(hall: int) -> bytes:
    """The board as one server-sent event."""
    close_old_connections()
    shown = board.board_of(hall, at=timezone.now())
    data = json.dumps(shown.as_dict(), ensure_ascii=False, separators=(",", ":"))
    return f"id: {shown.seq}\nevent: board\ndata: {data}\n\n".encode()


async def _stream(live: Live, hall: int, send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        # The ticket in the address is the right to read; no cookie is looked at.
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with live.place(hall) as mine:
        mine.put(b"retry: 2000\n\n" + await live.read(hall))
        while True:
            try:
                message = await asyncio.wait_for(mine.take(), BEAT)
            except TimeoutError:
                if not live.hears.is_set():
                    continue
                message = b"event: beat\ndata: {}\n\n"
            await send({"type": "http.response.body", "body": message, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _plain(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def _answer(live: Live, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/live/healthz":
        ok = live.hears.is_set()
        await _plain(send, 200 if ok else 503, b"ok" if ok else b"cannot hear the database")
        return
    if scope["path"] != "/live/board" or scope["method"] != "GET":
        await _plain(send, 404, b"There is nothing here.")
        return
    given = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
    try:
        hall = board.hall_of_token(given)
    except Refused:
        await _plain(send, 403, b"This ticket does not open the board. Load the page again.")
        return
    streaming = asyncio.ensure_future(_stream(live, hall, send))
    leaving = asyncio.ensure_future(_gone(receive))
    done, _rest = await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (streaming, leaving):
        task.cancel()
    if streaming in done and (error := streaming.exception()) is not None:
        log.info("a board went away: %s", type(error).__name__)


_live: Live | None = None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI entry: one listener from start to end."""
    global _live
    if scope["type"] == "lifespan":
        await receive()
        _live = Live(os.environ["DATABASE_URL"])
        _live.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        _live.stop()
        await send({"type": "lifespan.shutdown.complete"})
        return
    assert _live is not None
    await _answer(_live, scope, receive, send)
