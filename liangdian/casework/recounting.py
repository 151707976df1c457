"""Counting a promise again from its history with another calendar; pure.

Every promise of a round follows the one before it for a reason. The same steps with new working days give
the end that would have been promised, had the calendar been published in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from liangdian.casework.states import PromiseReason
from liangdian.foundation.clock import HALL_ZONE, end_of_day
from liangdian.foundation.limits import Due, Limit
from liangdian.foundation.workdays import Days, add_working_days, all_known, due_of
from liangdian.foundation.worktime import Hours, resumed_due


@dataclass(frozen=True, slots=True)
class Step:
    """One promise: why it was made, its limit and start, and the end that it has now."""

    reason: PromiseReason
    limit: Limit
    start: datetime
    due: Due


_FROM_ITS_START = frozenset(
    {
        PromiseReason.REGISTERED, PromiseReason.REOPENED, PromiseReason.ACCEPTED, PromiseReason.PROLONGED,
        PromiseReason.TRANSFERRED,
    }
)  # fmt: skip


def recounted(
    steps: Sequence[Step], *, pauses: Sequence[tuple[datetime, datetime]], extension: int, days: Days,
    hours: Hours,
) -> Due:  # fmt: skip
    """The end of the last of ``steps`` (all promises of one round, in order) counted with ``days``.

    ``pauses`` are the times in which the promise stood still, in order; ``extension`` is in working days.
    What was taken over from another system, or from a merged matter, keeps its own end.
    """
    stood_still = iter(pauses)
    due = steps[0].due
    for step in steps:
        due = _after(step, due, stood_still, extension=extension, days=days, hours=hours)
    return due


def _after(
    step: Step, before: Due, stood_still: Iterator[tuple[datetime, datetime]], *, extension: int, days: Days,
    hours: Hours,
) -> Due:  # fmt: skip
    if step.reason in _FROM_ITS_START:
        return due_of(step.limit, step.start, days, HALL_ZONE)
    match step.reason:
        case PromiseReason.RESUMED:
            paused_at, resumed_at = next(stood_still)
            return resumed_due(
                due=before, unit=step.limit.unit, paused_at=paused_at, resumed_at=resumed_at, days=days,
                hours=hours,
            )  # fmt: skip
        case PromiseReason.EXTENDED:
            return extended_due(before, extension, days)
        case PromiseReason.RECLASSIFIED:
            return earlier(due_of(step.limit, step.start, days, HALL_ZONE), before)
        case PromiseReason.MERGED:
            return earlier(step.due, before)
        case PromiseReason.CALENDAR:
            return before
    return step.due


def extended_due(due: Due, amount: int, days: Days) -> Due:
    """``due`` moved on by ``amount`` working days, to the end of the last of them."""
    last = add_working_days(due.day, amount, days)
    known = all_known(due.day, last, days)
    return Due(at=end_of_day(last), day=last, provisional=due.provisional or not known)


def earlier(first: Due, second: Due) -> Due:
    """The one of two ends that comes first."""
    return first if first.at <= second.at else second
