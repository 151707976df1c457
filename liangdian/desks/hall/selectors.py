"""Reading the hall: the only door out of the room. Hidden equals missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from liangdian.desks.hall import places, policy, queues, rules
from liangdian.desks.hall.models import (
    Hall,
    HallEvent,
    QueueGroup,
    Visit,
    VisitItem,
    VisitRating,
    WindowSession,
)
from liangdian.desks.hall.rules import Estimate
from liangdian.desks.hall.states import (
    AT_WINDOW,
    CAN_RETURN,
    PRESENT,
    EventKind,
    State,
    WindowState,
)
from liangdian.desks.hall.wording import NO_SUCH_HALL, NO_SUCH_PLACE, NO_SUCH_VISIT
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Window

CALLS_SHOWN = 8
WAITING_SHOWN = 100


def halls_for(actor: Actor) -> list[Hall]:
    """The halls in use that exist for this actor, his own unit's first."""
    rows = Hall.objects.filter(policy.visible_to(actor), active=True).select_related("unit")
    return sorted(rows, key=lambda hall: (hall.unit_id != actor.unit_id, hall.unit.path))


def hall_for(*, actor: Actor, hall_id: int) -> Hall:
    """The hall, if it exists for this actor. Raises NotFound."""
    hall = Hall.objects.select_related("unit").filter(policy.visible_to(actor), pk=hall_id).first()
    if hall is None:
        raise NotFound(NO_SUCH_HALL)
    return hall


def hall_of_unit(unit_id: int) -> Hall | None:
    """The hall of this unit that is in use; None when it has none."""
    return Hall.objects.select_related("unit").filter(unit=unit_id, active=True).first()


def groups_of(hall_id: int, *, active: bool = True) -> list[QueueGroup]:
    """The queues of the hall in their order."""
    rows = QueueGroup.objects.filter(hall=hall_id)
    return list(rows.filter(active=True) if active else rows)


def group_of(groups: Sequence[QueueGroup], category: str) -> QueueGroup | None:
    """The queue of a category: the first that names it, else the one for everything else."""
    named = (group for group in groups if category and category in group.categories)
    return next(named, next((group for group in groups if not group.categories), None))


def session_of(*, actor: Actor, at: datetime) -> WindowSession | None:
    """Where the actor sits today; None when nowhere."""
    rows = WindowSession.objects.select_related("window", "hall__unit")
    rows = rows.exclude(state=WindowState.CLOSED)
    return rows.filter(user_id=actor.user_id or 0, day=business_date(at)).first()


def _items() -> QuerySet[VisitItem]:
    return VisitItem.objects.select_related(
        "visit__resident", "item_version__item", "window", "only_window", "user", "case"
    )


def item_for(*, actor: Actor, item_id: int) -> VisitItem:
    """One item of a hall that exists for this actor. Raises NotFound."""
    item = _items().select_related("hall__unit").filter(pk=item_id).first()
    if item is None or not policy.may_serve(actor, item.hall):
        raise NotFound(NO_SUCH_VISIT)
    return item


def visit_for(*, actor: Actor, visit_id: int) -> Visit:
    """One visit of a hall that exists for this actor, with its items. Raises NotFound."""
    rows = Visit.objects.select_related("hall__unit").prefetch_related("items__item_version__item")
    visit = rows.filter(pk=visit_id).first()
    if visit is None or not policy.may_serve(actor, visit.hall):
        raise NotFound(NO_SUCH_VISIT)
    return visit


@dataclass(frozen=True, slots=True)
class Desk:
    """What the person at a window sees: who is before it, whom it interrupted, who waits for it."""

    session: WindowSession
    present: VisitItem | None
    planned: list[VisitItem]
    why: dict[str, object]
    held: list[VisitItem]
    parked: list[VisitItem]
    following: list[VisitItem]
    waiting: int


def desk(*, session: WindowSession, at: datetime) -> Desk:
    """The window of this session now; the same number of statements however many wait."""
    serves = session.window.serves
    here = list(
        _items()
        .filter(window=session.window_id, day=session.day, state__in=[*AT_WINDOW, State.HELD, State.PARKED])
        .order_by("changed_at")
    )
    present = next((item for item in here if item.state in AT_WINDOW), None)
    heads = queues.heads(
        hall_id=session.hall_id, day=session.day, window_id=session.window_id, serves=serves, taken=[]
    )
    order = rules.order_of(
        heads, at=at, streak=session.streak, ratio=session.hall.ratio, cap=session.hall.cap, limit=5
    )
    rows = _items().in_bulk([choice.person.id for choice in order])
    return Desk(
        session=session, present=present,
        planned=_planned(present),
        why=_why(present),
        held=[item for item in here if item.state == State.HELD],
        parked=[item for item in here if item.state == State.PARKED],
        following=[rows[choice.person.id] for choice in order if choice.person.id in rows],
        waiting=_waiting_for(session),
    )  # fmt: skip


def _planned(present: VisitItem | None) -> list[VisitItem]:
    if present is None:
        return []
    return list(_items().filter(visit=present.visit_id, state=State.PLANNED).order_by("seq"))


def _why(present: VisitItem | None) -> dict[str, object]:
    """Why this person was called, as it was decided at the call."""
    if present is None:
        return {}
    rows = HallEvent.objects.filter(item=present.pk, kind=EventKind.CALLED).order_by("-seq")
    return rows.values_list("data", flat=True).first() or {}


def _waiting_for(session: WindowSession) -> int:
    rows = VisitItem.objects.filter(hall=session.hall_id, day=session.day, state=State.WAITING)
    shared = rows.filter(only_window__isnull=True, category__in=["", *session.window.serves])
    return (shared | rows.filter(only_window=session.window_id)).count()


@dataclass(frozen=True, slots=True)
class WindowNow:
    """One window as whoever leads the hall sees it."""

    window: Window
    session: WindowSession | None
    item: VisitItem | None
    unattended: bool


@dataclass(frozen=True, slots=True)
class GroupNow:
    """A queue: how many wait, since when the first does, and how many open windows serve it."""

    group: QueueGroup
    waiting: int
    since: datetime | None
    windows: int


@dataclass(frozen=True, slots=True)
class HallNow:
    """The whole hall at a moment. ``waiting``: the first hundred, the longest waiting first."""

    hall: Hall
    windows: list[WindowNow]
    groups: list[GroupNow]
    waiting: list[VisitItem]
    away: list[VisitItem]
    count: int

    @property
    def unattended(self) -> list[WindowNow]:
        return [each for each in self.windows if each.unattended]


def hall_now(*, hall: Hall, at: datetime) -> HallNow:
    """Windows, queues, who waits longest, who is away; the same number of statements for one and for all."""
    day = business_date(at)
    windows = organisation.windows_of(hall.unit)
    sessions = {
        session.window_id: session
        for session in WindowSession.objects.filter(hall=hall, day=day)
        .exclude(state=WindowState.CLOSED)
        .select_related("user", "instead_of")
    }
    today = _items().filter(hall=hall, day=day)
    live = list(today.filter(state__in=PRESENT).order_by("turn_at", "pk"))
    at_window = {item.window_id: item for item in live if item.state in AT_WINDOW}
    waiting = [item for item in live if item.state == State.WAITING]
    away = list(today.filter(state__in=CAN_RETURN).order_by("-changed_at")[:20])
    shown = [_window_now(each, sessions.get(each.pk), at_window.get(each.pk), hall, at) for each in windows]
    return HallNow(
        hall=hall, windows=shown, groups=_groups_now(hall, waiting, shown), waiting=waiting[:WAITING_SHOWN],
        away=away, count=len(waiting),
    )  # fmt: skip


def _window_now(
    window: Window, session: WindowSession | None, item: VisitItem | None, hall: Hall, at: datetime
) -> WindowNow:
    unattended = session is not None and rules.is_unattended(
        paused=session.state == WindowState.PAUSED, last_act_at=session.last_act_at, at=at,
        serving=item is not None and item.state == State.SERVING, limit=hall.unattended,
    )  # fmt: skip
    return WindowNow(window, session, item, unattended)


def _groups_now(
    hall: Hall, waiting: Iterable[VisitItem], windows: Iterable[WindowNow]
) -> list[GroupNow]:  # fmt: skip
    groups = groups_of(hall.pk)
    found: dict[int, list[VisitItem]] = {}
    for item in waiting:
        group = group_of(groups, item.category)
        if group is not None:
            found.setdefault(group.pk, []).append(item)
    open_now = [each.window for each in windows if each.session and each.session.state == WindowState.OPEN]
    return [
        GroupNow(
            group=group, waiting=len(found.get(group.pk, [])),
            since=min((item.turn_at for item in found.get(group.pk, [])), default=None),
            windows=sum(
                not group.categories or bool(set(group.categories) & set(window.serves))
                for window in open_now
            ),
        )
        for group in groups
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What one person sees of the hall: his own place and nothing of anybody else.

    ``item`` is what he waits for or is served with now, else the last of his visit. ``estimate`` is of
    this moment; the range of the slip stands in the item.
    """

    visit: Visit
    item: VisitItem
    items: list[VisitItem]
    estimate: Estimate | None
    rating: VisitRating | None

    @property
    def token(self) -> str:
        visit = self.visit
        return places.place_token(
            hall_id=visit.hall_id, day=visit.day, prefix=visit.prefix, number=visit.number
        )


def place_by_token(*, token: str, at: datetime) -> Place:
    """The place of whoever holds the secret of a slip. Raises NotFound."""
    rows = Visit.objects.select_related("hall__unit")
    visit = rows.filter(place_digest=digest(token)).first()
    if visit is None:
        raise NotFound(NO_SUCH_PLACE)
    return place_of(visit, at=at)


def place_of(visit: Visit, *, at: datetime) -> Place:
    """The same for a slip that is printed."""
    items = list(visit.items.select_related("item_version__item", "window", "visit", "case").order_by("seq"))
    present = [item for item in items if item.state in PRESENT]
    began = [item for item in items if item.state != State.PLANNED]
    item = present[0] if present else began[-1]
    estimate = None
    if item.state == State.WAITING and visit.day == business_date(at):
        code = item.item_version.item.code if item.item_version is not None else ""
        estimate = queues.estimate_for(
            hall=visit.hall, day=visit.day, category=item.category, item_code=code, rank=item.rank,
            turn_at=item.turn_at, at=at, item_id=item.pk,
        )  # fmt: skip
    return Place(visit, item, items, estimate, VisitRating.objects.filter(visit=visit).first())


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call or recall as a board shows it: a number and a window, never a name."""

    seq: int
    kind: str
    ticket: str
    window: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """What everybody in the hall may see. ``last``: the number of the newest event that is in it."""

    hall_id: int
    last: int
    day: date
    calls: list[CallShown]
    windows: list[dict[str, object]]
    groups: list[dict[str, object]]


def board(*, hall: Hall, at: datetime) -> Board:
    """The snapshot of a board: last calls, who is served where, how many wait in each queue."""
    day = business_date(at)
    newest = HallEvent.objects.filter(hall=hall).order_by("-seq").values_list("seq", flat=True).first()
    sessions = WindowSession.objects.filter(hall=hall, day=day).exclude(state=WindowState.CLOSED)
    seats = {session.window_id: session for session in sessions}
    served = {
        item.window_id: item
        for item in VisitItem.objects.filter(hall=hall, day=day, state__in=AT_WINDOW).select_related("visit")
    }
    windows = organisation.windows_of(hall.unit)
    waiting = dict(
        VisitItem.objects.filter(hall=hall, day=day, state=State.WAITING)
        .values_list("category")
        .annotate(n=Count("pk"))
    )
    groups = groups_of(hall.pk)
    counts: dict[int, int] = {}
    for category, n in waiting.items():
        group = group_of(groups, category)
        if group is not None:
            counts[group.pk] = counts.get(group.pk, 0) + n
    return Board(
        hall_id=hall.pk, last=newest or 0, day=day, calls=calls_of(hall_id=hall.pk, day=day),
        windows=[_seat(window, seats.get(window.pk), served.get(window.pk)) for window in windows],
        groups=[
            {
                "prefix": group.prefix, "name": group.name, "names": group.names,
                "waiting": counts.get(group.pk, 0),
            }
            for group in groups
        ],
    )  # fmt: skip


def _seat(window: Window, session: WindowSession | None, item: VisitItem | None) -> dict[str, object]:
    return {
        "number": window.number, "name": window.name, "names": window.names,
        "state": session.state if session else WindowState.CLOSED.value,
        "reason": session.pause_reason if session else "",
        "ticket": item.visit.ticket if item else "", "serving": bool(item and item.state == State.SERVING),
    }  # fmt: skip


def calls_of(*, hall_id: int, day: date, after: int = 0, limit: int = CALLS_SHOWN) -> list[CallShown]:
    """Calls and recalls of the day, newest first; only those after event number ``after``."""
    rows = HallEvent.objects.filter(
        hall=hall_id, day=day, kind__in=[EventKind.CALLED, EventKind.RECALLED], seq__gt=after
    ).order_by("-seq")[:limit]
    return [CallShown(row.seq, row.kind, row.ticket, int(row.data["window"]), row.at) for row in rows]


def events_after(*, hall_id: int, seq: int, limit: int = 200) -> list[HallEvent]:
    """What happened after event number ``seq``, in order; the live board reads this when it is told."""
    return list(HallEvent.objects.filter(hall=hall_id, seq__gt=seq).order_by("seq")[:limit])


def visit_by_ticket(*, hall_id: int, ticket: str, at: datetime) -> int | None:
    """The visit of today with this number, also typed as ``a23``; None when there is none."""
    compact = "".join(ticket.split()).upper()
    letters = compact.rstrip("0123456789")
    number = compact[len(letters) :]
    if not number or len(number) > 6 or not (letters.isascii() and letters.isalpha()):
        return None
    rows = Visit.objects.filter(hall=hall_id, day=business_date(at), prefix=letters, number=int(number))
    return rows.values_list("pk", flat=True).first()
