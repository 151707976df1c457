"""Which acts the state of a case allows to anybody, read from the case and its history; no query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from liangdian.casework.models import Case, Event, Referral
from liangdian.casework.policy import Act
from liangdian.casework.stages import Stage, can_move
from liangdian.casework.states import NEXT, EventType, Kind, Rank, ReferralState, State
from liangdian.foundation.limits import LimitUnit


def open_acts(case: Case, referral: Referral | None, events: Sequence[Event], *, now: datetime) -> set[Act]:
    """The acts that can be done in this state. ``events``: the whole history, in any order."""
    acts = {Act.SEE, Act.NOTE}
    if can_move(case.kind, case.stage, Stage.DELIVERED):
        acts.add(Act.DELIVER)
    if case.state == State.RESOLVED:
        return acts | {Act.CALL_BACK}
    if not case.in_hand:
        return acts
    acts |= {Act.CONTACT, Act.REFER, Act.TRANSFER, Act.ESCALATE, Act.WITHDRAW, Act.NEEDS, Act.VISIT}
    acts.add(Act.NOT_GREEN if case.rank == Rank.GREEN else Act.GREEN)
    acts |= _of_promise(case, events, now=now)
    if referral is not None and referral.state == ReferralState.OFFERED:
        return acts | {Act.ACCEPT, Act.RETURN}
    return acts | _of_work(case) | _of_procedure(case, events, now=now)


def _of_work(case: Case) -> set[Act]:
    moves = NEXT[State(case.state)]
    acts: set[Act] = set()
    if State.RESOLVED in moves and can_move(case.kind, case.stage, Stage.COMPLETED):
        acts.add(Act.RESOLVE)
    if State.WAITING in moves and case.stage != Stage.CORRECTION:
        acts.add(Act.ASK)
    if case.state == State.WAITING and case.stage != Stage.CORRECTION:
        acts.add(Act.SUPPLY)
    if case.state == State.RECEIVED or case.handler_id is None:
        acts.add(Act.START)
    return acts


_BY_STAGE = {
    Stage.ACCEPTED: Act.ADMIT,
    Stage.CORRECTION: Act.CORRECT,
    Stage.REFUSED: Act.REFUSE,
    Stage.SPECIAL: Act.PAUSE,
    Stage.DECIDED: Act.DECIDE,
    Stage.ENDED: Act.END,
}


def _of_procedure(case: Case, events: Sequence[Event], *, now: datetime) -> set[Act]:
    acts = {act for stage, act in _BY_STAGE.items() if can_move(case.kind, case.stage, stage)}
    if _happened(events, EventType.CORRECTION_ASKED):
        acts.discard(Act.CORRECT)
    if case.due_at is not None and case.due_at < now:
        acts.discard(Act.PAUSE)
    if case.stage == Stage.SPECIAL:
        acts.add(Act.RESUME)
    return acts


def _of_promise(case: Case, events: Sequence[Event], *, now: datetime) -> set[Act]:
    """What can be done to the promise: sorted anew, extended, its extension decided; late papers taken."""
    acts: set[Act] = set()
    if case.paused_at is None:
        acts.add(Act.RECLASSIFY)
    asked, decided = (
        _happened(events, type) for type in (EventType.EXTENSION_ASKED, EventType.EXTENSION_DECIDED)
    )
    runs = case.paused_at is None and case.due_at is not None and case.due_at >= now
    if runs and _in_days(events) and not decided:
        acts.add(Act.DECIDE_EXTENSION if asked else Act.EXTEND)
    awaited = any(e.type == EventType.ACCEPTED and e.data.get("by") == "papers_to_follow" for e in events)
    if awaited and case.kind == Kind.SERVICE and not _happened(events, EventType.SHORTFALL_SUPPLIED):
        acts.add(Act.SUPPLY_LATE)
    return acts


def _happened(events: Sequence[Event], type: EventType) -> bool:
    return any(event.type == type for event in events)


def _in_days(events: Sequence[Event]) -> bool:
    promised = max((e for e in events if e.type == EventType.PROMISED), key=lambda e: e.seq)
    return promised.data["unit"] in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}
