"""The four promises of how a matter is handled: which apply and why, and whether they were kept. Pure.

Papers complete and an at-once item → the same day; urgent → also outside the hours of service; cannot
walk → at home; does not know how → helped through by somebody who is named. Times are aware datetimes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from liangdian.casework.states import EventType, Kind, PledgeKind
from liangdian.foundation.clock import business_date, end_of_day

CANNOT_WALK, CANNOT_READ, NEEDS_HELPER = "cannot_walk", "cannot_read", "needs_helper"

# Why a promise applies: the code that is stored, and the words for those who read it.
WHY = {
    "papers_complete": _("All papers are here and this is done on the spot"),
    "urgent": _("The matter is urgent"),
    "cannot_walk": _("The resident cannot walk"),
    "cannot_read": _("The resident does not read"),
    "needs_helper": _("The resident does not know how it goes"),
}


def pledges_for(
    *, kind: str, urgent: bool, item_at_once: bool, papers_complete: bool, needs: Collection[str]
) -> dict[PledgeKind, str]:
    """The promises that apply to a matter, each with the code of its reason (a key of ``WHY``)."""
    found: dict[PledgeKind, str] = {}
    if kind == Kind.SERVICE and item_at_once and papers_complete:
        found[PledgeKind.AT_ONCE] = "papers_complete"
    if urgent:
        found[PledgeKind.OUT_OF_HOURS] = "urgent"
    if CANNOT_WALK in needs:
        found[PledgeKind.AT_HOME] = "cannot_walk"
    for need in (NEEDS_HELPER, CANNOT_READ):
        if need in needs:
            found[PledgeKind.HELPED] = need
    return found


def end_of_pledge(kind: PledgeKind, *, at: datetime, urgent_until: datetime | None) -> datetime | None:
    """Until when a promise given at ``at`` has to be kept; None when the answer is its end."""
    if kind is PledgeKind.AT_ONCE:
        return end_of_day(business_date(at))
    return urgent_until if kind is PledgeKind.OUT_OF_HOURS else None


class Standing(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    LAPSED = "lapsed"  # the resident withdrew before it could be kept or broken


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened since the promise was given: the first time of each, None when it did not happen.

    ``helped_at`` is when the named helper himself first spoke with the resident.
    """

    answered_at: datetime | None = None
    worked_at: datetime | None = None
    visited_at: datetime | None = None
    helped_at: datetime | None = None
    withdrawn_at: datetime | None = None


def standing_of(kind: str, *, due_at: datetime | None, facts: Facts, now: datetime) -> Standing:
    """Whether the promise is kept, broken, still open, or lapsed by a withdrawal."""
    answered = facts.answered_at
    match PledgeKind(kind):
        case PledgeKind.AT_ONCE | PledgeKind.OUT_OF_HOURS:
            assert due_at is not None
            done = answered if kind == PledgeKind.AT_ONCE else facts.worked_at
            if done is not None:
                return Standing.KEPT if done <= due_at else Standing.BROKEN
            if facts.withdrawn_at is not None and facts.withdrawn_at <= due_at:
                return Standing.LAPSED
            return Standing.BROKEN if now > due_at else Standing.OPEN
        case PledgeKind.AT_HOME:
            done = facts.visited_at
        case PledgeKind.HELPED:
            done = facts.helped_at
    if done is not None and (answered is None or done <= answered):
        return Standing.KEPT
    if answered is not None:
        return Standing.BROKEN
    return Standing.LAPSED if facts.withdrawn_at is not None else Standing.OPEN


# First contact or work on an urgent matter; to have been received at the window is neither.
WORK = (
    EventType.STARTED, EventType.CONTACTED, EventType.ASKED, EventType.CORRECTION_ASKED, EventType.REFERRED,
    EventType.HOME_VISITED, EventType.DECIDED, EventType.REFUSED, EventType.RESOLVED,
)  # fmt: skip
HELP = (EventType.CONTACTED, EventType.HOME_VISITED, EventType.ASKED)


class Happened(Protocol):
    """The part of an event that counts here."""

    @property
    def type(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor_id(self) -> int | None: ...


def facts_of(events: Iterable[Happened], *, given_at: datetime, helper_id: int | None) -> Facts:
    """The facts that count for a promise given at ``given_at``, read from a history in any order."""
    since = [e for e in events if e.at >= given_at]

    def first(types: Collection[str], by: int | None = None) -> datetime | None:
        return min(
            (e.at for e in since if e.type in types and (by is None or e.actor_id == by)), default=None
        )

    return Facts(
        answered_at=first((EventType.RESOLVED,)), worked_at=first(WORK),
        visited_at=first((EventType.HOME_VISITED,)), helped_at=first(HELP, helper_id) if helper_id else None,
        withdrawn_at=first((EventType.WITHDRAWN,)),
    )  # fmt: skip
