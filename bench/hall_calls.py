"""“Next” with a full day in the tables and eight clerks at once.

Each clerk is a process of its own with its own connection to one embedded PostgreSQL with its ordinary
durability. Counted from the press to the commit, without the page.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

_VISITS = """
INSERT INTO hall_visit (hall_id, day, prefix, number, press_key, place_digest, channel, rank, reason,
    reason_text, booking, language, joined_at, ended_at)
SELECT %(hall)s, %(day)s, 'A', n, 'b' || n, 'd' || n, 'kiosk', CASE WHEN n %% 10 = 0 THEN 1 ELSE 4 END,
    CASE WHEN n %% 10 = 0 THEN 'old' ELSE '' END, '', '', 'zh-hans', %(at)s - (n || ' ms')::interval,
    CASE WHEN n > %(waiting)s THEN %(at)s END
FROM generate_series(1, %(all)s) AS n;
INSERT INTO hall_visititem (visit_id, hall_id, day, seq, category, at_once, state, rank, turn_at,
    last_segment,
    changed_at, no_case_reason, not_done_reason)
SELECT id, hall_id, day, 1, CASE WHEN number %% 2 = 0 THEN 'MZ' ELSE 'RS' END, false,
    CASE WHEN number > %(waiting)s THEN 'served' ELSE 'waiting' END, rank, joined_at, 1, joined_at,
    CASE WHEN number > %(waiting)s THEN 'x' ELSE '' END, '' FROM hall_visit;
INSERT INTO hall_segment (item_id, hall_id, day, seq, kind, at)
SELECT id, hall_id, day, 1, 'waiting', changed_at FROM hall_visititem;
INSERT INTO hall_segment (item_id, hall_id, day, seq, kind, at)
SELECT id, hall_id, day, 2, 'served', changed_at FROM hall_visititem WHERE state = 'served';
UPDATE hall_visititem SET last_segment = 2 WHERE state = 'served';
"""


def measure(context: Any, *, given: list[tuple[int, str]], calls: int, pause_ms: float) -> dict[str, Any]:
    """Every clerk presses ``calls`` times; milliseconds from the press to the commit, and who came twice."""
    barrier = context.Manager().Barrier(len(given))
    with context.Pool(len(given)) as pool:
        found = pool.starmap(clerk, [(user, at, calls, pause_ms, barrier) for user, at in given])
    times = sorted(ms for one, _called in found for ms in one)
    called = [item for _times, items in found for item in items]
    return {
        "calls": len(called), "pause_ms": pause_ms, "duplicates": len(called) - len(set(called)),
        "p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }  # fmt: skip


def prepare(tickets: int, waiting: int, clerks: int) -> list[tuple[int, str]]:
    """The database, a hall with its windows and people, and the tickets of a day; who sits where."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from liangdian.desks.hall import services
    from liangdian.foundation.actor import SYSTEM
    from liangdian.foundation.clock import business_date
    from liangdian.platform.accounts import selectors as accounts
    from liangdian.platform.accounts import services as account_services
    from liangdian.registers.organisation import services as organisation

    call_command("migrate", verbosity=0)
    at = datetime.now(UTC)
    unit = organisation.create_unit(
        actor=SYSTEM, name="西大街社区", code="XD", level="community", parent=None, at=at
    )
    hall = services.open_hall(actor=SYSTEM, unit_id=unit.pk, at=at)
    people = []
    for n in range(clerks):
        window = organisation.create_window(
            actor=SYSTEM, unit=unit, number=n + 1, name=str(n), serves=["MZ", "RS"], at=at
        )
        user = account_services.create_user(
            actor=SYSTEM, username=f"clerk{n}", name=f"clerk{n}", password="Correct-Horse-9", at=at
        )
        account_services.grant_role(
            actor=SYSTEM, user=user, role="clerk", unit_id=unit.pk, unit_path=unit.path, at=at
        )
        services.sign_on(actor=accounts.actor_of(user), window_id=window.pk, at=at)
        people.append((user.pk, at.isoformat()))
    with connection.cursor() as cursor:
        values = {"hall": hall.pk, "day": business_date(at), "at": at, "all": tickets, "waiting": waiting}
        cursor.execute(_VISITS, values)
        cursor.execute("ANALYZE")
    return people


def clerk(
    user_id: int, at: str, calls: int, pause_ms: float, barrier: object
) -> tuple[list[float], list[int]]:  # fmt: skip
    """One clerk presses "next" again and again; the person before him goes between two presses."""
    import django

    django.setup()
    from liangdian.desks.hall import services
    from liangdian.platform.accounts import selectors as accounts

    moment = datetime.fromisoformat(at)
    actor = accounts.actor_of(accounts.user_by_id(user_id))
    times, called = [], []
    barrier.wait(60)  # type: ignore[attr-defined]
    for _ in range(calls):
        begun = time.perf_counter()
        call = services.call_next(actor=actor, at=moment)
        times.append((time.perf_counter() - begun) * 1000)
        assert call is not None
        called.append(call.item.pk)
        services.miss(actor=actor, item_id=call.item.pk, at=moment)
        time.sleep(pause_ms / 1000)
    return times, called
