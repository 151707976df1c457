"""Review and re-review: matters of their own, linked to the opinion that they are about (Art. 35, 36)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import WrongState
from liangdian.casework.selectors import Case
from liangdian.casework.services import Intake, register
from liangdian.casework.services.clocks import limit_in_force, refresh_clock
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.pausing import go_on_now, stand_still
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Kind, PauseReason, PromiseReason, State
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import Accused, Petition
from liangdian.desks.petitions.services.record import at_work, in_charge, locked, move, notice_due, promised
from liangdian.desks.petitions.states import Instance, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def ask_review(
    *, actor: Actor, case_id: int, words: str, to_unit_id: int, at: datetime, seen: int | None = None
) -> Case:
    """The petitioner asks for a review, or for the re-review, within 30 days (Art. 35, 36).

    It is a new matter of the unit that reviews, answered within 30 days, handled by nobody who handled it
    before. Returns the new case. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = locked(actor=actor, case_id=case_id, seen=seen)
    if not policy.receives(actor, case):
        raise NotAllowed(_("The petition office that received it, or handles it, takes the request down."))
    instance = rules.check_review(
        step=petition.step, instance=petition.instance, until=petition.review_until, at=at
    )
    words = required_text(words, field="words", message=_("Write why the petitioner does not agree."))
    unit = organisation.unit_by_id(to_unit_id)
    _check_reviewer(petition, case, unit.path)
    move(petition, Step.REVIEW_ASKED)
    petition.save(update_fields=["step"])
    found = register(actor=actor, intake=_intake(case, worker(actor), words), at=at)
    review = Petition.objects.create(
        case_id=found.pk, instance=instance, of=petition, sort=petition.sort, route=petition.route,
        way=petition.way, oral=False, people=petition.people, unclear=petition.unclear,
        notice_due_at=notice_due(at), decided_at=at,
    )  # fmt: skip
    Accused.objects.bulk_create(
        Accused(petition=review, user_id=a.user_id, unit_id=a.unit_id, through_user=a.through_user)
        for a in petition.accused.all()
    )
    _note(case, found, instance, actor=actor, at=at)
    return _begin(found, review, unit.pk, actor=actor, at=at)


def _check_reviewer(petition: Petition, case: Case, path: str) -> None:
    """A review is done above, and not by a unit complained about (Art. 30, 35). Raises Invalid."""
    units = [row.unit.path for row in petition.accused.select_related("unit") if row.unit is not None]
    if rules.is_within(path, [p for p in units if not case.origin.path.startswith(p)]):
        raise Invalid(_("The unit complained about cannot review it (Art. 30)."), field="to_unit")
    if path.startswith(case.unit.path) and path != case.unit.path:
        raise Invalid(_("A review is done by the unit above, not by one below (Art. 35)."), field="to_unit")


def _intake(case: Case, officer: int, words: str) -> Intake:
    return Intake(
        kind=Kind.PETITION, channel=case.channel, unit_id=case.origin_id, words=words,
        first_handler_id=officer, title=case.title, resident_id=case.resident_id,
        about_user_id=case.about_user_id, language=case.detail.language,
    )  # fmt: skip


def _note(case: Case, review: Case, instance: Instance, *, actor: Actor, at: datetime) -> None:
    data: dict[str, object] = {"instance": str(instance), "reference": review.reference}
    save_with(case, [chained(case, type="petitions.review_asked", actor=actor, at=at, data=data)])


def _begin(found: Case, review: Petition, unit_id: int, *, actor: Actor, at: datetime) -> Case:
    """Accepted with the request: 30 days from now (Art. 35, 36); the reviewing unit takes it up."""
    case = locked_case(actor=actor, case_id=found.pk, act=None)
    move(review, Step.ACCEPTED)
    review.save(update_fields=["step"])
    unit = organisation.unit_by_id(unit_id)
    case.unit, case.handler_id = unit, None
    case.state, case.stage = State.HANDLING, Stage.ACCEPTED
    code = rules.OF_INSTANCE[Instance(review.instance)]
    data: dict[str, object] = {"instance": review.instance, "unit": unit.pk}
    event = chained(case, type="petitions.review_begun", actor=actor, at=at, data=data)
    again = promised(
        case, code, actor=actor, at=at, reason=PromiseReason.ACCEPTED, legal=rules.LAW_MOST[code]
    )
    refresh_clock(case, now=at)
    fields = ("state", "stage", "unit", "handler", "due_at", "next_due_at", "alarms_done")
    save_with(case, [event, again], *fields)
    tell(in_charge(case), case=case, event=event, but=actor)
    return case


@transaction.atomic
def open_hearing(
    *, actor: Actor, case_id: int, text: str, until: date, at: datetime, seen: int | None = None
) -> Case:
    """A hearing in a re-review: its time is not counted (Art. 36). ``text`` is told to the petitioner.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if petition.instance != Instance.REREVIEW or petition.step != Step.ACCEPTED:
        raise WrongState(_("Only the hearing of a re-review stops the time (Art. 36)."))
    if case.paused_at is not None:
        raise WrongState(_("The hearing is going on. Write down its result first."))
    if case.due_at is None or case.due_at < at:
        raise WrongState(_("The time has run out already; a hearing cannot mend that."))
    text = required_text(text, field="text", message=_("Write when and where the hearing is."))
    latest = limit_in_force("pause.most", at=at).day
    if not business_date(at) <= until <= latest:
        raise Invalid(
            _("Choose a day from today up to %(day)s.") % {"day": latest.isoformat()}, field="until"
        )
    return stand_still(case, actor=actor, reason=PauseReason.HEARING, text=text, until=until, at=at)


@transaction.atomic
def close_hearing(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """The hearing is over; what was left of the 30 days goes on. Raises WrongState, NotAllowed, Stale."""
    case, _petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if case.paused_at is None:
        raise WrongState(_("No hearing is going on. Reload the page to see where the petition stands."))
    text = required_text(text, field="text", message=_("Write what came out of the hearing."))
    go_on_now(case, actor=actor, text=text, at=at)
    return case
