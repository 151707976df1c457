"""How often a token may be used: counted over all server processes, at little cost.

A process counts for itself and adds its count to the token's row every few requests, so that the limit
may be passed by at most 2 % a process; limits below 100 a minute are exact.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

MINUTE = 60
_TOGETHER_AT_MOST = 20

_ADD = """
INSERT INTO api_tokencount AS c (token_id, minute, count) VALUES (%(token)s, %(minute)s, %(count)s)
ON CONFLICT (token_id) DO UPDATE SET
    count = CASE WHEN c.minute = excluded.minute THEN c.count + excluded.count ELSE excluded.count END,
    minute = excluded.minute
RETURNING count
"""


@dataclass(slots=True)
class _Tally:
    """What this process knows of one token in one minute."""

    minute: int
    here: int = 0
    everywhere: int = 0


_tallies: dict[int, _Tally] = {}
_lock = threading.Lock()


def spend(*, token_id: int, limit: int, at: datetime) -> int:
    """Count one request. Returns 0, or the seconds until the next minute when ``limit`` is used up.

    At most one statement, and none for most requests of a busy token.
    """
    seconds = int(at.timestamp())
    minute, wait = seconds // MINUTE, MINUTE - seconds % MINUTE
    together = max(1, min(_TOGETHER_AT_MOST, limit // 50))
    with _lock:
        tally = _tallies.get(token_id)
        if tally is None or tally.minute != minute:
            tally = _tallies[token_id] = _Tally(minute)
        if tally.everywhere + tally.here >= limit:
            return wait
        tally.here += 1
        if tally.here < together:
            return 0
        count, tally.here = tally.here, 0
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {"token": token_id, "minute": minute, "count": count})
        (total,) = cursor.fetchone()
    tally.everywhere = total
    return wait if total > limit else 0


def forget() -> None:
    """Forget what this process counted; for tests."""
    with _lock:
        _tallies.clear()
