"""A placement with its start and pay, the check-ups after 1, 3, 6 and 12 months, and a place that is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.record import locked_case, worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome
from liangdian.desks.assistance import selectors
from liangdian.desks.assistance.models import CheckUp, Help, Need, Offer, Placement
from liangdian.desks.assistance.policy import Act
from liangdian.desks.assistance.rules import MOST_INCOME, WrongState, check_days, check_income
from liangdian.desks.assistance.services.record import (
    locked_help,
    move,
    note,
    require_state,
    running,
    words_of,
)
from liangdian.desks.assistance.states import MONTHS, HelpState, OfferState
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

WITHIN = timedelta(days=366)


@transaction.atomic
def place(
    *, actor: Actor, case_id: int, offer_id: int, starts: date | None, pay: int | None, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Somebody of the household begins in an open place of the register; chosen by a person, never by the
    list. The matter is answered by it; the check-ups follow. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    require_state(help, HelpState.SEEKING)
    need = _needed(help, case, offer_id)
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    if offer.state != OfferState.OPEN:
        raise Invalid(_("This place is no longer free. Choose another one."), field="offer")
    if starts is None or pay is None or not 0 < pay <= MOST_INCOME:
        raise Invalid(_("Please type the first day and the pay of a month that were agreed."), field="pay")
    if abs(starts - business_date(at)) > WITHIN:
        raise Invalid(_("The first day lies within a year from today."), field="starts")
    if help.helper_id is None:
        raise WrongState(_("Name a helper first: somebody has to ask how it goes."))
    row = Placement.objects.create(help=help, offer=offer, starts=starts, pay=pay, at=at, by_id=worker(actor))
    CheckUp.objects.bulk_create(
        [CheckUp(placement=row, months=n, due_on=day) for n, day in check_days(starts).items()]
    )
    Need.objects.filter(pk=need.pk, met_on__isnull=True).update(met_on=starts, met_how=str(offer)[:500])
    move(help, HelpState.PLACED, at=at)
    data: dict[str, object] = {"offer": str(offer), "starts": starts.isoformat()}
    note(case, help, "placed", actor=actor, at=at, data=data)
    if case.in_hand:
        with translation.override(case.detail.language):
            answer = gettext("A place was found: %(what)s. We ask after 1, 3, 6 and 12 months how it goes.")
        give_answer(
            case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Outcome.ANSWERED,
            answer=answer % {"what": str(offer)},
        )  # fmt: skip
    return case


def _needed(help: Help, case: Case, offer_id: int) -> Need:
    """The need that this offer meets. Raises Invalid."""
    kinds = {match.offer.pk: match.offer.kind for match in selectors.matches_of(help, case)}
    need = Need.objects.filter(help=help, kind=kinds.get(offer_id, "")).first()
    if need is None:
        raise Invalid(_("Choose a place from the list of those that fit."), field="offer")
    return need


@transaction.atomic
def record_check_up(
    *, actor: Actor, case_id: int, months: int, still: bool, income: int | None, words: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down one of the four check-ups: still there? income of the household in yuan a month?

    Who is not there any more has left the place, and another one is sought. After the twelfth month the
    help is settled. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    row = running(help)
    if row is None:
        raise WrongState(_("Nobody of this household is in a place now."))
    check = CheckUp.objects.select_for_update().filter(placement=row, months=months or 0).first()
    if check is None or check.done_at is not None:
        raise Invalid(_("Choose a check-up that was not done yet."), field="months")
    today = business_date(at)
    if check.due_on > today:
        raise Invalid(_("It is too early for this check-up."), field="months")
    check_income(income, field="income")
    check.done_at, check.still, check.by_id = at, still, worker(actor)
    check.income, check.words = "" if income is None else str(income), clean(words)[:500]
    check.save(update_fields=["done_at", "still", "by", "income", "words"])
    note(case, help, "checked", actor=actor, at=at, data={"months": check.months, "still": still})
    if not still:
        _left(case, help, row, on=today, why=check.words or str(_("no longer there")), actor=actor, at=at)
    elif check.months == MONTHS[-1]:
        move(help, HelpState.SETTLED, at=at)
        note(case, help, "settled", actor=actor, at=at)
    return case


@transaction.atomic
def leave_place(
    *, actor: Actor, case_id: int, on: date | None, words: str, at: datetime, seen: int | None = None
) -> Case:
    """The place was given up or lost: it is free again, and another one is sought.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    row = running(help)
    if row is None:
        raise WrongState(_("Nobody of this household is in a place now."))
    if on is None or not row.starts <= on <= business_date(at):
        raise Invalid(_("Please type since when he is no longer there."), field="on")
    why = words_of(words, field="words", message=_("Write why the place was left."))
    _left(case, help, row, on=on, why=why, actor=actor, at=at)
    return case


def _left(case: Case, help: Help, row: Placement, *, on: date, why: str, actor: Actor, at: datetime) -> None:
    row.ended_on, row.why_ended = max(on, row.starts), why
    row.save(update_fields=["ended_on", "why_ended"])
    Need.objects.filter(help=help, kind=row.offer.kind).update(met_on=None, met_how="")
    move(help, HelpState.SEEKING, at=at)
    note(case, help, "left", actor=actor, at=at, data={"offer": str(row.offer)})


@transaction.atomic
def watch(*, at: datetime) -> int:
    """Tell helper and handlers of each check-up on its day, once; returns how many."""
    due = CheckUp.objects.filter(
        due_on__lte=business_date(at), done_at__isnull=True, told_at__isnull=True,
        placement__ended_on__isnull=True,
    )  # fmt: skip
    rows = list(
        due.select_for_update(of=("self",), skip_locked=True)
        .select_related("placement__help")
        .order_by("due_on", "pk")[:200]
    )
    for row in rows:
        case = locked_case(actor=SYSTEM, case_id=row.placement.help_id, act=None)
        data: dict[str, object] = {"months": row.months}
        note(case, row.placement.help, "check_due", actor=SYSTEM, at=at, data=data, public=False)
        CheckUp.objects.filter(pk=row.pk).update(told_at=at)
    return len(rows)
