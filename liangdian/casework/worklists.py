"""The lists of the day: what each holds, in which order, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, procedures
from liangdian.casework.found import narrowed
from liangdian.casework.models import Assist, Case, Repair, SavedFilter, Supervision
from liangdian.casework.procedures import discreet_kinds
from liangdian.casework.states import IN_HAND, OPEN, State, SupervisionState
from liangdian.casework.veiling import veiled
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid

PAGE = 25


class Worklist(StrEnum):
    ANSWER = "answer"
    TODO = "todo"
    UNIT = "unit"
    LATE = "late"
    RETURNED = "returned"
    WAITING = "waiting"
    HELP = "help"
    SUPERVISED = "supervised"
    NOTES = "notes"
    TO_CALL = "to_call"
    NO_SUPERIOR = "no_superior"
    ALL = "all"


LABELS = {
    Worklist.ANSWER: _("Mine to answer for"),
    Worklist.TODO: _("Mine to do"),
    Worklist.UNIT: _("My unit's"),
    Worklist.LATE: _("Overdue"),
    Worklist.RETURNED: _("Returned to me"),
    Worklist.WAITING: _("Waiting for the resident"),
    Worklist.HELP: _("Asked to help"),
    Worklist.SUPERVISED: _("Supervised: to answer"),
    Worklist.NOTES: _("Supervision notes"),
    Worklist.TO_CALL: _("To call back"),
    Worklist.NO_SUPERIOR: _("Nobody above"),
    Worklist.ALL: _("All matters"),
}
EMPTY = {
    Worklist.ANSWER: _("Matters that you received first stand here until the resident is satisfied."),
    Worklist.TODO: _("Matters that you work on, and referrals that your unit has to accept, stand here."),
    Worklist.UNIT: _("Open matters that lie with your unit stand here."),
    Worklist.LATE: _("Nothing is overdue. Every promise that has run out is kept."),
    Worklist.RETURNED: _("Referrals that another unit returned to you stand here."),
    Worklist.WAITING: _("Matters that wait for the resident's papers or rating stand here."),
    Worklist.HELP: _("Matters that another unit leads and that yours was asked to help with stand here."),
    Worklist.SUPERVISED: _("Matters of yours about which an inspector wants an answer stand here."),
    Worklist.NOTES: _("Matters that you supervise stand here until the answer is accepted."),
    Worklist.TO_CALL: _(
        "Everybody who is not satisfied, and some of those who have not rated yet, stand here. "
        "Your own matters are called by colleagues."
    ),
    Worklist.NO_SUPERIOR: _("Matters that were escalated where no unit stands above stand here."),
    Worklist.ALL: _("No matter fits. Change the filters, or register the first one."),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person narrowed the list to; empty means everything."""

    kind: str = ""
    channel: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``next_key`` continues after its last row."""

    rows: list[Case]
    next_key: str
    has_previous: bool


def condition(worklist: Worklist, actor: Actor, *, now: datetime) -> Q:
    """What belongs on the list, before the permission filter."""
    me = actor.user_id
    # What is handled together with another matter stands still, until the answer is there to be rated.
    alone = Q(merged_into__isnull=True)
    moving = alone | Q(state=State.RESOLVED)
    match worklist:
        case Worklist.ANSWER:
            return (Q(first_handler=me) | Q(successor=me)) & Q(state__in=OPEN) & moving
        case Worklist.TODO:
            here = policy.units_of(actor)
            return alone & Q(state__in=IN_HAND) & (Q(handler=me) | Q(handler__isnull=True, unit__in=here))
        case Worklist.UNIT:
            return Q(state__in=OPEN, unit__in=policy.units_below(actor)) & moving
        case Worklist.LATE:
            return alone & Q(state__in=IN_HAND, due_at__lt=now, paused_at__isnull=True)
        case Worklist.RETURNED:
            return (Q(first_handler=me) | Q(successor=me)) & Q(returned=True, state__in=IN_HAND) & alone
        case Worklist.WAITING:
            return moving & Q(state__in=[State.WAITING, State.RESOLVED])
        case Worklist.HELP:
            asked = Assist.objects.filter(Assist.OPEN, unit__in=policy.units_of(actor))
            return alone & Q(state__in=IN_HAND, pk__in=asked.values("case"))
        case Worklist.SUPERVISED:
            here = policy.units_of(actor)
            mine = Q(handler=me) | Q(first_handler=me) | Q(successor=me)
            waiting = Supervision.objects.filter(state=SupervisionState.OPEN)
            return (mine | Q(handler__isnull=True, unit__in=here)) & Q(pk__in=waiting.values("case"))
        case Worklist.NOTES:
            notes = Supervision.objects.filter(Supervision.OPEN)
            below = policy.units_supervised(actor)
            return (Q(unit__in=below) | Q(origin__in=below)) & Q(pk__in=notes.values("case"))
        case Worklist.TO_CALL:
            return Q(to_call=True) & _called_by(actor)
        case Worklist.NO_SUPERIOR:
            return alone & Q(no_superior=True, state__in=IN_HAND)
        case Worklist.ALL:
            return Q()


def _called_by(actor: Actor) -> Q:
    """Of the matters to call back, those of the actor's units in which he has no part himself."""
    me, here = actor.user_id, policy.units_called_for(actor)
    rated = Repair.objects.filter(rated=me, ended_at__isnull=True).values("case")
    others = (Q(handler__isnull=True) | ~Q(handler=me)) & ~Q(first_handler=me) & ~Q(pk__in=rated)
    return (Q(unit__in=here) | Q(origin__in=here)) & others


def rows_of(worklist: Worklist, actor: Actor, filters: Filters, *, now: datetime) -> QuerySet[Case]:
    """The list as a query: condition, permission and filters in one."""
    query = Case.objects.filter(policy.visible_to(actor), condition(worklist, actor, now=now))
    if filters.kind:
        query = query.filter(kind=filters.kind)
    if filters.channel:
        query = query.filter(channel=filters.channel)
    if filters.state:
        query = query.filter(state=filters.state)
    if filters.text:
        query = narrowed(query, filters.text)
    return query


_JOINED = ("unit", "first_handler", "handler", "resident", "item_version")
_SHOWN = (
    "reference", "title", "kind", "state", "due_at", "registered_at", "urgent", "returned", "level",
    "stage", "rank", "paused_at", "merged_into",
    "round", "unit__name", "unit__names", "first_handler__name", "handler__name", "resident__name",
    "resolved_at", "ending", "alarms_done", "item_version__name", "item_version__names",
)  # fmt: skip
MOST_EXPORTED = 10_000


def _order(worklist: Worklist) -> list[str]:
    """The green channel, then soonest due first; all matters: newest first."""
    return ["-registered_at", "-id"] if worklist is Worklist.ALL else ["rank", "due_at", "id"]


def exported(worklist: Worklist, actor: Actor, filters: Filters, *, now: datetime) -> list[Case]:
    """All rows of a list for a file, in its order; hidden residents stay hidden.

    Raises NotAllowed for who reads no matters, Invalid beyond ``MOST_EXPORTED`` rows.
    """
    policy.require_reader(actor)
    query = rows_of(worklist, actor, filters, now=now).select_related(*_JOINED).only(*_SHOWN, "channel")
    rows = list(query.order_by(*_order(worklist))[: MOST_EXPORTED + 1])
    if len(rows) > MOST_EXPORTED:
        most = f"{MOST_EXPORTED:,}"
        raise Invalid(
            _("More than %(most)s matters fit. Narrow the list, then export again.") % {"most": most}
        )
    return [veiled(case) for case in rows]


def page_of(
    worklist: Worklist, actor: Actor, filters: Filters, *, now: datetime, after: str = "", size: int = PAGE
) -> Page:
    """One page by keyset: the green channel, then soonest due first (all matters: newest first).

    ``after`` is a ``next_key``. With a searched text the rows carry the words in which it was found.
    """
    newest_first = worklist is Worklist.ALL
    query = rows_of(worklist, actor, filters, now=now)
    key = key_of(after)
    if key is not None:
        query = query.filter(_older(key) if newest_first else _later(key))
    rows = list(
        query.select_related(*_JOINED, *(["detail"] if filters.text else []))
        .only(*(["detail__words", "detail__place"] if filters.text else []), *_SHOWN)
        .order_by(*_order(worklist))[: size + 1]
    )
    more = len(rows) > size
    rows = [veiled(case) for case in rows[:size]]
    last = rows[-1] if rows and more else None
    next_key = ""
    if last is not None:
        at = last.registered_at if newest_first else last.due_at
        next_key = f"{last.rank}_{at.isoformat() if at else ''}_{last.pk}"
    return Page(rows=rows, next_key=next_key, has_previous=key is not None)


def page_of_resident(actor: Actor, resident_id: int, *, after: str = "", size: int = PAGE) -> Page:
    """The matters of one resident that exist for this actor, newest first, by keyset."""
    query = Case.objects.filter(policy.visible_to(actor), resident=resident_id)
    if discreet := discreet_kinds():  # looking is logged, and this would be a way around
        query = query.exclude(kind__in=discreet)
    key = key_of(after)
    if key is not None:
        query = query.filter(_older(key))
    found = list(query.select_related("unit", "item_version").order_by("-registered_at", "-id")[: size + 1])
    rows = found[:size]
    last = rows[-1] if len(found) > size else None
    next_key = f"{last.rank}_{last.registered_at.isoformat()}_{last.pk}" if last else ""
    return Page(rows=rows, next_key=next_key, has_previous=key is not None)


@dataclass(frozen=True, slots=True)
class Key:
    """The last row of the page before: its place, its time and its number."""

    rank: int
    at: datetime
    pk: int


def _later(key: Key) -> Q:
    same = Q(due_at__gt=key.at) | Q(due_at=key.at, id__gt=key.pk)
    # The first part bounds the walk along the index; the second one is exact.
    return Q(rank__gte=key.rank) & (Q(rank__gt=key.rank) | same & Q(rank=key.rank))


def _older(key: Key) -> Q:
    return Q(registered_at__lt=key.at) | Q(registered_at=key.at, id__lt=key.pk)


def key_of(text: str) -> Key | None:
    """The row that a ``next_key`` means; None when ``text`` is none."""
    match text.split("_"):
        case [rank, at_text, pk] if rank.isdecimal() and pk.isdecimal() and len(rank) < 5 and len(pk) <= 18:
            try:
                at = parse_datetime(at_text)
                return Key(int(rank), at.astimezone(UTC), int(pk)) if at and at.tzinfo else None
            except (ValueError, OverflowError):
                return None
    return None


def saved_by(actor: Actor) -> list[tuple[SavedFilter, Worklist, Filters]]:
    """The filters that this person saved, by name; those of a list that is no more are left out."""
    rows = SavedFilter.objects.filter(user=actor.user_id, list__in=[*Worklist]).order_by("name")
    return [(row, Worklist(row.list), Filters(row.kind, row.channel, row.state, row.text)) for row in rows]


COUNTED = (
    Worklist.ANSWER, Worklist.TODO, Worklist.UNIT, Worklist.LATE, Worklist.RETURNED, Worklist.WAITING,
    Worklist.HELP, Worklist.SUPERVISED, Worklist.NOTES, Worklist.TO_CALL, Worklist.NO_SUPERIOR,
)  # fmt: skip


def counts(actor: Actor, *, now: datetime, at_most: int = 99) -> dict[Worklist, int]:
    """How many stand on each list, counted no further than ``at_most`` + 1; one statement for all."""
    kinds = tuple(procedure.kind for procedure in procedures.procedures())
    sql, params = _counting(actor, kinds, at_most)
    with connection.cursor() as cursor:
        cursor.execute(sql, [now if param == _NOW else param for param in params])
        numbers = cursor.fetchone()
    return dict(zip(COUNTED, numbers, strict=True))


_NOW = datetime(1, 1, 2, tzinfo=UTC)


@lru_cache(maxsize=1_000)
def _counting(actor: Actor, kinds: tuple[str, ...], at_most: int) -> tuple[str, tuple[Any, ...]]:
    """The statement of ``counts`` and its parameters; ``_NOW`` stands for the moment.

    It depends on nothing but the actor and the registered procedures (``kinds``), and building it costs
    more than all else on the page of a list: it is kept in the process.
    """
    parts: list[str] = []
    params: list[Any] = []
    for worklist in COUNTED:
        query = rows_of(worklist, actor, Filters(), now=_NOW).values("pk")[: at_most + 1]
        try:
            sql, args = query.query.sql_with_params()
        except EmptyResultSet:  # the actor sees nothing at all
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS listed)")
        params += args
    return "SELECT " + ", ".join(parts), tuple(params)
