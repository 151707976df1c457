"""A bad rating is put right: called back, a way chosen, the result told. Only then is it done (rules §4)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Event, Rating, Repair
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.handling import required_text, unit_in_charge
from liangdian.casework.services.promising import follow, legal_due_of, newest_promise
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.states import (
    CALLS_IN_VAIN,
    ClockKind,
    EventType,
    PromiseReason,
    RatedBy,
    RepairEnd,
    RepairWay,
    State,
)
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day
from liangdian.foundation.limits import Due
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.registers.calendar import selectors as calendar


def begin_repair(case: Case, rating: Rating, *, at: datetime) -> Repair:
    """Open the repair of a bad rating on a locked case and start its clock.

    Given in a call-back, the resident has been heard already; else a named one goes on the call-back list.
    """
    heard = rating.source == RatedBy.CALL_BACK
    due = limit_in_force(rules.REPAIR, at=at)
    case.to_call = case.resident_id is not None and not heard
    start_clock(case, ClockKind.REPAIR, at=at, due_at=due.at, key=rating.round)
    return Repair.objects.create(
        case=case, rating=rating, rated_id=rating.handler_id, named=case.resident_id is not None,
        opened_at=at, due_at=due.at, called_at=at if heard else None, called_by_id=rating.recorded_by_id,
    )  # fmt: skip


def open_repair(case: Case) -> Repair | None:
    """The repair of a locked case that is not done yet."""
    return Repair.objects.filter(case=case, ended_at__isnull=True).first()


@transaction.atomic
def call_rated(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Record what the resident said when he was called back about his bad rating.

    Made by somebody who neither handles the matter nor received it nor was rated nor is its subject.
    Raises NotAllowed, WrongState, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.CALL_RATED, seen=seen)
    repair = _uncalled(case)
    _check_caller(actor, case, repair)
    text = required_text(text, field="text", message=_("Write what the resident said."))
    repair.called_at, repair.called_by_id = at, worker(actor)
    repair.save(update_fields=["called_at", "called_by"])
    case.to_call = False
    event = chained(case, type=EventType.CALLED, actor=actor, at=at, data={"text": text})
    save_with(case, [event], "to_call")
    tell([case.handler_id, case.first_handler_id, *unit_in_charge(case.unit, case.kind)],
         case=case, event=event, but=actor)  # fmt: skip
    return case


@transaction.atomic
def call_missed(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Record that the resident did not answer the call. After three calls in vain he leaves the list."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.CALL_MISSED, seen=seen)
    repair = open_repair(case)
    if not case.to_call:
        raise rules.WrongState(_("This resident does not stand on the call-back list."))
    _check_caller(actor, case, repair)
    calls = case.events.filter(type=EventType.CALL_MISSED, data__round=case.round).count() + 1
    if repair is not None:
        repair.missed = calls
        repair.save(update_fields=["missed"])
    case.to_call = calls < CALLS_IN_VAIN
    data: dict[str, object] = {"text": clean(text)[:500], "round": case.round, "n": calls}
    event = chained(case, type=EventType.CALL_MISSED, actor=actor, at=at, data=data, public=False)
    save_with(case, [event], "to_call")
    return case


@transaction.atomic
def choose_repair(
    *, actor: Actor, case_id: int, way: str, text: str, until: date | None, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Say how the bad rating is put right: at once, on the ledger until a day, or explained.

    The resident reads ``text``. A day on the ledger that is later than the promise gives a new promise
    with this explanation; rule ``repair.ledger`` says how late it may be at most.
    Raises WrongState (not called back yet), Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.REPAIR, seen=seen)
    repair = open_repair(case)
    if repair is None or repair.way:
        raise rules.WrongState(_("No bad rating waits to be put right here."))
    _check_heard(repair)
    if way not in RepairWay.values:
        raise Invalid(_("Choose how it is put right."), field="way")
    text = required_text(text, field="text", message=_("Write what is done, as the resident will read it."))
    day = _ledger_day(case, until, at=at) if way == RepairWay.LEDGER else None
    repair.way, repair.way_text, repair.way_by_id, repair.until = way, text, worker(actor), day
    repair.save(update_fields=["way", "way_text", "way_by", "until"])
    data: dict[str, object] = {"way": way, "text": text}
    if day is not None:
        data["until"] = day.isoformat()
    events = [chained(case, type=EventType.REPAIR_CHOSEN, actor=actor, at=at, data=data)]
    if day is not None:
        events += _promise_of_ledger(case, day, actor=actor, at=at, text=text)
        stop_clocks(case, ClockKind.REPAIR, at=at)
        start_clock(case, ClockKind.REPAIR, at=at, due_at=end_of_day(day), key=repair.pk)
    refresh_clock(case, now=at)
    save_with(case, events, "due_at", "next_due_at", "alarms_done")
    tell([case.handler_id, case.first_handler_id], case=case, event=events[0], but=actor)
    return case


def _ledger_day(case: Case, until: date | None, *, at: datetime) -> date:
    most = limit_in_force(rules.REPAIR_LEDGER, at=at).day
    if until is None or not business_date(at) < until <= most:
        raise Invalid(
            _("Give a day from tomorrow to %(day)s by which it is done.") % {"day": most.isoformat()},
            field="until",
        )
    if case.paused_at is not None:
        raise rules.WrongState(_("The promise stands still at the moment. End the pause first."))
    return until


def _promise_of_ledger(case: Case, day: date, *, actor: Actor, at: datetime, text: str) -> list[Event]:
    before = newest_promise(case)
    if day <= before.due_day:
        return []
    due = Due(at=end_of_day(day), day=day, provisional=not calendar.calendar_days().is_known(day))
    promised = follow(
        case, before, due=due, legal=legal_due_of(before), reason=PromiseReason.LEDGER, actor=actor, at=at,
        text=text,
    )  # fmt: skip
    return [promised]


def finish_repair(case: Case, *, actor: Actor, at: datetime) -> list[Event]:
    """The answer tells the resident the result: the repair of a locked case is done.

    Returns the event, not yet saved; none when nothing was to be put right. Raises WrongState while the
    resident has not been heard or no way was chosen.
    """
    repair = open_repair(case)
    if repair is None:
        return []
    _check_heard(repair)
    if not repair.way:
        raise rules.WrongState(_("Say first how the bad rating is put right; then answer."))
    end_repair(case, repair, end=RepairEnd.TOLD, at=at)
    data: dict[str, object] = {"way": repair.way, "kept": at <= repair.due_at}
    return [chained(case, type=EventType.REPAIRED, actor=actor, at=at, data=data)]


def end_repair(case: Case, repair: Repair, *, end: RepairEnd, at: datetime) -> None:
    """End a repair of a locked case; its clock stops and the resident leaves the call-back list."""
    repair.ended_at, repair.end = at, end
    repair.save(update_fields=["ended_at", "end"])
    stop_clocks(case, ClockKind.REPAIR, at=at)
    case.to_call = False


def withdraw_repair(case: Case, *, at: datetime) -> None:
    """A matter that its resident withdraws has nothing left to put right."""
    repair = open_repair(case)
    if repair is not None:
        end_repair(case, repair, end=RepairEnd.WITHDRAWN, at=at)


def _uncalled(case: Case) -> Repair:
    repair = open_repair(case)
    if repair is None or repair.called_at is not None or not repair.named or case.state == State.CLOSED:
        raise rules.WrongState(_("No call-back about a bad rating is open here."))
    return repair


def _check_caller(actor: Actor, case: Case, repair: Repair | None) -> None:
    rules.check_may_record_rating(
        recorder_id=actor.user_id, handler_id=case.handler_id, first_handler_id=case.first_handler_id,
        about_user_id=case.about_user_id, rated_id=repair.rated_id if repair is not None else None,
    )  # fmt: skip


def _check_heard(repair: Repair) -> None:
    if not repair.heard:
        raise rules.WrongState(
            _("The resident has not been called back about the bad rating yet. Ask a colleague to do it.")
        )
