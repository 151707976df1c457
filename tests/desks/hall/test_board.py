"""The board: every call and recall, no name, one reading for all, and 304 while nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangdian.desks.hall import board, services
from liangdian.foundation.refused import NotFound
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import HallHouse

MINUTE = timedelta(minutes=1)


@pytest.fixture
def screen(place: HallHouse) -> Client:
    """An enrolled board."""
    _device, code = services.make_device(
        actor=place.actor("secretary"), hall_id=place.hall.pk, kind="board", name="东墙", at=timezone.now()
    )
    client = Client()
    client.post("/device/", {"code": code})
    return client


def test_a_call_and_its_recall_are_two_lines_and_the_window_shows_who_is_there(place: HallHouse) -> None:
    first = place.join("card")
    place.join("card")
    clerk = place.sit("clerk", 1)
    services.call_next(actor=clerk, at=NOW + MINUTE)
    services.recall(actor=clerk, item_id=first.pk, at=NOW + 2 * MINUTE)
    shown = board.board_of(place.hall.pk, at=NOW + 2 * MINUTE)
    assert [(c.ticket, c.window, c.again) for c in shown.calls] == [("A001", 1, True), ("A001", 1, False)]
    assert shown.calls[0].seq > shown.calls[1].seq
    assert [row.seq for row in shown.rows] == [shown.calls[0].seq]
    assert [(w.window, w.state, w.ticket) for w in shown.windows] == [(1, "open", "A001")]
    assert shown.waiting == [("A", 1), ("B", 0), ("Z", 0)]


def test_the_calls_of_yesterday_are_not_shown(place: HallHouse) -> None:
    place.join("card")
    services.call_next(actor=place.sit("clerk", 1), at=NOW)
    shown = board.board_of(place.hall.pk, at=NOW + timedelta(days=1))
    assert (shown.calls, shown.windows, shown.waiting[0]) == ([], [], ("A", 0))


def test_nothing_on_the_board_says_who_somebody_is(place: HallHouse) -> None:
    place.join("card", resident_id=place.house.case().resident_id)
    services.call_next(actor=place.sit("clerk", 1), at=NOW)
    text = str(board.board_of(place.hall.pk, at=NOW).as_dict())
    assert "王桂兰" not in text
    assert "clerk" not in text


@pytest.mark.parametrize("people", [1, 30])
def test_reading_the_board_costs_the_same_for_one_and_for_thirty(place: HallHouse, people: int) -> None:
    for _n in range(people):
        place.join("card")
    services.call_next(actor=place.sit("clerk", 1), at=NOW)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        board.board_of(place.hall.pk, at=NOW)
    assert len(asked) <= 8


def test_asking_again_costs_little_until_something_happens(place: HallHouse, screen: Client) -> None:
    first = screen.get("/board/state.json")
    tag = first.headers["ETag"]
    assert screen.get("/board/state.json", headers={"if-none-match": tag}).status_code == 304
    place.join("card", at=timezone.now())
    changed = screen.get("/board/state.json", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.json()["waiting"][0] == ["A", 1]


def test_the_page_is_drawn_without_scripts_too(place: HallHouse, screen: Client) -> None:
    now = timezone.now()
    place.join("card", at=now)
    services.call_next(actor=place.sit("clerk", 1, at=now), at=now)
    page = screen.get("/board/")
    assert page.status_code == 200
    assert "<strong>A001</strong><span>1号窗口</span>" in page.text


def test_a_ticket_opens_the_stream_of_its_hall_and_no_other_and_not_for_ever(
    place: HallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = board.live_token(place.hall.pk)
    assert board.hall_of_token(ticket) == place.hall.pk
    for wrong in ("", "x", ticket[:-1], ticket + "x"):
        with pytest.raises(NotFound):
            board.hall_of_token(wrong)
    monkeypatch.setattr(board, "TOKEN_GOOD_FOR", -1)
    with pytest.raises(NotFound):
        board.hall_of_token(ticket)
