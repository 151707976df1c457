"""The one extension of a promise: asked for with a reason, decided above, told to the resident."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Event, Extension, NoticeKind
from liangdian.casework.policy import Act
from liangdian.casework.recounting import extended_due
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.handling import required_text, unit_in_charge
from liangdian.casework.services.notices import issue
from liangdian.casework.services.promising import due_of_promise, follow, legal_due_of, newest_promise
from liangdian.casework.services.record import chained, current_rule, locked_case, save_with, tell, worker
from liangdian.casework.states import EventType, PromiseReason
from liangdian.foundation.actor import Actor
from liangdian.foundation.limits import LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def ask_extension(
    *, actor: Actor, case_id: int, amount: int, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Ask for ``amount`` more working days, once, before the promise has run out (Licensing Law Art. 42).

    Raises WrongState, Invalid (more than rule ``extension.most`` allows), NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.EXTEND, seen=seen)
    _check_can_be_extended(case, at=at)
    if Extension.objects.filter(case=case).exists():
        raise rules.WrongState(_("An extension was asked for already; there is only one."))
    most = current_rule(rules.EXTENSION_MOST, on=at).amount
    if not 1 <= amount <= most:
        raise Invalid(_("Ask for 1 to %(most)s working days.") % {"most": most}, field="amount")
    reason = required_text(reason, field="reason", message=_("Write the reason that the resident will read."))
    Extension.objects.create(case=case, amount=amount, reason=reason, asked_by_id=worker(actor), asked_at=at)
    data: dict[str, object] = {"amount": amount, "text": reason}
    event = chained(case, type=EventType.EXTENSION_ASKED, actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    superior = organisation.superior_of(case.unit)
    told = [*unit_in_charge(case.unit), *(unit_in_charge(superior) if superior else [])]
    tell([case.first_handler_id, *told], case=case, event=event, but=actor)
    return case


@transaction.atomic
def decide_extension(
    *, actor: Actor, case_id: int, approved: bool, words: str, at: datetime, seen: int | None = None
) -> Case:
    """Approve or decline the extension. Neither who asked nor who handles the matter decides it.

    Approved, a new promise follows the old one and the resident gets a notice with the reason.
    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.DECIDE_EXTENSION, seen=seen)
    extension = Extension.objects.select_for_update().filter(case=case, approved__isnull=True).first()
    if extension is None:
        raise rules.WrongState(_("No extension waits to be decided here."))
    if actor.user_id in {extension.asked_by_id, case.handler_id}:
        raise NotAllowed(_("An extension is decided by somebody who does not handle the matter (Art. 42)."))
    _check_can_be_extended(case, at=at)
    words = required_text(words, field="words", message=_("Write why you decide so."))
    extension.approved, extension.decided_by_id, extension.decided_at = approved, actor.user_id, at
    extension.words = words
    extension.save(update_fields=["approved", "decided_by", "decided_at", "words"])
    data: dict[str, object] = {"approved": approved, "amount": extension.amount, "text": words}
    decided = chained(case, type=EventType.EXTENSION_DECIDED, actor=actor, at=at, data=data, public=False)
    if not approved:
        save_with(case, [decided])
    else:
        promised = _extend(case, extension, actor=actor, at=at)
        refresh_clock(case, now=at)
        save_with(case, [decided, promised], "due_at", "next_due_at", "alarms_done")
        issue(case, NoticeKind.EXTENDED, promised)
    tell([extension.asked_by_id, case.first_handler_id], case=case, event=decided, but=actor)
    return case


def _extend(case: Case, extension: Extension, *, actor: Actor, at: datetime) -> Event:
    before, days = newest_promise(case), calendar.calendar_days()
    legal = legal_due_of(before)
    return follow(
        case, before, due=extended_due(due_of_promise(before), extension.amount, days),
        legal=extended_due(legal, extension.amount, days) if legal else None,
        reason=PromiseReason.EXTENDED, actor=actor, at=at, text=extension.reason,
    )  # fmt: skip


def _check_can_be_extended(case: Case, *, at: datetime) -> None:
    if not case.in_hand:
        raise rules.WrongState(_("This matter has been answered; there is no promise to extend."))
    if case.paused_at is not None:
        raise rules.WrongState(
            _("The promise stands still at the moment. It can be extended when it goes on.")
        )
    if case.due_at is None or case.due_at < at:
        raise rules.WrongState(_("The promise has run out already; it cannot be extended any more."))
    if newest_promise(case).unit in {LimitUnit.AT_ONCE, LimitUnit.HOURS}:
        raise rules.WrongState(_("What was promised at once or in hours is not extended."))
