"""The clocks of a case: started, stopped, and the earliest of them all as ``next_due_at``."""

from __future__ import annotations

from datetime import datetime

from liangdian.casework import rules
from liangdian.casework.models import Case, Clock, Promise
from liangdian.casework.services.promising import due_of_promise, newest_promise
from liangdian.casework.services.record import current_rule
from liangdian.casework.states import IN_HAND, ClockKind, State
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Due, Limit
from liangdian.foundation.workdays import Days, due_of
from liangdian.registers.calendar import selectors as calendar


def limit_in_force(code: str, *, at: datetime, days: Days | None = None) -> Due:
    """When the limit of rule ``code`` runs out if it starts at ``at``."""
    return due_of(current_rule(code, on=at).limit, at, days or calendar.calendar_days(), HALL_ZONE)


def start_clock(
    case: Case, kind: ClockKind | str, *, at: datetime, due_at: datetime, key: object = ""
) -> Clock:
    """Start a clock of a locked case. One of the same kind and key may not be running already."""
    return Clock.objects.create(case=case, kind=kind, key=str(key), start_at=at, due_at=due_at)


def stop_clocks(case: Case, *kinds: ClockKind | str, at: datetime, key: object | None = None) -> None:
    """End the open clocks of these kinds (of one ``key`` when given); none open is no fault."""
    running = Clock.objects.filter(case=case, kind__in=kinds, ended_at__isnull=True)
    if key is not None:
        running = running.filter(key=str(key))
    running.update(ended_at=at)


def refresh_clock(case: Case, *, now: datetime) -> None:
    """Set ``next_due_at`` to the earliest of the case's open clocks, in memory."""
    if case.state in {State.CLOSED, State.WITHDRAWN}:
        case.next_due_at = None
        return
    running = Clock.objects.filter(case=case, ended_at__isnull=True, rung_at__isnull=True)
    step = current_rule(rules.ESCALATION_STEP, on=now).limit if case.in_hand else None
    alarm = (
        promise_alarm(case, newest_promise(case), step=step, days=calendar.calendar_days()) if step else None
    )
    case.next_due_at = rules.earliest(alarm, running.values_list("due_at", flat=True))


def promise_alarm(case: Case, promise: Promise, *, step: Limit, days: Days) -> rules.Alarm | None:
    """The next alarm of the promise; none while it stands still, is answered, or another case leads."""
    if case.state not in IN_HAND or case.paused_at is not None or case.merged_into_id is not None:
        return None
    return rules.promise_alarm(
        start=promise.made_at, due=due_of_promise(promise), done=case.alarms_done, step=step,
        days=days,
    )  # fmt: skip
