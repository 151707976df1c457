"""The figures of mediation: counted from the records, each with its denominator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from liangdian.casework.figures import Share
from liangdian.desks.mediation.models import Obligation
from liangdian.desks.mediation.selectors import visible
from liangdian.desks.mediation.states import AGREED, Category, DisputeState, ObligationState
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import end_of_day, start_of_day


@dataclass(frozen=True, slots=True)
class Row:
    """The disputes of one category, or of all (``category`` empty).

    ``agreed``, ``failed`` and ``refused``: ended in the period. ``success``: agreements of the mediations
    that ended; a dispute that a party did not want mediated was none.
    """

    category: str
    registered: int
    agreed: int
    failed: int
    refused: int

    @property
    def label(self) -> str:
        return str(Category(self.category).label) if self.category else ""

    @property
    def success(self) -> Share:
        return Share(self.agreed, self.agreed + self.failed)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What became of the obligations that fell due in the period. Those given up are in no share."""

    kept: int
    broken: int
    excused: int
    unknown: int

    @property
    def share(self) -> Share:
        """Kept of those that were owed; what nobody has asked after counts as owed and not kept."""
        return Share(self.kept, self.kept + self.broken + self.unknown)


def by_category(actor: Actor, *, first: date, last: date) -> list[Row]:
    """One row for each category with disputes, the most first. One query."""
    days = (start_of_day(first), end_of_day(last))
    ended = Q(ended_at__range=days)
    rows = (
        visible(actor)
        .filter(Q(registered_at__range=days) | ended)
        .values("category")
        .annotate(
            registered=Count("pk", filter=Q(registered_at__range=days)),
            agreed=Count("pk", filter=ended & Q(state__in=AGREED)),
            failed=Count("pk", filter=ended & Q(state=DisputeState.FAILED)),
            refused=Count("pk", filter=ended & Q(state=DisputeState.REFUSED)),
        )
    )
    return sorted((Row(**row) for row in rows), key=lambda row: (-row.registered, row.category))


def total_of(rows: list[Row]) -> Row:
    """All categories together."""
    return Row(
        "", sum(r.registered for r in rows), sum(r.agreed for r in rows), sum(r.failed for r in rows),
        sum(r.refused for r in rows),
    )  # fmt: skip


def fulfilment(actor: Actor, *, first: date, last: date, today: date) -> Fulfilment:
    """The obligations of agreements in effect whose day lies from ``first`` to ``last`` and is over."""
    rows = Obligation.objects.filter(
        agreement__dispute__in=visible(actor), agreement__effective_at__isnull=False,
        due_on__range=(first, last),
    ).filter(Q(due_on__lt=today) | ~Q(state=ObligationState.DUE))  # fmt: skip
    found = dict(rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    count = {state: found.get(state.value, 0) for state in ObligationState}
    return Fulfilment(
        kept=count[ObligationState.KEPT], broken=count[ObligationState.BROKEN],
        excused=count[ObligationState.EXCUSED], unknown=count[ObligationState.DUE],
    )  # fmt: skip
