"""Outcome figures of livelihood help, each with its denominator. Zero denominator is no data, never 0 %."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liangdian.desks.assistance import selectors
from liangdian.desks.assistance.models import CheckUp, Help
from liangdian.desks.assistance.rules import median_change, share
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import end_of_day, start_of_day


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; ``percent`` is None when there is nothing to divide by."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return share(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Figures:
    """``placed``: of those who wanted help and were registered in the period. ``after_six``: of the check-ups
    after six months that were done in it. ``change``: median change of a household's income, yuan a month;
    ``changes``: of how many households, None below three.
    """

    placed: Share
    after_six: Share
    change: int | None
    changes: int


def figures(actor: Actor, *, first: date, last: date) -> Figures:
    """What the help brought from ``first`` to ``last``, both included, as far as the actor reads."""
    period = (start_of_day(first), end_of_day(last))
    helps = selectors.visible(actor)
    wanted = helps.filter(registered_at__range=period, consents__given=True).distinct()
    placed = wanted.filter(placements__isnull=False).distinct()
    done = CheckUp.objects.filter(placement__help__in=helps, done_at__range=period)
    six = done.filter(months=6)
    changes = _changes(done)
    return Figures(
        placed=Share(placed.count(), wanted.count()),
        after_six=Share(six.filter(still=True).count(), six.count()),
        change=median_change(changes), changes=len(changes),
    )  # fmt: skip


def _changes(done) -> list[int]:  # type: ignore[no-untyped-def]
    """For each household with an income before, the newest income told in the period minus that before."""
    newest: dict[int, int] = {}
    before: dict[int, int] = {}
    rows = done.select_related("placement__help").order_by("done_at", "pk")
    for row in rows:
        help: Help = row.placement.help
        if help.income and row.income:
            newest[help.pk], before[help.pk] = int(row.income), int(help.income)
    return [newest[pk] - before[pk] for pk in newest]
