"""Whether a petition is accepted, where it goes, and what becomes of an objection (Art. 19, 22, 23)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import WrongState
from liangdian.casework.selectors import Case
from liangdian.casework.services.clocks import limit_in_force, refresh_clock, start_clock, stop_clocks
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.notices import issue
from liangdian.casework.services.record import chained, save_with, tell, worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome as Answer
from liangdian.casework.states import PromiseReason, State
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import NonAcceptance, Petition, Transfer
from liangdian.desks.petitions.services.record import (
    at_work,
    check_target,
    in_charge,
    locked,
    move,
    notice_due,
    promised,
    require_in_hand,
    stop_own_clocks,
)
from liangdian.desks.petitions.states import Ground, Label, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.registers.organisation import selectors as organisation

MOVED = ("state", "stage", "unit", "handler", "due_at", "next_due_at", "alarms_done")


@transaction.atomic
def accept(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """Accept the petition: the answer is promised anew from now, 60 days or simplified 10 working days.

    The petitioner gets the notice of acceptance unless name or address is unclear (Art. 23, 34).
    Raises WrongState, NotAllowed, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    _require_not_final(petition)
    move(petition, Step.ACCEPTED)
    petition.decided_at = at
    petition.save(update_fields=["step", "decided_at"])
    stop_own_clocks(case, at=at)
    case.state, case.stage, case.handler_id = State.HANDLING, Stage.ACCEPTED, worker(actor)
    data: dict[str, object] = {"sort": petition.sort, "route": petition.route}
    event = chained(case, type="petitions.accepted", actor=actor, at=at, data=data)
    again = promised(
        case, rules.answer_rule(simplified=petition.simplified), actor=actor, at=at,
        reason=PromiseReason.ACCEPTED, legal=rules.ANSWER_BY_LAW,
    )  # fmt: skip
    refresh_clock(case, now=at)
    save_with(case, [event, again], *MOVED)
    if not petition.unclear:
        issue(case, "petitions.accepted", event)
    tell([case.first_handler_id], case=case, event=event, but=actor)
    return case


def _require_not_final(petition: Petition) -> None:
    """What was decided in a re-review is not taken up again (Art. 36). Raises WrongState."""
    if petition.label == Label.FIRST or petition.earlier_id is None:
        return
    if is_final(petition.earlier_id):
        raise WrongState(
            _(
                "The same facts were decided in a re-review (Art. 36). Do not accept it; if there are new "
                "facts, label it as first."
            )
        )


def is_final(petition_id: int) -> bool:
    """True when the petition went through its re-review: no instance is left."""
    return Petition.objects.filter(
        pk=petition_id, reviewed_by__reviewed_by__step=Step.FINAL
    ).exists()  # fmt: skip


@transaction.atomic
def refuse(
    *, actor: Actor, case_id: int, ground: str, where: str, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Not accepted: the petitioner is told in writing why, and which body has it (Art. 19, 23, 36).

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    where = clean(where)[:500]
    rules.check_ground(ground, where=where)
    text = required_text(text, field="text", message=_("Write the reason that the petitioner will read."))
    move(petition, Step.NOT_ACCEPTED)
    petition.decided_at = petition.answered_at = at
    petition.save(update_fields=["step", "decided_at", "answered_at"])
    NonAcceptance.objects.create(
        petition=petition, ground=ground, where=where, text=text, at=at, by_id=worker(actor)
    )
    stop_own_clocks(case, at=at)
    event = give_answer(
        case, actor=actor, at=at, stage=Stage.REFUSED, outcome=Answer.REFUSED, answer=text,
        data={"ground": str(Ground(ground)), "where": where},
    )  # fmt: skip
    if not petition.unclear:
        issue(case, "petitions.not_accepted", event)
    return case


@transaction.atomic
def transfer(
    *, actor: Actor, case_id: int, to_unit_id: int, text: str, report_by: date | None, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Transfer the petition to the unit that is responsible, or assign it with a report by a day (Art. 22).

    The receiver tells the petitioner within 15 days, and may object within 5 working days (Art. 23). It
    never goes to who is complained about (Art. 30). Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    rules.check_step(petition.step, Step.TRANSFERRED)
    text = required_text(text, field="text", message=_("Write why it goes there and what is asked."))
    unit = organisation.unit_by_id(to_unit_id)
    if unit.pk == case.unit_id:
        raise Invalid(_("The petition is already there. Choose another unit."), field="to_unit")
    check_target(petition, case, unit.path)
    if report_by is not None and report_by <= business_date(at):
        raise Invalid(_("Choose a later day for the report."), field="report_by")
    move(petition, Step.TRANSFERRED)
    petition.notice_due_at = notice_due(at)
    petition.save(update_fields=["step", "notice_due_at"])
    object_by = limit_in_force(rules.OBJECTION, at=at).at
    row = Transfer.objects.create(
        petition=petition, from_unit_id=case.unit_id, to_unit=unit, assigned=report_by is not None,
        report_by=report_by, text=text, at=at, by_id=worker(actor), object_by=object_by,
    )  # fmt: skip
    stop_own_clocks(case, at=at)
    start_clock(case, "petitions.objection", at=at, due_at=object_by, key=row.pk)
    if report_by is not None:
        start_clock(case, "petitions.report", at=at, due_at=end_of_day(report_by), key=row.pk)
    case.unit, case.handler_id, case.state = unit, None, State.HANDLING
    data: dict[str, object] = {
        "from": row.from_unit_id, "to": unit.pk, "text": text, "object_by": object_by.isoformat(),
        "report_by": report_by.isoformat() if report_by else "",
    }  # fmt: skip
    event = chained(case, type="petitions.transferred", actor=actor, at=at, data=data)
    again = promised(case, rules.NOTICE, actor=actor, at=at, reason=PromiseReason.TRANSFERRED)
    refresh_clock(case, now=at)
    save_with(case, [event, again], *MOVED)
    issue(case, "petitions.transferred", event, {"from": row.from_unit.label, "to": unit.label})
    tell([case.first_handler_id, *in_charge(case)], case=case, event=event, but=actor)
    return case


@transaction.atomic
def object_to_transfer(
    *, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """The receiver is not responsible: reasoned, within 5 working days (Art. 23). It stays here meanwhile.

    Raises WrongState (too late, or nothing was transferred), NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    rules.check_step(petition.step, Step.OBJECTED)
    row = open_transfer(petition)
    if row is None or row.objected_at is not None:
        raise WrongState(_("An objection was made already; the sender did not agree. Handle it here."))
    if at > row.object_by:
        raise WrongState(_("The 5 working days for an objection are over (Art. 23). Handle it here."))
    text = required_text(text, field="text", message=_("Write why your unit is not responsible."))
    row.objection, row.objected_at, row.objected_by_id = text, at, worker(actor)
    row.save(update_fields=["objection", "objected_at", "objected_by"])
    move(petition, Step.OBJECTED)
    petition.save(update_fields=["step"])
    stop_clocks(case, "petitions.objection", at=at)
    event = chained(case, type="petitions.objected", actor=actor, at=at, data={"text": text}, public=False)
    refresh_clock(case, now=at)
    save_with(case, [event], "next_due_at")
    tell([row.by_id, case.first_handler_id], case=case, event=event, but=actor)
    return case


def open_transfer(petition: Petition) -> Transfer | None:
    """The newest transfer of a petition, with its units."""
    return petition.transfers.select_related("from_unit", "to_unit").order_by("-pk").first()


@transaction.atomic
def decide_objection(
    *, actor: Actor, case_id: int, agreed: bool, words: str, at: datetime, seen: int | None = None
) -> Case:
    """The sender agrees, and the petition comes back; or not, and it stays with the receiver (Art. 23).

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = locked(actor=actor, case_id=case_id, seen=seen)
    row = open_transfer(petition)
    rules.check_step(petition.step, Step.REGISTERED if agreed else Step.TRANSFERRED)
    if row is None:
        raise WrongState(_("No objection waits here. Reload the page to see where the petition stands."))
    policy.require(policy.sends(actor, row, case), actor, petition, case)
    require_in_hand(case)
    words = required_text(words, field="words", message=_("Write why you decide so."))
    row.agreed, row.words, row.decided_at, row.decided_by_id = agreed, words, at, worker(actor)
    row.save(update_fields=["agreed", "words", "decided_at", "decided_by"])
    move(petition, Step.REGISTERED if agreed else Step.TRANSFERRED)
    data: dict[str, object] = {"agreed": agreed, "text": words, "to": row.from_unit_id}
    events = [chained(case, type="petitions.objection_decided", actor=actor, at=at, data=data, public=False)]
    if agreed:
        petition.notice_due_at = notice_due(at)
        case.unit, case.handler_id = row.from_unit, worker(actor)
        stop_own_clocks(case, at=at)
        events.append(promised(case, rules.PROMISE, actor=actor, at=at, reason=PromiseReason.TRANSFERRED))
    petition.save(update_fields=["step", "notice_due_at"])
    refresh_clock(case, now=at)
    save_with(case, events, *MOVED)
    told = [row.objected_by_id, case.first_handler_id]
    tell(told, case=case, event=events[0], but=actor)
    return case
