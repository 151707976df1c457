"""Pauses (特别程序): the promise stands still for a reason, at most until a day, told to the resident.

What was left of the promise goes on afterwards, exact to the working minute (``foundation.worktime``).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Clock, NoticeKind, Pause, Promise
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.ending import end_pause, require_no_offer
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.notices import issue
from liangdian.casework.services.promising import due_of_promise, follow, legal_due_of, newest_promise
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.stages import Stage
from liangdian.casework.states import ClockKind, EventType, PauseReason, PromiseReason, State
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date, end_of_day
from liangdian.foundation.limits import Due, LimitUnit
from liangdian.foundation.refused import Invalid
from liangdian.foundation.worktime import resumed_due
from liangdian.registers.calendar import selectors as calendar

_CHANGED = ("state", "stage", "paused_at", "due_at", "next_due_at", "alarms_done")


@transaction.atomic
def pause(
    *, actor: Actor, case_id: int, reason: str, text: str, until: date, at: datetime, seen: int | None = None
) -> Case:
    """Let the promise stand still, at most to the end of the day ``until`` (Licensing Law Art. 45).

    ``text`` is what the resident is told. The latest day is that of rule ``pause.most`` (working days).
    Refused when the promise has run out already, and a second time for a reason that no law names.
    Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.PAUSE, seen=seen)
    rules.check_stage(case.kind, case.stage, Stage.SPECIAL)
    require_no_offer(case)
    if case.due_at is not None and case.due_at < at:
        raise rules.WrongState(
            _("The promise has run out already; a pause cannot mend that. Answer instead.")
        )
    if reason not in PauseReason.values:
        raise Invalid(_("Choose the reason of the pause from the list."), field="reason")
    text = required_text(text, field="text", message=_("Write what the resident is told about the pause."))
    if reason == PauseReason.OTHER and case.pauses.filter(reason=reason).exists():
        raise rules.WrongState(_("The matter stood still for such a reason once already."))
    latest = limit_in_force(rules.PAUSE_MOST, at=at)
    if not business_date(at) <= until <= latest.day:
        raise Invalid(
            _("Choose a day from today up to %(day)s.") % {"day": latest.day.isoformat()}, field="until"
        )
    return stand_still(case, actor=actor, reason=reason, text=text, until=until, at=at)


def stand_still(case: Case, *, actor: Actor, reason: str, text: str, until: date, at: datetime) -> Case:
    """The locked case stands still to the end of the day ``until``; the caller has checked that it may."""
    ends = end_of_day(until)
    Pause.objects.create(case=case, reason=reason, text=text, from_at=at, until=ends, by_id=actor.user_id)
    start_clock(case, ClockKind.PAUSE, at=at, due_at=ends)
    case.state, case.stage, case.paused_at = State.HANDLING, Stage.SPECIAL, at
    data: dict[str, object] = {"reason": reason, "text": text, "until": until.isoformat()}
    event = chained(case, type=EventType.PAUSED, actor=actor, at=at, data=data)
    refresh_clock(case, now=at)
    save_with(case, [event], *_CHANGED)
    issue(case, NoticeKind.PAUSED, event)
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def resume(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """End the pause: the rest of the promise runs from now. Raises WrongState, NotAllowed, Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.RESUME, seen=seen)
    if case.stage != Stage.SPECIAL:
        raise rules.WrongState(_("This matter is not paused. Reload the page to see where it stands."))
    text = required_text(text, field="text", message=_("Write what came out of it."))
    go_on_now(case, actor=actor, text=text, at=at)
    return case


def go_on_now(case: Case, *, actor: Actor, text: str, at: datetime) -> None:
    """The locked case goes on before its pause has run out; the caller has checked that it may."""
    _go_on(case, actor=actor, at=at, ended_at=at, text=text)


def go_on(case: Case, clock: Clock, *, at: datetime) -> None:
    """The longest time of a pause is over: the matter goes on from that moment. By the clock."""
    _go_on(case, actor=SYSTEM, at=at, ended_at=clock.due_at, text="")


def _go_on(case: Case, *, actor: Actor, at: datetime, ended_at: datetime, text: str) -> None:
    assert case.paused_at is not None
    before = newest_promise(case)
    due, legal = _ends_after(before, paused_at=case.paused_at, resumed_at=ended_at)
    end_pause(case, at=ended_at)
    stop_clocks(case, ClockKind.PAUSE, at=ended_at)
    case.stage = Stage.EXAMINING
    resumed = chained(case, type=EventType.RESUMED, actor=actor, at=at, data={"text": text})
    promised = follow(case, before, due=due, legal=legal, reason=PromiseReason.RESUMED, actor=actor, at=at)
    refresh_clock(case, now=at)
    save_with(case, [resumed, promised], *_CHANGED)
    issue(case, NoticeKind.RESUMED, promised)
    tell([case.first_handler_id, case.successor_id, case.handler_id], case=case, event=resumed, but=actor)


def _ends_after(before: Promise, *, paused_at: datetime, resumed_at: datetime) -> tuple[Due, Due | None]:
    days, hours = calendar.calendar_days(), calendar.working_hours()

    def moved(due: Due) -> Due:
        return resumed_due(
            due=due, unit=LimitUnit(before.unit), paused_at=paused_at, resumed_at=resumed_at, days=days,
            hours=hours,
        )  # fmt: skip

    legal = legal_due_of(before)
    return moved(due_of_promise(before)), moved(legal) if legal else None
