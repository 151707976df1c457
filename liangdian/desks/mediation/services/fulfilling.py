"""The committee watches over what was agreed (Art. 31): reminders, kept or broken, follow-up calls, court."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import chained, current_rule, locked_case, save_with, tell, worker
from liangdian.desks.mediation.limits import CALL, REMIND
from liangdian.desks.mediation.models import Agreement, Assignment, Dispute, Obligation
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState, check_obligation_move, outcome_of
from liangdian.desks.mediation.services.record import agreement_of, locked_dispute, move, note, text_of
from liangdian.desks.mediation.states import AGREED, ObligationState
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean


@transaction.atomic
def record_fulfilment(
    *, actor: Actor, case_id: int, obligation_id: int, state: str, done_on: date | None, words: str,
    at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down that an obligation was kept, broken, or excused by the other party.

    Kept needs the day; broken and excused need words; broken only after the day is over. When all are
    decided, so is the agreement. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.FOLLOW_UP, seen=seen)
    obligation = _obligation(dispute, obligation_id)
    if state not in {ObligationState.KEPT, ObligationState.BROKEN, ObligationState.EXCUSED}:
        raise Invalid(_("Choose what became of it."), field="state")
    check_obligation_move(obligation.state, state)
    today, words = business_date(at), clean(words)
    if state == ObligationState.KEPT and (done_on is None or done_on > today):
        raise Invalid(_("Write on which day it was done."), field="done_on")
    if state == ObligationState.BROKEN and obligation.due_on >= today:
        raise Invalid(_("The day is not over yet; it can still be kept."), field="state")
    if state != ObligationState.KEPT:
        words = text_of(words, field="words", message=_("Write what the parties say about it."))
    obligation.state, obligation.result, obligation.recorded_by_id = state, words, worker(actor)
    obligation.done_on = done_on if state == ObligationState.KEPT else None
    obligation.save(update_fields=["state", "done_on", "result", "recorded_by"])
    data: dict[str, object] = {"n": obligation.number, "state": state}
    note(case, "obligation", actor=actor, at=at, data=data)
    _settle(case, dispute, actor=actor, at=at)
    return case


def _settle(case: Case, dispute: Dispute, *, actor: Actor, at: datetime) -> None:
    rows = Obligation.objects.filter(agreement__dispute=dispute, agreement__dropped_at__isnull=True)
    outcome = outcome_of(rows.values_list("state", flat=True))
    if outcome is None or outcome == dispute.state:
        return
    move(dispute, outcome, at=at)
    note(case, str(outcome), actor=actor, at=at)


def _obligation(dispute: Dispute, obligation_id: int) -> Obligation:
    """An obligation of the agreement in effect. Raises WrongState, Invalid."""
    if dispute.state not in AGREED:
        raise WrongState(_("There is no agreement in effect here."))
    rows = Obligation.objects.select_for_update().filter(agreement__dispute=dispute, pk=obligation_id or 0)
    obligation = rows.filter(agreement__dropped_at__isnull=True).first()
    if obligation is None:
        raise Invalid(_("Choose an obligation of this agreement."), field="obligation")
    return obligation


@transaction.atomic
def call_parties(
    *, actor: Actor, case_id: int, obligation_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Write down a follow-up call (Art. 31). Raises WrongState, NotAllowed, Invalid, Stale."""
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.FOLLOW_UP, seen=seen)
    obligation = _obligation(dispute, obligation_id)
    text = text_of(text, field="text", message=_("Write whom you reached and what was said."))
    obligation.called_at = at
    obligation.save(update_fields=["called_at"])
    note(case, "called", actor=actor, at=at, data={"n": obligation.number, "text": text}, public=False)
    return case


@transaction.atomic
def ask_confirmation(
    *, actor: Actor, case_id: int, asked_on: date | None, at: datetime, seen: int | None = None
) -> Case:
    """Both parties asked the court to confirm the agreement, within 30 days of its effect (Art. 33).

    Raises WrongState (no agreement, asked before), Invalid (outside the window), NotAllowed, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.FOLLOW_UP, seen=seen)
    agreement = agreement_of(dispute)
    if dispute.state not in AGREED or agreement is None or agreement.effective_at is None:
        raise WrongState(_("There is no agreement in effect here."))
    if agreement.confirmation_asked_on is not None:
        raise WrongState(_("It is written down already that the court was asked."))
    today = business_date(at)
    if asked_on is None or not business_date(agreement.effective_at) <= asked_on <= today:
        raise Invalid(_("Write on which day both parties asked the court."), field="asked_on")
    assert agreement.confirm_until is not None
    if asked_on > agreement.confirm_until:
        raise Invalid(
            _("The joint application is possible for 30 days after the effect (Art. 33); they were over."),
            field="asked_on",
        )
    agreement.confirmation_asked_on = asked_on
    agreement.save(update_fields=["confirmation_asked_on"])
    note(case, "confirmation_asked", actor=actor, at=at, data={"day": asked_on.isoformat()})
    return case


@transaction.atomic
def watch(*, at: datetime) -> int:
    """What the clock does every minute: remind before an obligation is due, ask for the call after it, tell
    when the court's window closes. Each once; returns how many.
    """
    if not Agreement.objects.filter(effective_at__isnull=False, dropped_at__isnull=True).exists():
        return 0  # nothing to watch; a house that is not set up yet has no limits to read either
    today, done = business_date(at), 0
    remind_days, call_days = (current_rule(code, on=at).amount for code in (REMIND, CALL))
    due = Obligation.objects.filter(
        state=ObligationState.DUE, agreement__dispute__state__in=AGREED, agreement__dropped_at__isnull=True
    )
    done += _tell(_locked(due.filter(reminded_at__isnull=True, due_on__lte=_later(today, remind_days))),
                  "reminder", "reminded_at", at=at)  # fmt: skip
    late = due.filter(call_told_at__isnull=True, due_on__lt=_later(today, 1 - call_days))
    done += _tell(_locked(late), "call_due", "call_told_at", at=at)
    closing = Agreement.objects.select_for_update(skip_locked=True).filter(
        effective_at__isnull=False, confirmation_asked_on__isnull=True, confirmation_told_at__isnull=True,
        confirm_until__gte=today, confirm_until__lte=_later(today, 7), dropped_at__isnull=True,
    )  # fmt: skip
    for agreement in closing.order_by("pk")[:200]:
        assert agreement.confirm_until is not None
        _say(agreement.dispute_id, "window_closing", {"day": agreement.confirm_until.isoformat()}, at=at)
        Agreement.objects.filter(pk=agreement.pk).update(confirmation_told_at=at)
        done += 1
    return done


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _locked(rows) -> list[Obligation]:  # type: ignore[no-untyped-def]
    found = rows.select_for_update(of=("self",), skip_locked=True).select_related("agreement")
    return list(found.order_by("due_on", "pk")[:200])


def _tell(rows: Iterable[Obligation], type: str, mark: str, *, at: datetime) -> int:
    told = 0
    for row in rows:
        data: dict[str, object] = {"n": row.number, "day": row.due_on.isoformat()}
        _say(row.agreement.dispute_id, type, data, at=at)
        Obligation.objects.filter(pk=row.pk).update(**{mark: at})
        told += 1
    return told


def _say(case_id: int, type: str, data: dict[str, object], *, at: datetime) -> None:
    """One line of the history by the clock, in the bells of those who mediated and of the first handler."""
    case = locked_case(actor=SYSTEM, case_id=case_id, act=None)
    event = chained(case, type=f"mediation.{type}", actor=SYSTEM, at=at, data=data, public=type == "reminder")
    save_with(case, [event])
    mediating = Assignment.objects.filter(dispute_id=case.pk, ended_at__isnull=True)
    told = [case.first_handler_id, case.handler_id, *mediating.values_list("member__user_id", flat=True)]
    tell(told, case=case, event=event, but=SYSTEM)
