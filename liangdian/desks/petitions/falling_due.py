"""What falls due on which day: promises, clocks of the desk, and the ends of the time to ask for a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from liangdian.desks.petitions.models import Petition
from liangdian.desks.petitions.selectors import petitions_of
from liangdian.desks.petitions.services.record import OWN_CLOCKS
from liangdian.desks.petitions.states import Instance, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day, start_of_day

WHAT = {
    "notice": _("Tell whether it is accepted"),
    "answer": _("Answer the petition"),
    "review": _("Answer the review"),
    "petitions.objection": _("Objection possible until"),
    "petitions.accept_simply": _("Accept in the simplified way"),
    "petitions.report": _("Report due"),
    "review_until": _("Review can be asked for until"),
}
# Until a review can be asked for is the petitioner's time: nobody of the staff is late with it.
OF_OTHERS = frozenset({"review_until", "petitions.objection"})


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due on ``day``; ``late``: the time is over and it is still to be done."""

    day: date
    what: str
    petition: Petition
    late: bool

    @property
    def words(self) -> object:
        """What has to be done by then."""
        return WHAT[self.what]


def falling_due(actor: Actor, *, first: date, last: date, now: datetime) -> list[Due]:
    """What falls due from ``first`` to ``last`` of the petitions that exist for the actor, by day.

    Three statements whatever the number of petitions.
    """
    span = (start_of_day(first), end_of_day(last))
    rows = petitions_of(actor).select_related("case__unit", "case__handler")
    found = [
        Due(business_date(row.case.due_at), _promised(row), row, row.case.due_at < now)
        for row in rows.filter(
            answered_at__isnull=True, case__due_at__range=span, case__closed_at__isnull=True
        )
        if row.case.due_at is not None
    ]
    clocks = rows.filter(
        case__clocks__ended_at__isnull=True,
        case__clocks__kind__in=OWN_CLOCKS,
        case__clocks__due_at__range=span,
    ).annotate(clock=F("case__clocks__kind"), rings=F("case__clocks__due_at"))
    found += [
        Due(business_date(row.rings), row.clock, row, row.rings < now and row.clock not in OF_OTHERS)
        for row in clocks
    ]
    until = rows.filter(step=Step.OPINION, review_until__range=(first, last))
    found += [Due(row.review_until, "review_until", row, False) for row in until if row.review_until]
    return sorted(found, key=lambda due: (due.day, due.what in OF_OTHERS, due.petition.pk))


def _promised(petition: Petition) -> str:
    if petition.step != Step.ACCEPTED:
        return "notice"
    return "answer" if petition.instance == Instance.HANDLING else "review"
