"""The four promises of how on the page of a case, and how they were kept in a period. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import JSONObject

from liangdian.casework import pledges
from liangdian.casework.figures import Period, Share, cases_of
from liangdian.casework.models import Event, GreenChannel, Pledge
from liangdian.casework.pledges import Facts, Standing
from liangdian.casework.states import EventType, GreenReason, PledgeKind
from liangdian.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """One promise of how as the page of a case shows it."""

    kind: str
    label: str
    why: str
    helper: str
    standing: Standing
    until: datetime | None


def of_case() -> ArraySubquery:
    """The promises of a case as a column of its query, for ``line_of``; no statement of their own."""
    given = Pledge.objects.filter(case=OuterRef("pk")).order_by("given_at", "id")
    return ArraySubquery(
        given.values(
            json=JSONObject(
                kind="kind", why="why", given_at="given_at", due_at="due_at", helper="helper",
                name="helper__name",
            )
        )
    )  # fmt: skip


def line_of(row: dict[str, Any], events: Sequence[Event], *, now: datetime) -> PledgeLine:
    """One promise with what became of it, computed from the history of its case."""
    kind, given_at = PledgeKind(row["kind"]), datetime.fromisoformat(row["given_at"])
    due_at = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
    facts = pledges.facts_of(events, given_at=given_at, helper_id=row["helper"])
    standing = pledges.standing_of(kind, due_at=due_at, facts=facts, now=now)
    return PledgeLine(
        kind=kind, label=str(kind.label), why=str(pledges.WHY[row["why"]]), helper=row["name"] or "",
        standing=standing, until=due_at,
    )  # fmt: skip


def _first(types: Sequence[str], **more: Any) -> Subquery:
    """The first time, since the promise, that something of ``types`` happened to its case."""
    rows = Event.objects.filter(
        case=OuterRef("case"), type__in=list(types), at__gte=OuterRef("given_at"), **more
    )
    return Subquery(rows.order_by().values("case").annotate(first=Min("at")).values("first"))


def kept_by_kind(actor: Actor, period: Period, *, now: datetime) -> dict[PledgeKind, Share]:
    """Of the promises of how given in the period: how many are kept, of those kept or broken by now.

    Open ones and those that lapsed by a withdrawal are not counted. One statement.
    """
    given = Pledge.objects.filter(
        case__in=cases_of(actor, period), given_at__range=(period.start, period.end)
    )
    kept, decided = dict.fromkeys(PledgeKind, 0), dict.fromkeys(PledgeKind, 0)
    rows = given.annotate(
        answered_at=_first([EventType.RESOLVED]), worked_at=_first(pledges.WORK),
        visited_at=_first([EventType.HOME_VISITED]),
        helped_at=_first(pledges.HELP, actor_id=OuterRef("helper_id")),
        withdrawn_at=_first([EventType.WITHDRAWN]),
    ).values_list(
        "kind", "due_at", "answered_at", "worked_at", "visited_at", "helped_at", "withdrawn_at"
    )  # fmt: skip
    for kind, due_at, *times in rows.iterator(chunk_size=5_000):
        standing = pledges.standing_of(kind, due_at=due_at, facts=Facts(*times), now=now)
        kept[PledgeKind(kind)] += standing is Standing.KEPT
        decided[PledgeKind(kind)] += standing in {Standing.KEPT, Standing.BROKEN}
    return {kind: Share(kept[kind], decided[kind]) for kind in PledgeKind}


def put_first(actor: Actor, period: Period) -> dict[str, int]:
    """How many matters were put into the green channel in the period, by reason."""
    rows = GreenChannel.objects.filter(case__in=cases_of(actor, period), at__range=(period.start, period.end))
    found: dict[str, int] = {}
    for reason in rows.values_list("reason", flat=True):
        found[reason] = found.get(reason, 0) + 1
    return {reason: found[reason] for reason in GreenReason.values if reason in found}
