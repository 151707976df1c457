"""Raw figures of casework for a period: counts and pairs (numerator, denominator), from the rows alone.

A period is two hall-local days, both included. A matter belongs to the unit that received it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from liangdian.casework import policy
from liangdian.casework.models import (
    Case,
    Promise,
    Rating,
    RatingAppeal,
    Repair,
    Resolution,
    Supervision,
    SupervisionAnswer,
)
from liangdian.casework.states import BAD_GRADES, Ending, Grade, RepairEnd, State, SupervisionState
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import end_of_day, start_of_day


@dataclass(frozen=True, slots=True)
class Period:
    """``first`` to ``last``, hall-local days, both included; ``unit_path`` empty means everything visible.

    ``kind`` narrows the figures to one kind of matter; empty means all.
    """

    first: date
    last: date
    unit_path: str = ""
    kind: str = ""

    @property
    def start(self) -> datetime:
        return start_of_day(self.first)

    @property
    def end(self) -> datetime:
        return end_of_day(self.last)


@dataclass(frozen=True, slots=True)
class Share:
    """``numerator`` of ``denominator``; no denominator means no data, never 0 %."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """In per cent with one decimal, None when there is no data."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile of ``count`` values."""

    median: float | None
    p90: float | None
    count: int


def cases_of(actor: Actor, period: Period) -> QuerySet[Case]:
    """The matters of the period's units, and of its kind, that the actor may see."""
    rows = Case.objects.filter(policy.visible_to(actor))
    if period.kind:
        rows = rows.filter(kind=period.kind)
    return rows.filter(origin__path__startswith=period.unit_path) if period.unit_path else rows


def registered(actor: Actor, period: Period) -> QuerySet[Case]:
    """The matters registered in the period: what every count links to."""
    return cases_of(actor, period).filter(registered_at__range=(period.start, period.end))


def counts_by(actor: Actor, period: Period, column: str) -> dict[str, int]:
    """How many matters were registered, by ``kind``, ``channel`` or ``state``."""
    rows = registered(actor, period).values_list(column).annotate(n=Count("pk")).order_by("-n", column)
    return dict(rows)


def promises_kept(actor: Actor, period: Period, *, now: datetime) -> Share:
    """Promises that fell due in the period (by now), and those of them answered in time.

    Matters that were withdrawn, and promises replaced before they fell due, are not counted.
    """
    end = min(period.end, now)
    newer = Promise.objects.filter(case=OuterRef("case"), round=OuterRef("round"), seq__gt=OuterRef("seq"))
    due = Promise.objects.filter(
        ~Exists(newer), case__in=cases_of(actor, period), due_at__range=(period.start, end)
    ).exclude(case__state=State.WITHDRAWN)
    answered = Resolution.objects.filter(case=OuterRef("case"), round=OuterRef("round"), kept=True)
    numbers = due.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(Exists(answered))))
    return Share(numbers["kept"], numbers["n"])


_EXCLUDED = Q(Exists(RatingAppeal.objects.filter(repair__rating=OuterRef("pk"), excluded=True)))


def _given(actor: Actor, period: Period) -> QuerySet[Rating]:
    return Rating.objects.filter(case__in=cases_of(actor, period), at__range=(period.start, period.end))


def repaired(actor: Actor, period: Period, *, now: datetime) -> Share:
    """Bad ratings whose repair fell due in the period (by now), and those of them put right in time.

    In time is by the limit, or by the day on the ledger. Excluded and withdrawn ones are not counted.
    """
    due = Repair.objects.filter(
        case__in=cases_of(actor, period), due_at__range=(period.start, min(period.end, now))
    ).exclude(end__in=[RepairEnd.EXCLUDED, RepairEnd.WITHDRAWN])
    in_time = Q(ended_at__lte=F("due_at")) | Q(ended_at__date__lte=F("until"))
    numbers = due.aggregate(n=Count("pk"), kept=Count("pk", filter=in_time))
    return Share(numbers["kept"], numbers["n"])


def supervised(actor: Actor, period: Period, *, now: datetime) -> Share:
    """Supervision notes written in the period that were answered or fell due, and those answered in time."""
    notes = Supervision.objects.filter(
        case__in=cases_of(actor, period), written_at__range=(period.start, period.end)
    )
    first = SupervisionAnswer.objects.filter(supervision=OuterRef("pk"), n=1)
    due = notes.filter(Exists(first) | Q(due_at__lte=now, state=SupervisionState.OPEN))
    numbers = due.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(Exists(first.filter(kept=True)))))
    return Share(numbers["kept"], numbers["n"])


def ratings(actor: Actor, period: Period) -> dict[str, Share]:
    """Rated share of the rounds whose rating is over, satisfied share and bad share of the ratings given.

    Ratings excluded on appeal are counted in ``excluded`` only, beside all that were given.
    """
    given = _given(actor, period)
    by_grade = dict(given.filter(~_EXCLUDED).values_list("grade").annotate(n=Count("pk")))
    excluded = given.filter(_EXCLUDED).count()
    total = sum(by_grade.values())
    good = sum(by_grade.get(g, 0) for g in (Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.BASICALLY_SATISFIED))
    bad = sum(by_grade.get(g, 0) for g in BAD_GRADES)
    silent = cases_of(actor, period).filter(
        ending=Ending.NOT_RATED, closed_at__range=(period.start, period.end)
    ).count()  # fmt: skip
    return {
        "rated": Share(total, total + silent),
        "satisfied": Share(good, total),
        "bad": Share(bad, total),
        "excluded": Share(excluded, total + excluded),
    }


def grades(actor: Actor, period: Period) -> dict[str, int]:
    """How often each of the five grades was given, without those excluded on appeal."""
    found = dict(_given(actor, period).filter(~_EXCLUDED).values_list("grade").annotate(n=Count("pk")))
    return {str(grade): found.get(grade, 0) for grade in Grade.values}


def reopened(actor: Actor, period: Period) -> Share:
    """Of the matters answered in the period, those that were reopened at least once."""
    cases = cases_of(actor, period).filter(
        Exists(Resolution.objects.filter(case=OuterRef("pk"), at__range=(period.start, period.end)))
    )
    numbers = cases.aggregate(n=Count("pk"), again=Count("pk", filter=Q(round__gt=1)))
    return Share(numbers["again"], numbers["n"])


def hours_to_first_contact(actor: Actor, period: Period) -> Spread:
    """Hours from registration to the first contact, of matters registered in the period."""
    rows = registered(actor, period).filter(first_contact_at__isnull=False)
    return _spread(rows.annotate(span=F("first_contact_at") - F("registered_at")), 3600)


def days_to_resolution(actor: Actor, period: Period) -> Spread:
    """Days (of 24 hours) from registration to the first answer, of matters registered in the period."""
    first = Resolution.objects.filter(round=1, case__in=registered(actor, period))
    return _spread(first.annotate(span=F("at") - F("case__registered_at")), 86400)


def _spread(rows: QuerySet, seconds: int) -> Spread:
    sql, params = rows.values("span").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM span)), "
            "percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM span)), count(*) "
            f"FROM ({sql}) AS spans WHERE span IS NOT NULL",
            params,
        )
        median, p90, count = cursor.fetchone()
    if not count:
        return Spread(None, None, 0)
    return Spread(round(median / seconds, 1), round(p90 / seconds, 1), count)
