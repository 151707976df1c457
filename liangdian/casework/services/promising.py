"""Promises: immutable rows, each new one with its reason; the case carries the end of the newest."""

from __future__ import annotations

from datetime import datetime

from liangdian.casework import rules
from liangdian.casework.models import Case, Event, Promise
from liangdian.casework.services.record import chained
from liangdian.casework.states import EventType, PromiseReason
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Due, Limit
from liangdian.foundation.workdays import Days, due_of
from liangdian.registers.calendar import selectors as calendar


def make_promise(
    case: Case, *, limit: Limit, rule_code: str, rule_version: int, at: datetime, reason: PromiseReason,
    legal: Limit | None = None,
) -> Promise:  # fmt: skip
    """A new promise from ``at``, not yet saved; the case's due date and alarms begin anew with it.

    ``legal`` is the limit that the law sets beside the promised one.
    """
    days = calendar.calendar_days()
    due = due_of(limit, at, days, HALL_ZONE)
    by_law = due_of(legal, at, days, HALL_ZONE) if legal else None
    _begin_anew(case, start=at, due=due, days=days)
    return Promise(
        case=case, round=case.round, reason=reason, rule_code=rule_code, rule_version=rule_version,
        calendar_version=str(days.version), amount=limit.amount, unit=limit.unit,
        start_at=at, due_at=due.at, due_day=due.day, provisional=due.provisional, made_at=at,
        legal_due_at=by_law.at if by_law else None, legal_due_day=by_law.day if by_law else None,
    )  # fmt: skip


def _begin_anew(case: Case, *, start: datetime, due: Due, days: Days) -> None:
    """The case's due date and its alarms follow a new promise, in memory; other clocks are not looked at."""
    case.due_at, case.alarms_done = due.at, 0
    case.next_due_at = rules.warn_at(start=start, due=due, days=days)


def newest_promise(case: Case) -> Promise:
    """The promise that holds now."""
    return Promise.objects.filter(case=case).order_by("-seq")[:1].get()


def follow(
    case: Case, before: Promise, *, due: Due, legal: Due | None, reason: PromiseReason, actor: Actor,
    at: datetime, text: str = "",
) -> Event:  # fmt: skip
    """Save the promise that follows ``before`` with another end; returns its event, not yet saved.

    Limit, rule and start stay those of ``before``. ``text`` is the explanation that the resident reads.
    """
    promise = Promise(
        case=case, seq=before.seq + 1, round=case.round, reason=reason, rule_code=before.rule_code,
        rule_version=before.rule_version, calendar_version=str(calendar.calendar_days().version),
        amount=before.amount, unit=before.unit, start_at=before.start_at, due_at=due.at, due_day=due.day,
        provisional=due.provisional, made_at=at, legal_due_at=legal.at if legal else None,
        legal_due_day=legal.day if legal else None,
    )  # fmt: skip
    return give(case, promise, actor=actor, at=at, before=before, text=text)


def give(
    case: Case, promise: Promise, *, actor: Actor, at: datetime, before: Promise | None = None, text: str = ""
) -> Event:
    """Save ``promise`` as the newest one of a locked case; returns its event, not yet saved."""
    if before is not None:
        promise.seq = before.seq + 1
    promise.save(force_insert=True)
    _begin_anew(case, start=at, due=due_of_promise(promise), days=calendar.calendar_days())
    data = promise_data(promise)
    if before is not None:
        data |= {"reason": str(promise.reason), "was": before.due_day.isoformat()}
    if text:
        data["text"] = text
    return chained(case, type=EventType.PROMISED, actor=actor, at=at, data=data)


def due_of_promise(promise: Promise) -> Due:
    """The end of a promise as a due time."""
    return Due(at=promise.due_at, day=promise.due_day, provisional=promise.provisional)


def legal_due_of(promise: Promise) -> Due | None:
    """The legal end beside the promised one; None where no law sets a limit."""
    if promise.legal_due_at is None or promise.legal_due_day is None:
        return None
    return Due(at=promise.legal_due_at, day=promise.legal_due_day, provisional=promise.provisional)


def promise_data(promise: Promise) -> dict[str, object]:
    """What the history says of a promise: enough to retell it without the row."""
    data: dict[str, object] = {
        "seq": promise.seq, "due": promise.due_at.isoformat(), "day": promise.due_day.isoformat(),
        "amount": promise.amount, "unit": str(promise.unit), "provisional": promise.provisional,
        "rule": f"{promise.rule_code} v{promise.rule_version}",
    }  # fmt: skip
    if promise.legal_due_day is not None:
        data["legal"] = promise.legal_due_day.isoformat()
    return data
