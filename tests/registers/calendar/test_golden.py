"""The product's own table against an independent one: every day of twenty years."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from liangdian.foundation.workdays import add_calendar_days, add_working_days
from liangdian.registers.calendar.rules import LibraryDays, TableDays, library_departures
from liangdian.registers.calendar.selectors import calendar_days
from liangdian.registers.calendar.services import seed_from_library

GOLDEN = Path(__file__).resolve().parents[4] / "shared" / "data" / "cn_offdays_2007_2026.json"
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="module")
def golden() -> dict[date, bool]:
    """True where the calendar says rest, False where it says make-up working day."""
    if not GOLDEN.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The golden table is missing: ../shared/data/cn_offdays_2007_2026.json")
        pytest.skip(
            "No golden table here: ../shared/data/cn_offdays_2007_2026.json (not part of the project)"
        )
    return {date.fromisoformat(day): rest for day, rest in json.loads(GOLDEN.read_text()).items()}


def days_that_differ(days: TableDays, golden: dict[date, bool]) -> list[date]:
    every = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    assert len(every) == 7305
    return [d for d in every if days.is_working(d) is golden.get(d, d.weekday() >= 5)]


def test_all_7305_days_agree(golden):
    assert days_that_differ(LibraryDays(), golden) == []


@pytest.mark.django_db
def test_all_7305_days_agree_after_seeding_the_database(golden):
    seed_from_library()
    assert days_that_differ(calendar_days(), golden) == []


def test_2026_as_published():
    rest = [d.date for d in library_departures(2026) if d.kind == "holiday"]
    work = [d.date for d in library_departures(2026) if d.kind == "make_up"]
    spans = [((1, 1), 3), ((2, 15), 9), ((4, 4), 3), ((5, 1), 5), ((6, 19), 3), ((9, 25), 3), ((10, 1), 7)]
    assert rest == [date(2026, *first) + timedelta(days=i) for first, n in spans for i in range(n)]
    assert work == [date(2026, *d) for d in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]


def test_twenty_working_days_from_18_september_2026():
    days = LibraryDays()
    assert add_working_days(date(2026, 9, 18), 20, days) == date(2026, 10, 22)
    assert add_calendar_days(date(2026, 9, 18), 15, days) == date(2026, 10, 8)


def test_2027_is_not_known_and_counts_by_weekday():
    days = LibraryDays()
    assert days.is_known(date(2026, 12, 31))
    assert not days.is_known(date(2027, 1, 1))
    assert not days.is_known(date(2003, 12, 31))
    assert days.is_working(date(2027, 1, 1))
