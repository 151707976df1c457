"""The common steps of every verb: lock, move an item to its next segment, tell the hall in one line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from liangdian.desks.hall import rules
from liangdian.desks.hall.models import HallEvent, Segment, Visit, VisitItem, WindowSession
from liangdian.desks.hall.states import AT_WINDOW, PRESENT, EventKind, State, WindowState
from liangdian.desks.hall.wording import ACTION_NEEDS_WINDOW, NO_SUCH_VISIT, NOT_SIGNED_ON
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound

CHANNEL = "liangdian_hall"
_SEGMENTS = "INSERT INTO hall_segment (item_id, hall_id, day, seq, kind, at, window_id, user_id) VALUES "
_EVENT_ROW = "(%s::bigint, %s, %s::timestamptz, %s::date, %s, %s::bigint, %s::bigint, %s::bigint, %s::jsonb)"
# One statement: the number of the last event, the events with the numbers up to it, and the notice of it.
_EVENTS = """
WITH counter AS (
    UPDATE hall_hallcounter SET last_event = last_event + %%s WHERE hall_id = %%s RETURNING last_event
), told AS (
    INSERT INTO hall_hallevent (seq, hall_id, kind, at, day, ticket, item_id, window_id, user_id, data)
    SELECT counter.last_event + row.back, %%s, row.kind, row.at, row.day, row.ticket, row.item, row.window_,
        row.user_, row.data
    FROM counter, (VALUES %(rows)s) AS row (back, kind, at, day, ticket, item, window_, user_, data)
)
SELECT pg_notify(%%s, json_build_array(%%s, last_event)::text) FROM counter
"""


@dataclass
class Told:
    """What one act adds to the history: segments of items, and events of the hall."""

    hall_id: int
    segments: list[Segment] = field(default_factory=list)
    events: list[HallEvent] = field(default_factory=list)

    def event(
        self, kind: EventKind, *, at: datetime, item: VisitItem | None = None, window_id: int | None = None,
        user_id: int | None = None, data: dict[str, Any] | None = None, ticket: str = "",
    ) -> None:  # fmt: skip
        """One event; ``seq`` is given when the act is written."""
        self.events.append(
            HallEvent(
                hall_id=self.hall_id, kind=kind, at=at, day=business_date(at), item=item,
                ticket=ticket or (item.visit.ticket if item is not None else ""),
                window_id=window_id, user_id=user_id, data=data or {},
            )
        )  # fmt: skip

    def segment(self, item: VisitItem, *, window_id: int | None, user_id: int | None) -> None:
        """The item's present state as its next segment."""
        item.last_segment += 1
        self.segments.append(
            Segment(
                item=item, hall_id=self.hall_id, day=item.day, seq=item.last_segment, kind=item.state,
                at=item.changed_at, window_id=window_id, user_id=user_id,
            )
        )  # fmt: skip

    def write(self) -> None:
        """Append everything and tell the listeners at commit, in one round trip.

        The hall's counter is locked from here to the commit, so this is the last step of every verb; every
        verb locks in the order session, item, counter.
        """
        statements: list[str] = []
        values: list[Any] = []
        if self.segments:
            statements.append(
                _SEGMENTS + ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(self.segments))
            )
            for each in self.segments:
                values += [
                    each.item_id, each.hall_id, each.day, each.seq, str(each.kind), each.at, each.window_id,
                    each.user_id,
                ]  # fmt: skip
        count = len(self.events)
        statements.append(_EVENTS % {"rows": ", ".join([_EVENT_ROW] * count)})
        values += [count, self.hall_id, self.hall_id]
        for place, told in enumerate(self.events, start=1):
            values += [
                place - count, str(told.kind), told.at, told.day, told.ticket, told.item_id, told.window_id,
                told.user_id, json.dumps(told.data),
            ]  # fmt: skip
        values += [CHANNEL, self.hall_id]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), values)


def moved(
    item: VisitItem, to: State, *, told: Told, at: datetime, window_id: int | None = None,
    user_id: int | None = None,
) -> None:  # fmt: skip
    """The locked item goes to ``to``, in memory; ``save_item`` and ``told.write`` save it.

    Raises WrongState. Clocks of two servers may differ: a segment never begins before the one before it.
    """
    rules.check_move(item.state, to)
    item.state, item.changed_at = to, max(at, item.changed_at)
    told.segment(item, window_id=window_id, user_id=user_id)


def save_item(item: VisitItem, *fields: str) -> None:
    """Save the moved item."""
    item.save(update_fields=["state", "changed_at", "last_segment", *fields])


def settle_visit(visit: Visit, *, at: datetime) -> None:
    """The visit ends when the person neither waits nor is served; it goes on when he is back."""
    live = visit.items.filter(state__in=PRESENT).exists()
    if live == (visit.ended_at is None):
        return
    visit.ended_at = None if live else at
    visit.save(update_fields=["ended_at"])


def locked_item(*, item_id: int, hall_id: int | None = None, day_of: datetime | None = None) -> VisitItem:
    """The item with its visit and hall, locked. ``day_of``: of the business date of this moment only.

    Raises NotFound.
    """
    rows = VisitItem.objects.select_for_update(of=("self",))
    rows = rows.select_related("visit", "hall__unit", "case", "item_version__item").filter(pk=item_id)
    if hall_id is not None:
        rows = rows.filter(hall_id=hall_id)
    if day_of is not None:
        rows = rows.filter(day=business_date(day_of))
    item = rows.first()
    if item is None:
        raise NotFound(NO_SUCH_VISIT)
    return item


def locked_session(*, actor: Actor, at: datetime, open_only: bool = False) -> WindowSession:
    """The actor's own window of today, locked. Raises WrongState when he sits nowhere or has paused."""
    session = (
        WindowSession.objects.select_for_update(of=("self",))
        .select_related("window", "hall")
        .filter(user_id=actor.user_id or 0, day=business_date(at))
        .exclude(state=WindowState.CLOSED)
        .first()
    )
    if session is None or (open_only and session.state != WindowState.OPEN):
        raise rules.WrongState(NOT_SIGNED_ON)
    return session


def touched(session: WindowSession, *fields: str, at: datetime) -> None:
    """Save that somebody did something at this window."""
    session.last_act_at = max(at, session.last_act_at)
    session.save(update_fields=["last_act_at", *fields])


def at_my_window(*, actor: Actor, item_id: int, at: datetime) -> tuple[WindowSession, VisitItem]:
    """The actor's window and the item that is before it or was interrupted there, both locked."""
    session = locked_session(actor=actor, at=at)
    item = locked_item(item_id=item_id, hall_id=session.hall_id, day_of=at)
    if item.window_id != session.window_id:
        raise rules.WrongState(ACTION_NEEDS_WINDOW)
    return session, item


def item_at(window_id: int) -> VisitItem | None:
    """Who was called to, or is served at, this window now."""
    return VisitItem.objects.filter(window=window_id, state__in=AT_WINDOW).order_by().first()
