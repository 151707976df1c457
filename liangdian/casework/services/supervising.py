"""Supervision (督办): the inspector asks, the unit answers by a day, the inspector accepts or sends back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Clock, Supervision, SupervisionAnswer
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.handling import required_text, unit_in_charge
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.states import ClockKind, EventType, SupervisionState
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import NotAllowed
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def supervise(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Write a supervision note to the unit where the matter lies; it answers by ``supervision.answer``.

    The resident sees that the matter is supervised, not the words. Never by whoever handles it.
    Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.SUPERVISE, seen=seen)
    if not case.is_open:
        raise rules.WrongState(_("This matter is over, so there is nothing to supervise."))
    _check_no_part(actor, case)
    if Supervision.objects.filter(Supervision.OPEN, case=case).exists():
        raise rules.WrongState(_("This matter is supervised already. Wait for the answer, or decide it."))
    text = required_text(text, field="text", message=_("Write what the unit has to explain or to do."))
    due_at = limit_in_force(rules.SUPERVISION, at=at).at
    note = Supervision.objects.create(
        case=case, unit_id=case.unit_id, text=text, written_by_id=worker(actor), written_at=at, due_at=due_at
    )
    start_clock(case, ClockKind.SUPERVISION, at=at, due_at=due_at, key=note.pk)
    data: dict[str, object] = {"unit": case.unit_id, "text": text, "by": due_at.isoformat()}
    event = chained(case, type=EventType.SUPERVISED, actor=actor, at=at, data=data)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell(_supervised(case), case=case, event=event, but=actor)
    return case


@transaction.atomic
def answer_supervision(
    *, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Answer the supervision note from where the matter lies now. Raises WrongState, Invalid, NotAllowed."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.ANSWER_SUPERVISION, seen=seen)
    note = _note(case, SupervisionState.OPEN)
    if actor.user_id == note.written_by_id:
        raise NotAllowed(_("You wrote this note, so you cannot answer it."))
    text = required_text(text, field="text", message=_("Write what was done and what comes next."))
    kept = at <= note.due_at
    SupervisionAnswer.objects.create(
        supervision=note, n=note.answers.count() + 1, text=text, by_id=worker(actor), at=at, kept=kept
    )
    note.state = SupervisionState.ANSWERED
    note.save(update_fields=["state"])
    stop_clocks(case, ClockKind.SUPERVISION, at=at)
    data: dict[str, object] = {"text": text, "kept": kept}
    event = chained(case, type=EventType.SUPERVISION_ANSWERED, actor=actor, at=at, data=data, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell([note.written_by_id, case.first_handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def decide_supervision(
    *, actor: Actor, case_id: int, accepted: bool, words: str, at: datetime, seen: int | None = None
) -> Case:
    """Accept the answer, or send it back with what is still missing: then the limit begins anew.

    Never by whoever answered or handles the matter. Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.DECIDE_SUPERVISION, seen=seen)
    note = _note(case, SupervisionState.ANSWERED)
    answer = note.answers.get(accepted__isnull=True)
    _check_no_part(actor, case)
    if actor.user_id == answer.by_id:
        raise NotAllowed(_("You answered this note, so somebody else decides about it."))
    words = required_text(words, field="words", message=_("Write why you decide so."))
    answer.accepted, answer.words = accepted, words
    answer.decided_by_id, answer.decided_at = worker(actor), at
    answer.save(update_fields=["accepted", "words", "decided_by", "decided_at"])
    data: dict[str, object] = {"accepted": accepted, "text": words}
    if accepted:
        note.state, note.ended_at = SupervisionState.ACCEPTED, at
    else:
        note.state, note.due_at = SupervisionState.OPEN, limit_in_force(rules.SUPERVISION, at=at).at
        data["by"] = note.due_at.isoformat()
        start_clock(case, ClockKind.SUPERVISION, at=at, due_at=note.due_at, key=note.pk)
    note.save(update_fields=["state", "ended_at", "due_at"])
    event = chained(case, type=EventType.SUPERVISION_DECIDED, actor=actor, at=at, data=data, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell([answer.by_id, note.written_by_id, *_supervised(case)], case=case, event=event, but=actor)
    return case


def end_supervision(case: Case, *, at: datetime) -> None:
    """The resident withdrew a locked case: nothing is left to supervise."""
    Supervision.objects.filter(Supervision.OPEN, case=case).update(state=SupervisionState.OVER, ended_at=at)


def supervision_overdue(case: Case, clock: Clock, *, at: datetime) -> None:
    """A supervision note was not answered in time: the inspector and the unit above are told."""
    note = Supervision.objects.get(pk=clock.key)
    data: dict[str, object] = {"clock": str(ClockKind.SUPERVISION), "key": clock.key}
    event = chained(case, type=EventType.OVERDUE, actor=SYSTEM, at=at, data=data, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    above = organisation.superior_of(case.unit)
    told = [*_supervised(case), note.written_by_id, *(unit_in_charge(above, case.kind) if above else [])]
    tell(told, case=case, event=event, but=SYSTEM)


def _note(case: Case, state: SupervisionState) -> Supervision:
    note = Supervision.objects.select_for_update(of=("self",)).filter(case=case, state=state).first()
    if note is None:
        raise rules.WrongState(_("No supervision note waits for that. Reload to see what happened."))
    return note


def _check_no_part(actor: Actor, case: Case) -> None:
    if actor.user_id in {case.handler_id, case.first_handler_id, case.successor_id}:
        raise NotAllowed(_("You work on this matter yourself, so somebody else supervises it."))


def _supervised(case: Case) -> list[int | None]:
    people = unit_in_charge(case.unit, case.kind)
    return [case.handler_id, case.first_handler_id, case.successor_id, *people]
