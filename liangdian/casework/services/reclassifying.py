"""Changing what a matter is: its kind, its item, its urgency. The promise may become earlier, never later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, Promise
from liangdian.casework.policy import Act
from liangdian.casework.recounting import earlier
from liangdian.casework.services.clocks import refresh_clock, stop_clocks
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.intake import limit_for
from liangdian.casework.services.pledging import review
from liangdian.casework.services.promising import due_of_promise, give, newest_promise
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.stages import SHORT, Stage
from liangdian.casework.states import GENERAL, ClockKind, EventType, Kind, PromiseReason
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from liangdian.foundation.workdays import due_of
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.catalogue.selectors import ItemVersion

# Where a matter goes on when its new kind has another table of stages.
_AS_SERVICE = {Stage.EXAMINING: Stage.ACCEPTED}


@transaction.atomic
def reclassify(
    *, actor: Actor, case_id: int, kind: str, item_version_id: int | None, urgent: bool, reason: str,
    at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Give a matter another kind, item or urgency, with a reason that the resident reads.

    The new limit counts from the same start; where it ends later than what was promised, the old end
    stays: a promise is never made later by sorting. Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.RECLASSIFY, seen=seen)
    if not case.in_hand or case.paused_at is not None:
        raise rules.WrongState(_("A matter is sorted anew only while its promise runs."))
    if case.stage == Stage.DECIDED:
        raise rules.WrongState(_("An application that is decided is not sorted anew. Answer the resident."))
    reason = required_text(reason, field="reason", message=_("Write why it is sorted anew."))
    item = _checked_item(kind, item_version_id)
    if (kind, item_version_id, urgent) == (case.kind, case.item_version_id, case.urgent):
        raise Invalid(_("Nothing is changed. Choose another kind, item or urgency."), field="kind")
    before, was = newest_promise(case), _label(case.kind, case.item_version)
    promise = _promise(case, before, kind=kind, item=item, urgent=urgent, at=at)
    _move(case, kind, at=at)
    case.kind, case.item_version, case.urgent = kind, item, urgent
    data: dict[str, object] = {"was": was, "now": _label(kind, item), "urgent": urgent, "text": reason}
    sorted_anew = chained(case, type=EventType.RECLASSIFIED, actor=actor, at=at, data=data)
    promised = give(case, promise, actor=actor, at=at, before=before)
    how = review(case, actor=actor, at=at)
    refresh_clock(case, now=at)
    save_with(
        case, [sorted_anew, promised, *how], "kind", "stage", "item_version", "urgent", "due_at",
        "next_due_at", "alarms_done",
    )  # fmt: skip
    tell([case.first_handler_id, case.handler_id], case=case, event=sorted_anew, but=actor)
    return case


def _checked_item(kind: str, item_version_id: int | None) -> ItemVersion | None:
    if kind not in GENERAL:
        raise Invalid(_("Choose the kind of matter from the list."), field="kind")
    if item_version_id is None:
        if kind == Kind.SERVICE:
            raise Invalid(_("Choose the service item that the resident needs."), field="item")
        return None
    return catalogue.item_version(item_version_id)


def _label(kind: str, item: ItemVersion | None) -> str:
    """The kind, and the item's name as published; stored in the history, so in the centre's language."""
    return f"{Kind(kind).value}:{item.name}" if item else Kind(kind).value


def _promise(
    case: Case, before: Promise, *, kind: str, item: ItemVersion | None, urgent: bool, at: datetime
) -> Promise:
    limit, code, version = limit_for(kind=kind, urgent=urgent, item=item, at=at)
    days = calendar.calendar_days()
    due = earlier(due_of(limit, before.start_at, days, HALL_ZONE), due_of_promise(before))
    legal = due_of(item.legal_limit, before.start_at, days, HALL_ZONE) if item and item.legal_limit else None
    return Promise(
        case=case, round=case.round, reason=PromiseReason.RECLASSIFIED, rule_code=code, rule_version=version,
        calendar_version=str(days.version), amount=limit.amount, unit=limit.unit, start_at=before.start_at,
        due_at=due.at, due_day=due.day, provisional=due.provisional, made_at=at,
        legal_due_at=legal.at if legal else None, legal_due_day=legal.day if legal else None,
    )  # fmt: skip


def _move(case: Case, kind: str, *, at: datetime) -> None:
    """Where the matter stands in the table of its new kind."""
    if kind == case.kind or Kind.SERVICE not in {kind, case.kind}:
        return
    if kind == Kind.SERVICE:
        case.stage = _AS_SERVICE.get(Stage(case.stage), Stage(case.stage))
        return
    stop_clocks(case, ClockKind.ACCEPTANCE, at=at)
    if Stage(case.stage) not in SHORT:
        case.stage = Stage.EXAMINING
