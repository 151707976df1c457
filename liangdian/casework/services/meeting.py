"""A coordination meeting decides who leads, who helps and by when; its decision is carried out at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.models import Case, Meeting
from liangdian.casework.policy import Act
from liangdian.casework.services.assisting import begin_assist
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.handling import require_in_hand, required_text, unit_in_charge
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.services.referral import offer_to
from liangdian.casework.states import EventType
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date, end_of_day
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def record_meeting(
    *, actor: Actor, case_id: int, held_on: date, unit_ids: Sequence[int], people: str, decision: str,
    lead_id: int, until: date, helper_ids: Sequence[int], task: str, at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down a coordination meeting and do what it decided: refer to the lead, ask the others to help.

    At least two units took part. ``until`` is the day by which the lead is done and the helpers answer; the
    promise stays as it is. Raises Invalid, WrongState, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.MEET, seen=seen)
    require_in_hand(case)
    helpers = [pk for pk in dict.fromkeys(helper_ids) if pk != lead_id]
    units = _units(unit_ids)
    _check_days(held_on, until, today=business_date(at))
    decision = required_text(decision, field="decision", message=_("Write what was decided."))
    task = clean(task) if not helpers else required_text(
        task, field="task", message=_("Write what those who help shall do or find out.")
    )  # fmt: skip
    meeting = Meeting.objects.create(
        case=case, held_on=held_on, people=clean(people)[:1000], decision=decision,
        lead=organisation.unit_by_id(lead_id), until=until, by_id=worker(actor), at=at,
    )  # fmt: skip
    meeting.units.set(units)
    data: dict[str, object] = {
        "meeting": meeting.pk, "units": units, "people": meeting.people, "to": lead_id, "text": decision,
        "held_on": held_on.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    event = chained(case, type=EventType.MEETING_HELD, actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    if lead_id != case.unit_id:
        offer_to(case, meeting.lead, reason=decision, actor=actor, at=at, meeting=meeting)
    asked = [
        begin_assist(case, actor=actor, unit_id=pk, text=task, at=at, due_at=end_of_day(until))
        for pk in helpers
    ]
    refresh_clock(case, now=at)
    save_with(case, asked, "next_due_at")
    told = [
        person
        for pk in (lead_id, *helpers)
        for person in unit_in_charge(organisation.unit_by_id(pk), case.kind)
    ]
    tell([case.first_handler_id, case.successor_id, *told], case=case, event=event, but=actor)
    return case


def _units(unit_ids: Sequence[int]) -> list[int]:
    units = list(dict.fromkeys(unit_ids))
    if len(units) < 2:
        raise Invalid(_("Choose the units that took part, at least two."), field="units")
    for pk in units:
        organisation.unit_by_id(pk)
    return units


def _check_days(held_on: date, until: date, *, today: date) -> None:
    if held_on > today:
        raise Invalid(_("Write the meeting down when it was held."), field="held_on")
    if until <= today:
        raise Invalid(_("Give a day after today by which it is done."), field="until")
