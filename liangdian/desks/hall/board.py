"""What the board of a hall shows: who is called where, who is served, how many wait. Never a name.

One picture of the whole board, the same for every screen and phone: it is made once for each change and
holds the last calls with their numbers, so that a screen that was away misses none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Count

from liangdian.desks.hall.models import Hall, HallCounter, HallEvent, QueueGroup, VisitItem, WindowSession
from liangdian.desks.hall.rules import ticket
from liangdian.desks.hall.states import AT_WINDOW, EventKind, State, WindowState
from liangdian.desks.hall.wording import NO_SUCH_HALL
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest

CALLS = 8
_SALT = "hall.live"
TOKEN_GOOD_FOR = 10 * 60  # seconds; long enough to connect, the connection itself may last


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call as it sounds: ``seq`` ascends, so a screen knows which it has not spoken yet."""

    seq: int
    ticket: str
    window: int
    again: bool


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A window that is open today; ``ticket`` is who stands there, empty when nobody does."""

    window: int
    state: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board. ``waiting``: letter, number of people."""

    seq: int
    day: str
    calls: list[CallLine]
    windows: list[WindowLine]
    waiting: list[tuple[str, int]]
    notices: list[str]

    @property
    def rows(self) -> list[CallLine]:
        """The newest call of each number, as they stand on the wall; a recall does not make a second row."""
        newest: dict[str, CallLine] = {}
        for call in self.calls:
            newest.setdefault(call.ticket, call)
        return list(newest.values())

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Notices = Callable[[int, datetime], list[str]]
_notices: list[Notices] = []


def show_notices(source: Notices) -> None:
    """Let another part of the product put lines below the board: given the unit's id and the time."""
    if source not in _notices:
        _notices.append(source)


def version(hall_id: int, *, at: datetime) -> str:
    """What changes with every change of the board: the day, the hall's last event, and the notices."""
    row = HallCounter.objects.filter(hall=hall_id).values_list("last_event", "hall__unit_id").first()
    if row is None:
        raise NotFound(NO_SUCH_HALL)
    last, unit = row
    return f"{business_date(at):%Y%m%d}-{last}-{digest(chr(10).join(_lines(unit, at)))[:12]}"


def _lines(unit_id: int, at: datetime) -> list[str]:
    return [line for source in _notices for line in source(unit_id, at)]


def board_of(hall_id: int, *, at: datetime) -> Board:
    """The board as it is at ``at``. Six queries, whatever the number of screens."""
    day = business_date(at)
    hall = Hall.objects.filter(pk=hall_id).values_list("unit_id", flat=True).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    # First the number, then the rows: what comes in between is shown now and told again, never missed.
    seq = HallCounter.objects.values_list("last_event", flat=True).get(hall=hall_id)
    return Board(
        seq=seq, day=day.isoformat(), calls=_calls(hall_id, day), windows=_windows(hall_id, day),
        waiting=_waiting(hall_id, day), notices=_lines(hall, at),
    )  # fmt: skip


def _calls(hall_id: int, day: date) -> list[CallLine]:
    rows = HallEvent.objects.filter(
        hall=hall_id, day=day, kind__in=[EventKind.CALLED, EventKind.RECALLED]
    ).order_by("-seq")
    return [
        CallLine(row.seq, row.ticket, int(row.data["window"]), row.kind == EventKind.RECALLED)
        for row in rows[:CALLS]
    ]


def _windows(hall_id: int, day: date) -> list[WindowLine]:
    items = VisitItem.objects.select_related("visit").filter(hall=hall_id, day=day, state__in=AT_WINDOW)
    there = {item.window_id: ticket(item.visit.prefix, item.visit.number) for item in items}
    open_now = (
        WindowSession.objects.filter(hall=hall_id, day=day)
        .exclude(state=WindowState.CLOSED)
        .order_by("window__number")
        .values_list("window_id", "window__number", "state")
    )
    return [WindowLine(number, state, there.get(pk, "")) for pk, number, state in open_now]


def _waiting(hall_id: int, day: date) -> list[tuple[str, int]]:
    letters = QueueGroup.objects.filter(hall=hall_id, active=True).values_list("prefix", flat=True)
    rows = VisitItem.objects.filter(hall=hall_id, day=day, state=State.WAITING).values_list("visit__prefix")
    counted = dict(rows.annotate(n=Count("pk")))
    return [(letter, counted.pop(letter, 0)) for letter in letters] + sorted(counted.items())


def live_token(hall_id: int) -> str:
    """A short-lived ticket for the stream of this hall. It opens the board and nothing else."""
    return signing.dumps({"hall": hall_id}, salt=_SALT)


def hall_of_token(token: str) -> int:
    """The hall of a ticket. Raises NotFound when it is not ours or too old."""
    try:
        return int(signing.loads(token, salt=_SALT, max_age=TOKEN_GOOD_FOR)["hall"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise NotFound(NO_SUCH_HALL) from error
