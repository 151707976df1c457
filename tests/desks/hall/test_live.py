"""The live server as it runs: a real process, real streams, a real listener on the database."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import connection

from liangdian.desks.hall import board, services
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import HallHouse
from tests.live import PATIENCE, LiveServer
from tests.live import live as live  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)


def _open(stack: ExitStack, port: int, ticket: str) -> HTTPResponse:
    line = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)))
    line.request("GET", f"/live/board?ticket={ticket}")
    return line.getresponse()


def _next_board(stream: HTTPResponse) -> dict:
    """The next picture on the stream; beats are passed over."""
    while True:
        text = stream.readline().decode()
        assert text, "the stream ended"
        if text.startswith("event: board"):
            return json.loads(stream.readline().decode().removeprefix("data: "))


def _listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN liangdian_hall%'")
        return cursor.fetchone()[0]


def test_every_screen_has_the_board_at_once_and_the_call_when_it_is_made(
    live: LiveServer, place: HallHouse
) -> None:
    ticket = board.live_token(place.hall.pk)
    with ExitStack() as stack:
        streams = [_open(stack, live.port, ticket) for _n in range(20)]
        assert {stream.status for stream in streams} == {200}
        assert all(_next_board(stream)["seq"] >= 0 for stream in streams)
        assert _listeners() == 1
        place.join("card", at=NOW)
        services.call_next(actor=place.sit("clerk", 1, at=NOW), at=NOW)
        last = board.board_of(place.hall.pk, at=NOW).seq
        for stream in streams:
            while _next_board(stream)["seq"] < last:
                continue


def test_after_a_break_of_the_line_to_the_database_the_board_is_whole_again(
    live: LiveServer, place: HallHouse
) -> None:
    with ExitStack() as stack:
        stream = _open(stack, live.port, board.live_token(place.hall.pk))
        before = _next_board(stream)["seq"]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN liangdian_hall%'"
            )
        place.join("card")
        assert _next_board(stream)["seq"] > before


@pytest.mark.parametrize("path", ["/live/board?ticket=", "/live/board?ticket=forged", "/live/board"])
def test_without_a_ticket_nothing_is_shown(live: LiveServer, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://127.0.0.1:{live.port}{path}", timeout=PATIENCE)
    assert refused.value.code == 403


def test_there_is_nothing_else_on_the_live_server(live: LiveServer) -> None:
    for path in ("/", "/cases/", "/live/", "/static/ui/theme.css"):
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{live.port}{path}", timeout=PATIENCE)
        assert refused.value.code == 404
