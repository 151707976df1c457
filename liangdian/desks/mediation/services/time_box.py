"""The talks have an end; all parties together may move it (time box by rule, extension by consent)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.promising import due_of_promise, follow, newest_promise
from liangdian.casework.services.record import current_rule, save_with, worker
from liangdian.casework.states import PromiseReason
from liangdian.desks.mediation.limits import MORE_TIME
from liangdian.desks.mediation.models import Answer, Party
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState
from liangdian.desks.mediation.services.record import locked_dispute, require_state, text_of
from liangdian.desks.mediation.states import TALKING, AnsweredBy, Subject
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid
from liangdian.foundation.workdays import due_of
from liangdian.registers.calendar import selectors as calendar


@transaction.atomic
def more_time(
    *, actor: Actor, case_id: int, days: int, parties: Collection[int], how: str, reason: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Lengthen the talks by ``days`` calendar days, when every party wants it and before the time is over.

    A new promise follows the old one; it is never earlier. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.MORE_TIME, seen=seen)
    require_state(dispute, *TALKING)
    most = current_rule(MORE_TIME, on=at).amount
    if not 1 <= days <= most:
        raise Invalid(_("Ask for 1 to %(most)s days.") % {"most": most}, field="days")
    if how not in AnsweredBy.values:
        raise Invalid(_("Choose how the party answered."), field="how")
    everybody = set(Party.objects.filter(dispute=dispute).values_list("pk", flat=True))
    if set(parties) != everybody:
        raise Invalid(
            _("More time needs the consent of every party. Without it the talks end in time."),
            field="parties",
        )
    reason = text_of(reason, field="reason", message=_("Write why more time is needed."))
    before = newest_promise(case)
    if case.due_at is None or before.due_at < at:
        raise WrongState(_("The time for the talks is over; it cannot be lengthened any more."))
    Answer.objects.bulk_create(
        Answer(party_id=pk, subject=Subject.MORE_TIME, given=True, how=how, at=at, by_id=worker(actor))
        for pk in sorted(everybody)
    )
    due = due_of_promise(before)
    later = due_of(Limit(days, LimitUnit.CALENDAR_DAYS), due.at, calendar.calendar_days(), HALL_ZONE)
    event = follow(
        case, before, due=later, legal=None, reason=PromiseReason.EXTENDED, actor=actor, at=at, text=reason
    )
    refresh_clock(case, now=at)
    save_with(case, [event], "due_at", "next_due_at", "alarms_done")
    return case
