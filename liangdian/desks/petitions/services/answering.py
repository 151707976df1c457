"""The answer: a written opinion with its four parts (Art. 32), or a reply where the law asks for none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import WrongState
from liangdian.casework.selectors import Case
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.notices import issue
from liangdian.casework.services.record import worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome as Answer
from liangdian.desks.petitions import rules
from liangdian.desks.petitions.models import Opinion, Petition
from liangdian.desks.petitions.services.record import at_work, move, stop_own_clocks
from liangdian.desks.petitions.states import ANSWERED, Instance, Level, Outcome, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.registers.calendar import selectors as calendar

NOTICES = {
    Instance.HANDLING: "petitions.opinion",
    Instance.REVIEW: "petitions.review",
    Instance.REREVIEW: "petitions.rereview",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of a written opinion (Art. 32)."""

    request: str
    facts: str
    opinion: str
    basis: str


@transaction.atomic
def give_opinion(
    *, actor: Actor, case_id: int, request: str, facts: str, opinion: str, basis: str, outcome: str,
    settled: str, at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Give the written opinion; a review can be asked for within 30 days (Art. 32, 35, 36).

    The opinion of a re-review is final. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if not rules.ends_in_opinion(sort=petition.sort, route=petition.route, instance=petition.instance):
        raise WrongState(_("This petition is answered with a reply, not with a written opinion (Art. 31)."))
    parts = _checked(Parts(request, facts, opinion, basis))
    if outcome not in Outcome.values:
        raise Invalid(_("Choose the outcome."), field="outcome")
    require_running(case)
    final = petition.instance == Instance.REREVIEW
    move(petition, Step.FINAL if final else Step.OPINION)
    Opinion.objects.create(
        petition=petition, request=parts.request, facts=parts.facts, opinion=parts.opinion,
        basis=parts.basis, outcome=outcome, at=at, by_id=worker(actor),
    )  # fmt: skip
    petition.review_until = None if final else rules.review_until(at, calendar.calendar_days()).day
    _answered(petition, settled, at=at)
    stop_own_clocks(case, at=at)
    granted = {Outcome.SUPPORTED: Answer.GRANTED, Outcome.NOT_SUPPORTED: Answer.NOT_GRANTED}
    data: dict[str, object] = {"opinion": str(Outcome(outcome))}
    if petition.review_until is not None:
        data["review_until"] = petition.review_until.isoformat()
    event = give_answer(
        case, actor=actor, at=at, stage=Stage.COMPLETED,
        outcome=granted.get(Outcome(outcome), Answer.ANSWERED), answer=parts.opinion, data=data,
    )  # fmt: skip
    issue(case, NOTICES[Instance(petition.instance)], event)
    return case


def _checked(parts: Parts) -> Parts:
    """All four parts are there (Art. 32). Raises Invalid."""
    missing = {
        "request": _("Write what the petitioner asks for (Art. 32)."),
        "facts": _("Write the facts and reasons (Art. 32)."),
        "opinion": _("Write the opinion (Art. 32)."),
        "basis": _("Name the laws and rules that it rests on (Art. 32)."),
    }
    found = {
        field: required_text(getattr(parts, field), field=field, message=message)
        for field, message in missing.items()
    }
    return Parts(**found)


def require_running(case: Case) -> None:
    """Raises WrongState while a hearing is going on."""
    if case.paused_at is not None:
        raise WrongState(_("The hearing is going on. Write down its result first."))


def _answered(petition: Petition, settled: str, *, at: datetime) -> None:
    """Note when and where it was settled. Raises Invalid."""
    if settled not in Level.values:
        raise Invalid(_("Choose where it was settled."), field="settled")
    petition.settled, petition.answered_at = settled, at
    petition.save(update_fields=["step", "review_until", "settled", "answered_at"])


@transaction.atomic
def reply(
    *, actor: Actor, case_id: int, answer: str, settled: str, at: datetime, seen: int | None = None
) -> Case:
    """Answer a suggestion, an accusation, or a request that goes another way by law (Art. 29 to 31).

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if rules.ends_in_opinion(sort=petition.sort, route=petition.route, instance=petition.instance):
        raise WrongState(_("This petition is answered with a written opinion (Art. 32)."))
    answer = required_text(answer, field="answer", message=_("Write the answer that the petitioner reads."))
    move(petition, Step.REPLIED)
    _answered(petition, settled, at=at)
    stop_own_clocks(case, at=at)
    give_answer(
        case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Answer.ANSWERED, answer=answer
    )  # fmt: skip
    return case


@transaction.atomic
def explain(*, actor: Actor, case_id: int, answer: str, at: datetime, seen: int | None = None) -> Case:
    """Answer again after a bad rating reopened the matter. The opinion itself stands.

    Only a review changes an opinion. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if petition.step not in ANSWERED:
        raise WrongState(_("The petition has not been answered yet. Answer it first."))
    answer = required_text(answer, field="answer", message=_("Write the answer that the petitioner reads."))
    give_answer(
        case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Answer.ANSWERED, answer=answer
    )  # fmt: skip
    return case
