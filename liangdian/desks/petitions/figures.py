"""The figures of petition work, of the petitions that exist for the actor and of no others.

What is hidden from somebody is missing from his figures too. Shares of ratings with fewer than
``FEWEST`` behind them are not shown: they would tell who was not satisfied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from liangdian.casework import figures as casework
from liangdian.casework.figures import Period, Share
from liangdian.casework.states import Kind
from liangdian.desks.petitions.models import Petition
from liangdian.desks.petitions.selectors import petitions_of
from liangdian.desks.petitions.states import Instance, Level
from liangdian.foundation.actor import Actor

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Settled:
    """How many petitions were settled at a level, and their share of all that were settled."""

    level: Level
    share: Share


@dataclass(frozen=True, slots=True)
class PetitionFigures:
    """``taken_in_time`` 及时受理率, ``on_time`` 按期办结率, ``satisfied`` 满意率, ``rated`` 参评率.

    ``satisfied`` and ``rated`` are None where fewer than ``FEWEST`` ratings or answers stand behind them.
    """

    registered: int
    taken_in_time: Share
    on_time: Share
    satisfied: Share | None
    rated: Share | None
    levels: list[Settled]


def figures(actor: Actor, period: Period, *, now: datetime) -> PetitionFigures:
    """All figures of the period; the number of statements does not grow with the petitions."""
    wanted = Period(period.first, period.last, period.unit_path, Kind.PETITION)
    ratings = casework.ratings(actor, wanted)
    return PetitionFigures(
        registered=_first_instance(actor, wanted)
        .filter(case__registered_at__range=(wanted.start, wanted.end)).count(),
        taken_in_time=taken_in_time(actor, wanted, now=now),
        on_time=casework.promises_kept(actor, wanted, now=now),
        satisfied=_shown(ratings["satisfied"]), rated=_shown(ratings["rated"]),
        levels=settled_by_level(actor, wanted),
    )  # fmt: skip


def _first_instance(actor: Actor, period: Period) -> QuerySet[Petition]:
    rows = petitions_of(actor).filter(instance=Instance.HANDLING)
    return rows.filter(case__origin__path__startswith=period.unit_path)


def _shown(share: Share) -> Share | None:
    return None if 0 < share.denominator < FEWEST else share


def taken_in_time(actor: Actor, period: Period, *, now: datetime) -> Share:
    """Petitions whose notice fell due in the period (by now), and those told in time.

    Of Art. 22 and 23: 15 days. Those with an unclear name or address need no notice and are not counted.
    """
    due = _first_instance(actor, period).filter(
        unclear=False, notice_due_at__range=(period.start, min(period.end, now))
    )
    told = Q(decided_at__isnull=False, decided_at__lte=F("notice_due_at"))
    numbers = due.aggregate(n=Count("pk"), kept=Count("pk", filter=told))
    return Share(numbers["kept"], numbers["n"])


def settled_by_level(actor: Actor, period: Period) -> list[Settled]:
    """Where petitions answered in the period were settled: every level, with its share of all.

    Small matters in the courtyard, big ones in the community. Reviews are not counted a second time.
    """
    rows = _first_instance(actor, period).filter(answered_at__range=(period.start, period.end))
    found = dict(rows.exclude(settled="").values_list("settled").annotate(n=Count("pk")))
    total = sum(found.values())
    return [Settled(level, Share(found.get(level.value, 0), total)) for level in Level]
