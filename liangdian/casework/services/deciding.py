"""Decision, delivery and the end without a decision (rules §3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Decision, NoticeKind
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import refresh_clock, stop_clocks
from liangdian.casework.services.ending import give_answer, require_no_offer
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.notices import issue
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import ClockKind, EventType, Outcome, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean


@transaction.atomic
def decide(
    *, actor: Actor, case_id: int, granted: bool, reasons: str, remedies: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Decide an application. Not granting it needs reasons and the remedies open to the resident (Art. 38).

    Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.DECIDE, seen=seen)
    rules.check_stage(case.kind, case.stage, Stage.DECIDED)
    require_no_offer(case)
    reasons, remedies = clean(reasons)[:5000], clean(remedies)[:5000]
    if not granted:
        reasons = required_text(
            reasons, field="reasons", message=_("Give the reasons of the refusal (Art. 38).")
        )
        remedies = required_text(
            remedies,
            field="remedies",
            message=_("Say where and until when the resident can appeal (Art. 38)."),
        )
    Decision.objects.create(
        case=case, round=case.round, granted=granted, reasons=reasons, remedies=remedies, at=at,
        by_id=worker(actor),
    )  # fmt: skip
    case.stage, case.state = Stage.DECIDED, State.HANDLING
    data: dict[str, object] = {"granted": granted, "text": reasons, "remedies": remedies}
    event = chained(case, type=EventType.DECIDED, actor=actor, at=at, data=data)
    save_with(case, [event], "stage", "state")
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def deliver(*, actor: Actor, case_id: int, how: str, at: datetime, seen: int | None = None) -> Case:
    """The result was handed over (送达, within ten working days, Art. 44); ``how`` and to whom.

    Possible after the resident has rated too: a closed matter is archived by it.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.DELIVER, seen=seen)
    rules.check_stage(case.kind, case.stage, Stage.DELIVERED)
    how = required_text(how, field="how", message=_("Write how and to whom the result was handed over."))
    if len(how) > 500:
        raise Invalid(_("Shorten this to 500 characters."), field="how")
    stop_clocks(case, ClockKind.DELIVERY, at=at)
    case.stage = Stage.ARCHIVED if case.state == State.CLOSED else Stage.DELIVERED
    event = chained(case, type=EventType.DELIVERED, actor=actor, at=at, data={"text": how})
    refresh_clock(case, now=at)
    save_with(case, [event], "stage", "next_due_at")
    issue(case, NoticeKind.DELIVERED, event)
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def end_matter(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """End the procedure without a decision (终止): its object is gone, a law stands against it.

    It is an answer like any other: the resident reads the reason, and a bad rating brings it back.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.END, seen=seen)
    rules.check_stage(case.kind, case.stage, Stage.ENDED)
    require_no_offer(case)
    reason = required_text(reason, field="reason", message=_("Write the reason that the resident will read."))
    event = give_answer(case, actor=actor, at=at, stage=Stage.ENDED, outcome=Outcome.ENDED, answer=reason)
    issue(case, NoticeKind.COMPLETED, event)
    return case
