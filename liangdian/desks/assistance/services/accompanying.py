"""Consent, needs, the helper, training: everything around a place."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.record import worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome
from liangdian.desks.assistance import selectors
from liangdian.desks.assistance.models import Consent, Help, Need, Training
from liangdian.desks.assistance.policy import Act
from liangdian.desks.assistance.rules import check_income
from liangdian.desks.assistance.services.record import (
    at_work,
    locked_help,
    move,
    note,
    require_state,
    words_of,
)
from liangdian.desks.assistance.states import HelpState, NeedKind, ToldBy
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

MOST_HOURS = 84
ACCOMPANIED = (HelpState.SEEKING, HelpState.PLACED)


@transaction.atomic
def record_consent(
    *, actor: Actor, case_id: int, given: bool, how: str, words: str = "", at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down whether the household wants help and that its data are kept for it (personal information
    protection law Art. 13, 29). A no ends the help at once. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ASK, seen=seen)
    require_state(help, HelpState.REGISTERED)
    if how not in ToldBy.values:
        raise Invalid(_("Choose how the household answered."), field="how")
    Consent.objects.create(
        help=help, given=given, how=how, words=clean(words)[:500], at=at, by_id=worker(actor)
    )
    data: dict[str, object] = {"given": given, "how": how}
    if given:
        move(help, HelpState.SEEKING, at=at)
        note(case, help, "consented", actor=actor, at=at, data=data, fields=at_work(case))
        return case
    move(help, HelpState.DECLINED, at=at)
    note(case, help, "consented", actor=actor, at=at, data=data)
    answer = clean(words) or str(_("The household does not want help now. It can come again at any time."))
    give_answer(case, actor=actor, at=at, stage=Stage.ENDED, outcome=Outcome.ENDED, answer=answer)
    return case


@transaction.atomic
def add_need(
    *, actor: Actor, case_id: int, kind: str, words: str, income: int | None, least_pay: int | None,
    most_hours: int | None, at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down one thing that the household needs, and what is known of income and wishes (yuan a month,
    hours a week; None changes nothing). The income before is written once, because the outcome is measured
    by it. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ASK, seen=seen)
    require_state(help, *ACCOMPANIED)
    if kind not in NeedKind.values:
        raise Invalid(_("Choose what is needed."), field="kind")
    if Need.objects.filter(help=help, kind=kind).exists():
        raise Invalid(_("This need is written down already."), field="kind")
    _wishes(help, income=income, least_pay=least_pay, most_hours=most_hours)
    Need.objects.create(help=help, kind=kind, words=clean(words)[:500], at=at)
    note(case, help, "needed", actor=actor, at=at, data={"kind": kind})
    return case


def _wishes(help: Help, *, income: int | None, least_pay: int | None, most_hours: int | None) -> None:
    check_income(income, field="income")
    check_income(least_pay, field="least_pay")
    if most_hours is not None and not 1 <= most_hours <= MOST_HOURS:
        raise Invalid(_("Please type between 1 and 84 hours a week."), field="most_hours")
    if income is not None:
        if help.income and help.income != str(income):
            raise Invalid(_("The income before the help is written down already."), field="income")
        if not help.income:
            help.income = str(income)
            help.save(update_fields=["income"])
    help.least_pay = least_pay if least_pay is not None else help.least_pay
    help.most_hours = most_hours if most_hours is not None else help.most_hours
    help.save(update_fields=["least_pay", "most_hours"])


@transaction.atomic
def meet_need(
    *, actor: Actor, case_id: int, need_id: int, words: str, at: datetime, seen: int | None = None
) -> Case:
    """Write down how a need was met: the benefit granted, the cart lent, the course ended.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    require_state(help, *ACCOMPANIED)
    need = Need.objects.filter(help=help, pk=need_id or 0, met_on__isnull=True).first()
    if need is None:
        raise Invalid(_("Choose a need of this household that is still open."), field="need")
    need.met_on, need.met_how = (
        business_date(at),
        words_of(words, field="words", message=_("Write how the need was met.")),
    )
    need.save(update_fields=["met_on", "met_how"])
    note(case, help, "met", actor=actor, at=at, data={"kind": need.kind})
    return case


@transaction.atomic
def name_helper(*, actor: Actor, case_id: int, helper_id: int, at: datetime, seen: int | None = None) -> Case:
    """Name who accompanies the household from now on. Raises WrongState, NotAllowed, Invalid, Stale."""
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.NAME_HELPER, seen=seen)
    require_state(help, HelpState.REGISTERED, *ACCOMPANIED)
    people = dict(selectors.can_help(case))
    if helper_id not in people:
        raise Invalid(_("Choose a helper from the list: he must be able to read the matter."), field="helper")
    if helper_id == help.helper_id:
        raise Invalid(_("This colleague is the helper already."), field="helper")
    help.helper_id = helper_id
    help.save(update_fields=["helper"])
    note(case, help, "helper", actor=actor, at=at, data={"name": people[helper_id]})
    return case


@transaction.atomic
def add_training(
    *, actor: Actor, case_id: int, title: str, provider: str, starts: date | None, ends: date | None,
    at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Note a training with its provider and dates. Raises WrongState, NotAllowed, Invalid, Stale."""
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    require_state(help, *ACCOMPANIED)
    title = words_of(title, field="title", message=_("Write what is learnt."), limit=200)
    provider = words_of(provider, field="provider", message=_("Write who gives the training."), limit=200)
    if starts is None or ends is None or ends < starts:
        raise Invalid(_("Please type the first and the last day of the training."), field="ends")
    Training.objects.create(
        help=help, title=title, provider=provider, starts=starts, ends=ends, by_id=worker(actor)
    )
    data: dict[str, object] = {"title": title, "provider": provider}
    note(case, help, "training", actor=actor, at=at, data=data)
    return case
