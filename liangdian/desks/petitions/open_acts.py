"""Which acts on a petition are open to somebody now; the services decide again."""

from __future__ import annotations

from datetime import datetime

from liangdian.casework.selectors import Case
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import Extension, Petition, Transfer
from liangdian.desks.petitions.states import ANSWERED, Instance, Route, Sort, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date


def open_acts(
    actor: Actor, case: Case, petition: Petition, *, transfer: Transfer | None, now: datetime
) -> list[str]:
    """The codes of the acts, the likeliest first."""
    if policy.keeps_away(actor, petition):
        return []
    acts: list[str] = []
    extension = getattr(petition, "extension", None)
    if policy.works_on(actor, case):
        acts += _of_work(case, petition, transfer, extension, now=now)
    if _waits_for_head(actor, case, petition, extension, now=now):
        acts.append("petitions.decide_extension")
    if petition.step == Step.OBJECTED and transfer is not None and policy.sends(actor, transfer, case):
        acts.append("petitions.decide_objection")
    if petition.step == Step.OPINION and _in_time(petition, now=now) and policy.receives(actor, case):
        acts.append("petitions.ask_review")
    if case.is_open:
        acts.append("petitions.recuse")
    return acts


def _of_work(
    case: Case, petition: Petition, transfer: Transfer | None, extension: Extension | None, *, now: datetime
) -> list[str]:
    if not case.in_hand:
        return ["petitions.label"] if petition.instance == Instance.HANDLING else []
    acts: list[str] = []
    match petition.step:
        case Step.REGISTERED:
            acts += ["petitions.accept", "petitions.transfer", "petitions.refuse"]
        case Step.TRANSFERRED:
            acts += ["petitions.accept", "petitions.refuse"]
            if transfer is not None and transfer.objected_at is None and now <= transfer.object_by:
                acts.append("petitions.object")
        case Step.ACCEPTED:
            acts += _of_answer(case, petition, extension, now=now)
        case step if step in ANSWERED:
            acts.append("petitions.explain")
    acts.append("petitions.assign")
    if petition.instance == Instance.HANDLING:
        acts += ["petitions.label", "petitions.report"]
    return acts


def _of_answer(case: Case, petition: Petition, extension: Extension | None, *, now: datetime) -> list[str]:
    if case.paused_at is not None:
        return ["petitions.heard"]
    written = rules.ends_in_opinion(sort=petition.sort, route=petition.route, instance=petition.instance)
    acts = ["petitions.opine" if written else "petitions.reply"]
    runs = case.due_at is not None and case.due_at >= now
    if runs and extension is None and _can_be_extended(petition):
        acts.append("petitions.ask_extension")
    if runs and petition.instance == Instance.REREVIEW:
        acts.append("petitions.hearing")
    return acts


def _can_be_extended(petition: Petition) -> bool:
    return (
        petition.instance == Instance.HANDLING and petition.sort == Sort.REQUEST
        and petition.route == Route.OPINION and not petition.simplified
    )  # fmt: skip


def _waits_for_head(
    actor: Actor, case: Case, petition: Petition, extension: Extension | None, *, now: datetime
) -> bool:
    if extension is None or extension.approved is not None or petition.step != Step.ACCEPTED:
        return False
    runs = case.in_hand and case.due_at is not None and case.due_at >= now
    return runs and policy.heads(actor, case) and extension.asked_by_id != actor.user_id


def _in_time(petition: Petition, *, now: datetime) -> bool:
    return petition.review_until is not None and business_date(now) <= petition.review_until
