"""Figures are counted from the segments alone, and agree with a day worked through by hand."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liangdian.casework import services as casework
from liangdian.desks.hall import figures, services
from liangdian.desks.hall.figures import By, Share, Spread
from liangdian.desks.hall.models import Hall
from liangdian.foundation.actor import SYSTEM
from tests.casework.conftest import NOW
from tests.desks.hall.conftest import MINUTE, HallHouse
from tests.desks.hall.web.test_pages import client_of

DAY = NOW.date()


@pytest.fixture
def worked(place: HallHouse) -> HallHouse:
    """Ten o'clock: served after 4 minutes, served after 30, missed, left, closed, and an appointment."""
    hall, clerk = place.hall, place.sit("clerk", 1)
    first, second, missed, left, _closed = (place.join("card") for _ in range(5))
    services.call_next(actor=clerk, at=NOW + 4 * MINUTE)
    services.start(actor=clerk, item_id=first.pk, at=NOW + 5 * MINUTE)
    services.hold(actor=clerk, item_id=first.pk, at=NOW + 10 * MINUTE)
    services.go_on(actor=clerk, item_id=first.pk, at=NOW + 12 * MINUTE)
    services.finish(actor=clerk, item_id=first.pk, at=NOW + 15 * MINUTE, no_case_reason="x")
    services.leave(actor=clerk, item_id=left.pk, at=NOW + 16 * MINUTE)
    services.call_next(actor=clerk, at=NOW + 30 * MINUTE)
    place.served(clerk, second, NOW + 31 * MINUTE, minutes=10)
    services.call_next(actor=clerk, at=NOW + 42 * MINUTE)
    services.miss(actor=clerk, item_id=missed.pk, at=NOW + 44 * MINUTE)
    other = place.sit("clerk2", 2)
    booked = services.check_in(
        actor=SYSTEM, hall_id=hall.pk, booking="b", booked_for=NOW + 60 * MINUTE, at=NOW + 40 * MINUTE,
        item_version_ids=[place.items["pension"].pk],
    )  # fmt: skip
    item = booked.items.get()
    services.call_next(actor=other, at=NOW + 63 * MINUTE)
    services.start(actor=other, item_id=item.pk, at=NOW + 64 * MINUTE)
    case = place.house.case(item_version_id=place.items["pension"].pk)
    services.link_case(actor=other, item_id=item.pk, reference=case.reference, at=NOW + 64 * MINUTE)
    casework.resolve(actor=place.actor("clerk"), case_id=case.pk, answer="已办", at=NOW + 65 * MINUTE)
    services.finish(actor=other, item_id=item.pk, at=NOW + 66 * MINUTE)
    services.end_days(at=NOW + timedelta(days=1))
    return place


def test_a_day_by_hand(worked: HallHouse) -> None:
    row = figures.total(worked.hall, first=DAY, last=DAY)
    assert (row.items, row.served, row.left, row.parked, row.closed) == (6, 3, 1, 0, 1)
    # Waits of those who were called: 4, 30, 42, and the appointment 3 from its own time on.
    assert row.waiting.median == 17.0
    assert row.on_target == Share(2, 4)
    assert row.way.median == 1.0
    assert row.service == Spread(8.0, 9.6)  # 8 without the interruption, 10 and 2
    assert (row.held.median, row.interrupted) == (2.0, 1)
    assert row.whole.median == 26.0  # 15, 41 and 26
    assert row.no_show == Share(1, 4)
    assert row.missed == Share(1, 4)
    assert row.at_once == Share(1, 1)
    assert row.inside.denominator == 4


def test_by_item_window_hour_day_and_appointment(worked: HallHouse) -> None:
    def by(by: By) -> dict[str, int]:
        return {row.key: row.items for row in figures.rows_by(worked.hall, by, first=DAY, last=DAY)}

    assert by(By.ITEM) == {"MZ-001": 5, "RS-001": 1}
    assert by(By.WINDOW) == {"": 2, "1": 3, "2": 1}
    assert by(By.HOUR) == {"10": 6}
    assert by(By.DAY) == {"2026-09-18": 6}
    assert by(By.APPOINTMENT) == {"false": 5, "true": 1}
    cells = figures.heat(worked.hall, first=DAY, last=DAY)
    assert [(cell.weekday, cell.hour, cell.visits) for cell in cells] == [(5, 10, 6)]


def test_who_was_moved_and_came_back_is_counted_once_and_waits_in_sum(place: HallHouse) -> None:
    clerk = place.sit("clerk", 1)
    item = place.join("card")
    services.call_next(actor=clerk, at=NOW + 5 * MINUTE)
    services.miss(actor=clerk, item_id=item.pk, at=NOW + 6 * MINUTE)
    services.come_back(actor=clerk, item_id=item.pk, at=NOW + 10 * MINUTE)
    services.move_to_window(
        actor=place.actor("secretary"), item_id=item.pk, window_id=place.windows[1].pk, at=NOW + 11 * MINUTE
    )
    services.call_next(actor=clerk, at=NOW + 13 * MINUTE)
    place.served(clerk, item, NOW + 14 * MINUTE)
    row = figures.total(place.hall, first=DAY, last=DAY)
    assert row.waiting.median == 8.0
    assert (row.moved, row.missed, row.no_show) == (Share(1, 1), Share(1, 2), Share(0, 1))


def test_no_data_is_no_data_and_never_zero(place: HallHouse) -> None:
    row = figures.total(place.hall, first=DAY, last=DAY)
    assert (row.waiting.median, row.on_target.percent, row.off) == (None, None, None)
    assert figures.rows_by(place.hall, By.DAY, first=DAY, last=DAY) == []


def test_another_hall_is_not_counted(worked: HallHouse) -> None:
    hall = services.open_hall(actor=SYSTEM, unit_id=worked.house.other.pk, at=NOW)
    assert figures.total(Hall.objects.get(pk=hall.pk), first=DAY, last=DAY).items == 0


def test_the_page_costs_the_same_for_every_row_and_exports_with_denominators(worked: HallHouse) -> None:
    client: Client = client_of(worked, "secretary")
    url = f"/hall/{worked.hall.pk}/figures/"
    asked = {"first": "2026-09-18", "last": "2026-09-18"}
    counts = []
    for by in By:
        client.get(url, asked | {"by": by.value})
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url, asked | {"by": by.value})
        counts.append(len(queries))
        assert page.status_code == 200
        assert "17.0" in page.content.decode()
    assert max(counts) - min(counts) <= 1  # names of items
    for form in ("csv", "xlsx"):
        answer = client.get(f"{url}export.{form}", asked | {"by": "item"})
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    text = client.get(f"{url}export.csv", asked).content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert {len(row) for row in rows} == {29}
    assert [row[1] for row in rows[1:]] == ["5", "1", "6"]  # two items and all
    assert client.get(f"{url}export.pdf", asked).status_code == 404
    assert client.get(f"{url}export.csv", {"first": "x"}).status_code == 422
    wrong = {"first": "2026-09-19", "last": "2026-09-18", "by": "nothing"}
    assert client.get(url, wrong).status_code == 200
