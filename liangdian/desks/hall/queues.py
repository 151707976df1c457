"""Reading the queue: who waits for a window, how many are ahead, how long it takes. Statements by hand:
they are asked at every call and at every press of a kiosk, and must not grow with the day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from liangdian.desks.hall import rules
from liangdian.desks.hall.models import Hall, Pace
from liangdian.desks.hall.rules import Estimate, Waiting
from liangdian.desks.hall.states import Rank

# So many of each class of each category are read: more clerks than that never press at one instant.
_HEADS = 4
_COLUMNS = "i.id, i.rank, i.turn_at"
_OF_CATEGORY = f"""
SELECT {_COLUMNS} FROM unnest(%(categories)s::text[]) AS c (category)
CROSS JOIN unnest(%(ranks)s::int[]) AS r (rank)
CROSS JOIN LATERAL (
    SELECT id, rank, turn_at FROM hall_visititem
    WHERE hall_id = %(hall)s AND day = %(day)s AND category = c.category AND rank = r.rank
      AND state = 'waiting' AND only_window_id IS NULL AND NOT id = ANY(%(taken)s)
    ORDER BY turn_at, id LIMIT {_HEADS}
) AS i
"""
_OF_WINDOW = f"""
SELECT {_COLUMNS} FROM unnest(%(ranks)s::int[]) AS r (rank)
CROSS JOIN LATERAL (
    SELECT id, rank, turn_at FROM hall_visititem
    WHERE only_window_id = %(window)s AND day = %(day)s AND rank = r.rank
      AND state = 'waiting' AND NOT id = ANY(%(taken)s)
    ORDER BY turn_at, id LIMIT {_HEADS}
) AS i
"""
_LOCK = """
SELECT id FROM hall_visititem WHERE id = ANY(%(ids)s) AND state = 'waiting'
ORDER BY array_position(%(ids)s::bigint[], id) LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_AHEAD = """
SELECT count(*), count(*) FILTER (WHERE category = %(category)s)
FROM hall_visititem
WHERE hall_id = %(hall)s AND day = %(day)s AND state = 'waiting' AND only_window_id IS NULL
  AND category = ANY(%(categories)s) AND (rank, turn_at, id) < (%(rank)s, %(turn)s, %(id)s)
"""
_OPEN = """
SELECT w.serves FROM hall_windowsession s JOIN organisation_window w ON w.id = s.window_id
WHERE s.hall_id = %(hall)s AND s.day = %(day)s AND s.state = 'open' AND w.active
"""


def heads(
    *, hall_id: int, day: date, window_id: int, serves: Collection[str], taken: list[int]
) -> list[Waiting]:
    """The first of each class that this window may call, without those in ``taken``. One statement.

    Everybody who could be next is among them. What nobody's window serves alone, every window serves.
    """
    values: dict[str, Any] = {
        "categories": ["", *serves], "ranks": Rank.values, "hall": hall_id, "day": day, "window": window_id,
        "taken": taken,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"{_OF_CATEGORY} UNION ALL {_OF_WINDOW}", values)
        return [Waiting(pk, Rank(rank), turn_at) for pk, rank, turn_at in cursor.fetchall()]


def lock_first(ids: list[int]) -> int | None:
    """Lock the first of these who still waits and whom nobody else is taking; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"ids": ids})
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """How many open windows serve a category, and all categories that they serve."""

    count: int
    categories: list[str]


def open_windows(*, hall_id: int, day: date, category: str) -> OpenWindows:
    """The windows at which somebody sits now and that serve ``category`` (empty: all). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"hall": hall_id, "day": day})
        served = [serves for (serves,) in cursor.fetchall() if not category or category in serves]
    return OpenWindows(len(served), sorted({"", *(code for serves in served for code in serves)}))


def estimate_for(
    *, hall: Hall, day: date, category: str, item_code: str, rank: int, turn_at: datetime, at: datetime,
    item_id: int | None = None,
) -> Estimate | None:  # fmt: skip
    """People ahead and the range for a person with this place; three statements.

    ``ahead`` are those whom the windows that serve him may call before him.
    """
    windows = open_windows(hall_id=hall.pk, day=day, category=category)
    categories = sorted({category, *windows.categories})
    values: dict[str, Any] = {
        "hall": hall.pk, "day": day, "category": category, "categories": categories, "rank": rank,
        "turn": turn_at, "id": item_id or 2**62,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, values)
        ahead, surely = cursor.fetchone()
    until_turn = max(0.0, (turn_at - at).total_seconds())
    return rules.estimate(
        ahead=ahead, surely_ahead=surely, windows=windows.count, until_turn=until_turn,
        pace=pace_of(hall_id=hall.pk, category=category, item_code=item_code),
    )  # fmt: skip


def people_ahead(
    *, hall_id: int, day: date, category: str, rank: int, turn_at: datetime, item_id: int
) -> int:
    """How many may be called before this person."""
    windows = open_windows(hall_id=hall_id, day=day, category=category)
    values: dict[str, Any] = {
        "hall": hall_id, "day": day, "category": category, "rank": rank, "turn": turn_at, "id": item_id,
        "categories": sorted({category, *windows.categories}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, values)
        return cursor.fetchone()[0]


def pace_of(*, hall_id: int, category: str, item_code: str) -> tuple[float, float, float]:
    """Percentiles of recent service times (seconds) of the item, else of its category, else a guess."""
    keys = [f"{category}/{item_code}", category]
    found = {row.key: row for row in Pace.objects.filter(hall=hall_id, key__in=keys)}
    for key in keys:
        if key in found:
            return found[key].quick, found[key].usual, found[key].slow
    return rules.UNKNOWN_PACE
