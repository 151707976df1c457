"""Figures of a hall, recomputed from the segments alone: nothing is counted while it happens.

A period is two hall-local days, both included. Times in minutes; every share with its denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection

from liangdian.desks.hall.models import Hall
from liangdian.foundation.clock import HALL_ZONE

_SPANS = """
WITH spans AS (
    SELECT s.item_id, s.seq, s.kind, s.at, s.window_id,
        lead(s.at) OVER w AS until, lead(s.kind) OVER w AS following
    FROM hall_segment s WHERE s.hall_id = %(hall)s AND s.day BETWEEN %(first)s AND %(last)s
    WINDOW w AS (PARTITION BY s.item_id ORDER BY s.seq)
), items AS (
    SELECT i.id, i.visit_id, i.seq AS place, i.day, i.at_once, i.done_at_once, i.case_id, i.promised_low,
        i.promised_high, v.booked_for IS NOT NULL AS booked, c.code, min(p.at) AS began, max(p.at) AS last_at,
        min(p.at) FILTER (WHERE p.kind = 'called') AS first_call,
        count(*) FILTER (WHERE p.kind = 'called') AS calls,
        count(*) FILTER (WHERE p.kind = 'missed') AS misses,
        count(*) FILTER (
            WHERE p.following = 'waiting' AND p.kind IN ('waiting', 'called', 'serving', 'held')
        ) AS moves,
        sum(greatest(0, extract(epoch FROM p.until - greatest(p.at, coalesce(v.booked_for, p.at)))))
            FILTER (WHERE p.kind = 'waiting') AS waiting,
        sum(extract(epoch FROM p.until - p.at))
            FILTER (WHERE p.kind = 'called' AND p.following = 'serving') AS way,
        sum(extract(epoch FROM p.until - p.at)) FILTER (WHERE p.kind = 'serving') AS service,
        sum(extract(epoch FROM p.until - p.at)) FILTER (WHERE p.kind = 'held') AS held,
        (array_agg(p.kind ORDER BY p.seq DESC))[1] AS ended,
        (array_agg(p.window_id ORDER BY p.seq DESC)
            FILTER (WHERE p.kind IN ('called', 'serving')))[1] AS window_id
    FROM spans p
    JOIN hall_visititem i ON i.id = p.item_id
    JOIN hall_visit v ON v.id = i.visit_id
    LEFT JOIN catalogue_itemversion iv ON iv.id = i.item_version_id
    LEFT JOIN catalogue_item c ON c.id = iv.item_id
    GROUP BY i.id, v.id, c.id
), visits AS (
    SELECT visit_id, extract(epoch FROM max(last_at) - min(began)) AS whole FROM items
    GROUP BY visit_id HAVING bool_or(ended = 'served')
)
"""
_OFF = "extract(epoch FROM first_call - began) / 60"
_MEASURES = f"""
    count(*) AS items, count(*) FILTER (WHERE calls > 0) AS called,
    count(*) FILTER (WHERE ended = 'served') AS served, count(*) FILTER (WHERE ended = 'missed') AS no_shows,
    count(*) FILTER (WHERE ended = 'left') AS left_, count(*) FILTER (WHERE ended = 'parked') AS parked,
    count(*) FILTER (WHERE ended = 'closed') AS closed, sum(calls) AS calls, sum(misses) AS misses,
    sum(moves) + count(*) FILTER (WHERE ended = 'transferred') AS moved,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY waiting) FILTER (WHERE calls > 0) AS waiting,
    count(*) FILTER (WHERE calls > 0 AND waiting <= %(target)s) AS on_target,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY way) AS way,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY service)
        FILTER (WHERE ended = 'served') AS service,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY held) AS held, count(held) AS interrupted,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY whole) FILTER (WHERE place = 1) AS whole,
    count(*) FILTER (WHERE calls > 0 AND promised_low IS NOT NULL) AS promised,
    count(*) FILTER (WHERE {_OFF} BETWEEN promised_low AND promised_high) AS inside,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(promised_low - {_OFF}, {_OFF} - promised_high, 0))
        FILTER (WHERE calls > 0 AND promised_low IS NOT NULL) AS off,
    count(*) FILTER (WHERE ended = 'served' AND at_once AND case_id IS NOT NULL) AS at_once,
    count(*) FILTER (WHERE ended = 'served' AND at_once AND done_at_once) AS done_at_once
"""
_LOCAL = "began AT TIME ZONE %(zone)s"


class By(StrEnum):
    """What the rows of the table are."""

    ITEM = "item"
    WINDOW = "window"
    HOUR = "hour"
    DAY = "day"
    APPOINTMENT = "appointment"


_KEYS = {
    By.ITEM: "coalesce(code, '')",
    By.WINDOW: "coalesce((SELECT number FROM organisation_window WHERE id = items.window_id)::text, '')",
    By.HOUR: f"lpad(extract(hour FROM {_LOCAL})::text, 2, '0')",
    By.DAY: "day::text",
    By.APPOINTMENT: "booked::text",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile in minutes; None when there is no data."""

    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """``numerator`` of ``denominator``; no denominator means no data, never 0 %."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """In per cent with one decimal, None when there is no data."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one group of items, or of all (``key`` empty).

    ``waiting``: until the first call, of those who were called; an appointment waits from its time on.
    ``no_show``: called and never came, of the called. ``missed``: calls that nobody followed, of all
    calls. ``off``: median of the minutes by which the wait lay outside the promised range.
    """

    key: str
    items: int
    served: int
    left: int
    parked: int
    closed: int
    waiting: Spread
    on_target: Share
    way: Spread
    service: Spread
    held: Spread
    interrupted: int
    whole: Spread
    no_show: Share
    missed: Share
    moved: Share
    inside: Share
    off: float | None
    at_once: Share


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday (1 is Monday): visits that began, and the median wait in minutes."""

    weekday: int
    hour: int
    visits: int
    waiting: float | None


def total(hall: Hall, *, first: date, last: date) -> Row:
    """All items of the period together. One statement."""
    return _rows(hall, "''", first=first, last=last, grouped=False)[0]


def rows_by(hall: Hall, by: By, *, first: date, last: date) -> list[Row]:
    """The same by item, window, hour, day, or with and without appointment. One statement."""
    return _rows(hall, _KEYS[by], first=first, last=last, grouped=True)


def heat(hall: Hall, *, first: date, last: date) -> list[Cell]:
    """When people come and how long they wait then, by weekday and hour. One statement."""
    statement = f"""{_SPANS}
        SELECT extract(isodow FROM {_LOCAL})::int, extract(hour FROM {_LOCAL})::int,
            count(*) FILTER (WHERE place = 1),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY waiting) FILTER (WHERE calls > 0)
        FROM items GROUP BY 1, 2 ORDER BY 1, 2"""
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(hall, first, last))
        return [
            Cell(weekday, hour, visits, _minutes(waiting))
            for weekday, hour, visits, waiting in cursor.fetchall()
        ]


def _values(hall: Hall, first: date, last: date) -> dict[str, Any]:
    return {
        "hall": hall.pk, "first": first, "last": last, "zone": HALL_ZONE.key,
        "target": hall.target_minutes * 60,
    }  # fmt: skip


def _rows(hall: Hall, key: str, *, first: date, last: date, grouped: bool) -> list[Row]:
    statement = f"{_SPANS} SELECT {key} AS key, {_MEASURES} FROM items LEFT JOIN visits USING (visit_id)"
    if grouped:
        statement += " GROUP BY 1 ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(hall, first, last))
        names = [column[0] for column in cursor.description or ()]
        return [_row(dict(zip(names, values, strict=True))) for values in cursor.fetchall()]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(float(seconds) / 60, 1)


def _spread(pair: list[float] | None) -> Spread:
    return Spread(None, None) if not pair else Spread(_minutes(pair[0]), _minutes(pair[1]))


def _row(found: dict[str, Any]) -> Row:
    called, items = found["called"], found["items"]
    return Row(
        key=found["key"], items=items, served=found["served"], left=found["left_"], parked=found["parked"],
        closed=found["closed"], waiting=_spread(found["waiting"]), way=_spread(found["way"]),
        on_target=Share(found["on_target"], called), service=_spread(found["service"]),
        held=_spread(found["held"]), interrupted=found["interrupted"], whole=_spread(found["whole"]),
        no_show=Share(found["no_shows"], called), missed=Share(found["misses"] or 0, found["calls"] or 0),
        moved=Share(found["moved"] or 0, items), inside=Share(found["inside"], found["promised"]),
        off=None if found["off"] is None else round(float(found["off"]), 1),
        at_once=Share(found["done_at_once"], found["at_once"]),
    )  # fmt: skip
