"""The common steps of every verb: lock the case, append to its history, save it with its next clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.chain import event_hash
from liangdian.casework.models import Case, Event, LimitRule, Promise, Referral
from liangdian.casework.services.messages import tell_residents
from liangdian.casework.states import IN_HAND, EventType, PromiseReason, ReferralState, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.foundation.limits import Due, Limit
from liangdian.foundation.refused import NotFound, Stale
from liangdian.foundation.workdays import due_of
from liangdian.platform.notifications.services import Notice, notify_many
from liangdian.registers.calendar import selectors as calendar


def locked_case(*, actor: Actor, case_id: int, act: policy.Act | None, seen: int | None = None) -> Case:
    """The case, locked for this transaction, after the policy of ``act``.

    ``seen`` is the number of the last event that the person's form had seen.
    Raises NotFound (hidden equals missing), Stale, NotAllowed.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("unit", "origin")
        .filter(policy.visible_to(actor), pk=case_id)
        .first()
    )
    if case is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    # First what changed: when the work went elsewhere meanwhile, that explains why the act is not allowed.
    if seen is not None and seen != case.last_seq:
        raise Stale(
            _("Somebody else changed this matter while you were writing. See what is new, then send again."),
            seen=seen,
            case_id=case.pk,
        )
    if act is not None:
        policy.require(actor, act, case)
    return case


def chained(
    case: Case, *, type: EventType, actor: Actor, at: datetime,
    data: dict[str, object] | None = None, public: bool = True,
) -> Event:  # fmt: skip
    """The next event of ``case``, not yet saved; the case's own counter and chain end move with it."""
    seq, previous, data = case.last_seq + 1, case.last_hash, data or {}
    event = Event(
        case=case, seq=seq, type=type, at=at, actor_id=actor.user_id, actor_name=actor.name[:100],
        data=data, public=public, previous=previous,
    )  # fmt: skip
    event.hash = event_hash(
        reference=case.reference, seq=seq, type=type, at=at, actor_id=actor.user_id,
        actor_name=event.actor_name, data=data, public=public, previous=previous,
    )  # fmt: skip
    case.last_seq, case.last_hash = seq, event.hash
    return event


def save_with(case: Case, events: Iterable[Event], *fields: str) -> None:
    """Write the events and the changed columns of the case, the end of the chain among them.

    The resident is told of what concerns him.
    """
    saved = Event.objects.bulk_create(list(events))
    case.save(update_fields=[*fields, "last_seq", "last_hash"])
    tell_residents(saved)


def current_rule(code: str, *, on: datetime) -> LimitRule:
    """The version of limit rule ``code`` in force on the hall-local day of ``on``.

    Raises LimitRule.DoesNotExist when the installation was never seeded.
    """
    return (
        LimitRule.objects.filter(code=code, valid_from__lte=business_date(on)).order_by("-version")[:1].get()
    )


def make_promise(
    case: Case, *, limit: Limit, rule_code: str, rule_version: int, at: datetime, reason: PromiseReason
) -> Promise:
    """A new promise from now, not yet saved; the case's due date and alarms begin anew with it."""
    days = calendar.calendar_days()
    due = due_of(limit, at, days, HALL_ZONE)
    case.due_at, case.alarms_done = due.at, 0
    case.next_due_at = rules.warn_at(start=at, due=due, days=days)
    return Promise(
        case=case, round=case.round, reason=reason, rule_code=rule_code, rule_version=rule_version,
        calendar_version=str(days.version), amount=limit.amount, unit=limit.unit,
        start_at=at, due_at=due.at, due_day=due.day, provisional=due.provisional, made_at=at,
    )  # fmt: skip


def due_of_promise(promise: Promise) -> Due:
    return Due(at=promise.due_at, day=promise.due_day, provisional=promise.provisional)


def refresh_clock(case: Case, *, now: datetime) -> None:
    """Set ``next_due_at`` to the earliest of the case's open clocks.

    In hand: the promise's next alarm and the time to accept an open referral.
    """
    if case.state not in IN_HAND:
        if case.state in {State.CLOSED, State.WITHDRAWN}:
            case.next_due_at = None
        return
    promise = case.promises.order_by("-seq")[:1].get()
    alarm = rules.promise_alarm(
        start=promise.start_at, due=due_of_promise(promise), done=case.alarms_done,
        step=current_rule(rules.ESCALATION_STEP, on=now).limit, days=calendar.calendar_days(),
    )  # fmt: skip
    offered = Referral.objects.filter(case=case, state=ReferralState.OFFERED, accept_by__gt=now).first()
    waiting = rules.Alarm(rules.REFERRAL_LATE, offered.accept_by) if offered else None
    case.next_due_at = rules.earliest(alarm, waiting)


def notice_of(case: Case, event: Event, user_ids: Iterable[int | None]) -> Notice:
    """The notice about ``event`` for the colleagues' bells."""
    return Notice(
        user_ids=tuple(sorted({u for u in user_ids if u is not None})),
        kind=str(event.type),
        subject=f"{case.title} · {case.reference}",
        url=f"/cases/{case.reference}/",
        key=f"case:{case.reference}:{event.seq}",
        at=event.at,
    )


def tell(user_ids: Iterable[int | None], *, case: Case, event: Event, but: Actor) -> None:
    """Put a notice about ``event`` into the colleagues' bells, in this transaction, never twice."""
    notify_many([notice_of(case, event, (u for u in user_ids if u != but.user_id))])
