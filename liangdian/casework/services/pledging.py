"""The four promises of how: given at intake and whenever one more applies; the helper named; the visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import pledges, rules
from liangdian.casework.models import Case, Event, Pledge
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import limit_in_force
from liangdian.casework.services.handling import require_in_hand, required_text, spoken_to
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.states import EventType, PledgeKind
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.accounts import selectors as accounts

AT_ONCE_ITEM = "at_once"
URGENT = "promise.urgent"


def first_pledges(
    case: Case, *, documents_complete: bool, needs: Collection[str], urgent_until: datetime | None,
    at: datetime,
) -> list[Pledge]:  # fmt: skip
    """The promises that apply to a new case, not yet saved. ``urgent_until``: the end of its promise."""
    item = case.item_version
    applying = pledges.pledges_for(
        kind=case.kind, urgent=case.urgent, item_at_once=item is not None and item.kind == AT_ONCE_ITEM,
        papers_complete=documents_complete, needs=needs,
    )  # fmt: skip
    return [_pledge(case, kind, why, at=at, urgent_until=urgent_until) for kind, why in applying.items()]


def _pledge(
    case: Case, kind: PledgeKind, why: str, *, at: datetime, urgent_until: datetime | None,
    helper_id: int | None = None,
) -> Pledge:  # fmt: skip
    helper = (helper_id or case.first_handler_id) if kind is PledgeKind.HELPED else None
    due_at = pledges.end_of_pledge(kind, at=at, urgent_until=urgent_until)
    return Pledge(case=case, kind=kind, why=why, given_at=at, due_at=due_at, helper_id=helper)


def pledged(case: Case, pledge: Pledge, *, actor: Actor, at: datetime) -> Event:
    """The event of a promise of how, not yet saved."""
    data: dict[str, object] = {"kind": str(pledge.kind), "why": pledge.why, "helper": pledge.helper_id}
    return chained(case, type=EventType.PLEDGED, actor=actor, at=at, data=data)


def review(
    case: Case, *, actor: Actor, at: datetime, papers_complete: bool = False, needs: Collection[str] = (),
    helper_id: int | None = None,
) -> list[Event]:  # fmt: skip
    """Give a locked case, as it is now, the promises that apply newly; their events, not yet saved.

    What was promised before stays promised. One statement when nothing new applies.
    """
    item = case.item_version
    applying = pledges.pledges_for(
        kind=case.kind, urgent=case.urgent, item_at_once=item is not None and item.kind == AT_ONCE_ITEM,
        papers_complete=papers_complete, needs=needs,
    )  # fmt: skip
    if not applying:
        return []
    given = set(Pledge.objects.filter(case=case).values_list("kind", flat=True))
    events = []
    for kind, why in applying.items():
        if kind in given:
            continue
        until = limit_in_force(URGENT, at=at).at if kind is PledgeKind.OUT_OF_HOURS else None
        pledge = _pledge(case, kind, why, at=at, urgent_until=until, helper_id=helper_id)
        pledge.save(force_insert=True)
        events.append(pledged(case, pledge, actor=actor, at=at))
    return events


@transaction.atomic
def note_needs(
    *, actor: Actor, case_id: int, needs: Collection[str], helper_id: int | None, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """The resident needs more than was known: what applies is promised; a helper is named or changed.

    ``needs`` are codes of the register's needs. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.NEEDS, seen=seen)
    require_in_hand(case)
    if helper_id is not None:
        _check_helper(case, helper_id)
    events = review(case, actor=actor, at=at, needs=needs, helper_id=helper_id)
    new_helper = any(event.data["kind"] == PledgeKind.HELPED for event in events)
    if helper_id is not None and not new_helper:
        events += _change_helper(case, helper_id, actor=actor, at=at)
    if not events:
        raise Invalid(
            _("All of this is promised already. Choose what is new, or another helper."), field="needs"
        )
    save_with(case, events)
    tell([helper_id, case.first_handler_id, case.handler_id], case=case, event=events[-1], but=actor)
    return case


def _check_helper(case: Case, helper_id: int) -> None:
    rules.check_not_about(actor_id=helper_id, about_user_id=case.about_user_id)
    near = {user.pk for path in {case.unit.path, case.origin.path} for user in accounts.staff_within(path)}
    if helper_id not in near | {case.first_handler_id}:
        raise NotAllowed(_("This colleague does not work in %(unit)s.") % {"unit": case.unit.label})


def _change_helper(case: Case, helper_id: int, *, actor: Actor, at: datetime) -> list[Event]:
    changed = Pledge.objects.filter(case=case, kind=PledgeKind.HELPED).exclude(helper=helper_id)
    if changed.update(helper_id=helper_id):
        return [chained(case, type=EventType.HELPER_NAMED, actor=actor, at=at, data={"helper": helper_id})]
    if Pledge.objects.filter(case=case, kind=PledgeKind.HELPED).exists():
        return []
    raise Invalid(
        _("Nothing of this kind is promised. Tick that the resident does not know how it goes, too."),
        field="needs",
    )


@transaction.atomic
def visit_home(*, actor: Actor, case_id: int, text: str, at: datetime, seen: int | None = None) -> Case:
    """Record a visit at the resident's home and what was done there; it is a contact as well."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.VISIT, seen=seen)
    require_in_hand(case)
    text = required_text(text, field="text", message=_("Write what was done at the resident's home."))
    event = chained(case, type=EventType.HOME_VISITED, actor=actor, at=at, data={"text": text})
    save_with(case, [event], *spoken_to(case, at=at))
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case
