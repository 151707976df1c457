"""The figures of a period as one object, and the public commitments with how they were kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from liangdian.casework import figures as casework
from liangdian.casework import pledge_lines
from liangdian.casework.figures import Period, Share, Spread
from liangdian.casework.states import PledgeKind
from liangdian.desks.duty import kept as duty
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date

__all__ = ["Commitment", "Figures", "Period", "commitments", "figures", "last_twelve_months"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that ``liangdian figures`` and the figures page show for one period."""

    first: date
    last: date
    total: int
    kinds: dict[str, int]
    channels: dict[str, int]
    states: dict[str, int]
    on_time: Share
    hours_to_first_contact: Spread
    days_to_resolution: Spread
    ratings: dict[str, Share]
    grades: dict[str, int]
    reopened: Share
    pledges: dict[PledgeKind, Share]
    green: dict[str, int]
    repaired: Share
    supervised: Share

    def as_json(self) -> dict[str, object]:
        """Plain values; a share without data says "no data" instead of a number."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "registered": self.total,
            "by_kind": self.kinds,
            "by_channel": self.channels,
            "by_state": self.states,
            "on_time": share_json(self.on_time),
            "hours_to_first_contact": spread_json(self.hours_to_first_contact),
            "days_to_resolution": spread_json(self.days_to_resolution),
            "ratings": {name: share_json(share) for name, share in self.ratings.items()},
            "grades": self.grades,
            "reopened": share_json(self.reopened),
            "promises_of_how": {kind.value: share_json(share) for kind, share in self.pledges.items()},
            "green_channel": self.green,
            "repaired": share_json(self.repaired),
            "supervised": share_json(self.supervised),
        }


def share_json(share: Share) -> dict[str, object]:
    """A share with its numerator and denominator."""
    percent = "no data" if share.percent is None else share.percent
    return {"percent": percent, "numerator": share.numerator, "denominator": share.denominator}


def spread_json(spread: Spread) -> dict[str, object]:
    """A median and a 90th percentile with the number of values behind them."""
    return {name: "no data" if value is None else value for name, value in asdict(spread).items()}


def figures(*, actor: Actor, period: Period, now: datetime) -> Figures:
    """All figures of the period, of the matters that the actor may see."""
    states = casework.counts_by(actor, period, "state")
    return Figures(
        first=period.first, last=period.last, total=sum(states.values()),
        kinds=casework.counts_by(actor, period, "kind"), 
        channels=casework.counts_by(actor, period, "channel"),
        states=states, on_time=casework.promises_kept(actor, period, now=now),
        hours_to_first_contact=casework.hours_to_first_contact(actor, period),
        days_to_resolution=casework.days_to_resolution(actor, period),
        ratings=casework.ratings(actor, period), grades=casework.grades(actor, period),
        reopened=casework.reopened(actor, period), repaired=casework.repaired(actor, period, now=now),
        pledges=pledge_lines.kept_by_kind(actor, period, now=now),
        green=pledge_lines.put_first(actor, period), supervised=casework.supervised(actor, period, now=now),
    )  # fmt: skip


def last_twelve_months(now: datetime) -> Period:
    """The period of twelve months (365 days) that ends today."""
    today = business_date(now)
    return Period(first=today - timedelta(days=364), last=today)


@dataclass(frozen=True, slots=True)
class Commitment:
    """One public promise and the share in which it was kept."""

    words: object
    share: float | None
    numerator: int
    denominator: int


_PLEDGED = {
    PledgeKind.AT_ONCE: _("All papers here: done the same day"),
    PledgeKind.OUT_OF_HOURS: _("Urgent: begun within hours, outside service hours too"),
    PledgeKind.AT_HOME: _("Cannot walk: we come to the resident's home"),
    PledgeKind.HELPED: _("Does not know how: a named helper goes through it with the resident"),
}


def commitments(*, now: datetime) -> list[Commitment]:
    """What the centre promises everybody, with the figures of the last twelve months."""
    period = last_twelve_months(now)
    ratings = casework.ratings(SYSTEM, period)
    kept = pledge_lines.kept_by_kind(SYSTEM, period, now=now)
    rows = [
        (_("Every matter is answered by its promised date"), casework.promises_kept(SYSTEM, period, now=now)),
        *((_PLEDGED[kind], share) for kind, share in kept.items()),
        (_("The windows are open in their promised hours (hours)"), _hours_kept(now)),
        (_("Residents are satisfied with the answer"), ratings["satisfied"]),
        (_("Every resident is asked to rate, and many do"), ratings["rated"]),
    ]
    return [Commitment(words, s.percent, s.numerator, s.denominator) for words, s in rows]


def _hours_kept(now: datetime) -> Share:
    """Hours of the windows kept of those promised, in the last twelve finished months."""
    total = duty.year_total(now)
    return Share(numerator=round(total.kept / 60), denominator=round(total.promised / 60))
