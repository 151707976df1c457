"""Which acts the state of a case allows to anybody, read from the case and its history; no query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liangdian.casework.models import Case, Event, Referral
from liangdian.casework.policy import WHILE_MERGED, Act
from liangdian.casework.procedures import procedure_of
from liangdian.casework.stages import Stage, can_move
from liangdian.casework.states import (
    CALLS_IN_VAIN,
    NEXT,
    SUPERVISED,
    EventType,
    Kind,
    Rank,
    RatedBy,
    ReferralState,
    State,
    SupervisionState,
)
from liangdian.foundation.limits import LimitUnit

_OF_RATING = frozenset({Act.APPEAL, Act.DECIDE_APPEAL})


def open_acts(case: Case, referral: Referral | None, events: Sequence[Event], *, now: datetime) -> set[Act]:
    """The acts that can be done in this state. ``events``: the whole history, in any order.

    A kind with its own procedure keeps only some of the spine's acts; its own are in ``procedures``.
    """
    acts = _of_the_spine(case, referral, events, now=now)
    procedure = procedure_of(case.kind)
    return acts if procedure is None else acts & ({*procedure.keeps} | {Act.SEE})


def _of_the_spine(
    case: Case, referral: Referral | None, events: Sequence[Event], *, now: datetime
) -> set[Act]:
    if case.follows:
        return set(WHILE_MERGED - _OF_RATING) | (_of_rating(case, events) & WHILE_MERGED)
    acts = {Act.SEE, Act.NOTE, Act.UNLINK} | _of_rating(case, events) | _of_supervision(case, events)
    if can_move(case.kind, case.stage, Stage.DELIVERED):
        acts.add(Act.DELIVER)
    if case.state == State.RESOLVED:
        return acts | {Act.CALL_BACK}
    if not case.in_hand:
        return acts
    acts |= {Act.CONTACT, Act.REFER, Act.TRANSFER, Act.ESCALATE, Act.WITHDRAW, Act.NEEDS, Act.VISIT, Act.MEET}
    acts.add(Act.LINK)
    acts.add(Act.NOT_GREEN if case.rank == Rank.GREEN else Act.GREEN)
    acts |= _of_promise(case, events, now=now)
    if referral is not None and referral.state == ReferralState.OFFERED:
        return acts | {Act.ACCEPT, Act.RETURN}
    if case.paused_at is None:
        acts.add(Act.MERGE)
    acts.add(Act.ASK_ASSIST)
    return _unless_unrepaired(acts | _of_work(case) | _of_procedure(case, events, now=now), events)


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
    if case.paused_at is None and case.stage != Stage.DECIDED:
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


@dataclass(frozen=True, slots=True)
class RatingStands:
    """Where the newest bad rating of a history stands. ``rated``: whose work it was."""

    rated: int | None
    at_work: bool
    heard: bool
    chosen: bool
    appealed: bool
    decided: bool


def bad_rating(events: Sequence[Event]) -> RatingStands | None:
    """The newest bad rating and what was done about it; None when there is none to put right."""
    reopened = [e for e in events if e.type == EventType.REOPENED and "rated" in e.data]
    if not reopened:
        return None
    begun = max(reopened, key=lambda e: e.seq)
    since = [e for e in events if e.seq >= begun.seq - 1]
    by_phone = min(since, key=lambda e: e.seq).data.get("source") == RatedBy.CALL_BACK
    missed = sum(e.type == EventType.CALL_MISSED for e in since)
    done = any(
        e.type in {EventType.REPAIRED, EventType.WITHDRAWN}
        or (e.type == EventType.APPEAL_DECIDED and e.data["excluded"])
        for e in since
    )
    return RatingStands(
        rated=begun.data["rated"], at_work=not done,
        heard=by_phone or not begun.data["named"] or _happened(since, EventType.CALLED)
        or missed >= CALLS_IN_VAIN,
        chosen=_happened(since, EventType.REPAIR_CHOSEN),
        appealed=_happened(since, EventType.RATING_APPEALED),
        decided=_happened(since, EventType.APPEAL_DECIDED),
    )  # fmt: skip


# By plain text: a desk's own events have types that EventType does not know.
_OF_SUPERVISION: dict[str, SupervisionState] = {
    EventType.SUPERVISED: SupervisionState.OPEN,
    EventType.SUPERVISION_ANSWERED: SupervisionState.ANSWERED,
    EventType.WITHDRAWN: SupervisionState.OVER,
}


def supervision(events: Sequence[Event]) -> SupervisionState | None:
    """Where the newest supervision note of a history stands; None when there is none."""
    standing: SupervisionState | None = None
    for event in sorted(events, key=lambda e: e.seq):
        if event.type == EventType.SUPERVISION_DECIDED:
            accepted = event.data["accepted"]
            standing = SupervisionState.ACCEPTED if accepted else SupervisionState.OPEN
        elif event.type in _OF_SUPERVISION and (standing in SUPERVISED or event.type == EventType.SUPERVISED):
            standing = _OF_SUPERVISION[event.type]
    return standing


def _of_supervision(case: Case, events: Sequence[Event]) -> set[Act]:
    match supervision(events):
        case SupervisionState.OPEN:
            return {Act.ANSWER_SUPERVISION}
        case SupervisionState.ANSWERED:
            return {Act.DECIDE_SUPERVISION}
    return {Act.SUPERVISE} if case.is_open else set()


def _of_rating(case: Case, events: Sequence[Event]) -> set[Act]:
    """The call-back, the way to put a bad rating right, the appeal against it."""
    acts = {Act.CALL_MISSED} if case.to_call else set()
    stands = bad_rating(events)
    if stands is None:
        return acts
    if stands.at_work and case.to_call:
        acts.add(Act.CALL_RATED)
    if stands.at_work and stands.heard and not stands.chosen:
        acts.add(Act.REPAIR)
    if not stands.appealed:
        acts.add(Act.APPEAL)
    elif not stands.decided:
        acts.add(Act.DECIDE_APPEAL)
    return acts


_ANSWERING = frozenset({Act.RESOLVE, Act.END, Act.REFUSE})


def _unless_unrepaired(acts: set[Act], events: Sequence[Event]) -> set[Act]:
    """No answer before a bad rating has its call-back and its way."""
    stands = bad_rating(events)
    if stands is None or not stands.at_work:
        return acts
    return acts - {Act.MERGE} - (frozenset() if stands.chosen else _ANSWERING)


def _happened(events: Sequence[Event], type: EventType) -> bool:
    return any(event.type == type for event in events)


def _in_days(events: Sequence[Event]) -> bool:
    promised = max((e for e in events if e.type == EventType.PROMISED), key=lambda e: e.seq)
    return promised.data["unit"] in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}
