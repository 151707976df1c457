"""Who handles a petition: assigned by name, checked for recusal; and who keeps away from it (Art. 46)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import chained, save_with, tell, worker
from liangdian.casework.states import State
from liangdian.desks.petitions.models import Recusal
from liangdian.desks.petitions.services.record import at_work, check_assignable, in_charge, locked
from liangdian.desks.petitions.states import Conflict
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts


@transaction.atomic
def assign(
    *, actor: Actor, case_id: int, to_user_id: int, text: str, free: bool, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Give the petition to a colleague of the unit where it lies.

    ``free``: the actor asked and he is no relative, has no interest, did not handle it before (Art. 46).
    Raises Invalid (recusal, complained about, other unit), NotAllowed, WrongState, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    if to_user_id not in {user.pk for user in accounts.staff_within(case.unit.path)}:
        raise Invalid(_("This colleague does not work in %(unit)s.") % {"unit": case.unit.label},
                      field="to_user")  # fmt: skip
    check_assignable(petition, case, to_user_id)
    if not free:
        raise Invalid(
            _("Ask first whether he is a relative, has an interest or handled it before, then tick this."),
            field="free",
        )
    text = required_text(text, field="text", message=_("Write what the colleague is to do."))
    case.handler_id = to_user_id
    if case.state == State.RECEIVED:
        case.state = State.HANDLING
    data: dict[str, object] = {"to_user": to_user_id, "text": text}
    event = chained(case, type="petitions.assigned", actor=actor, at=at, data=data, public=False)
    save_with(case, [event], "handler", "state")
    tell([to_user_id, case.first_handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def recuse(
    *, actor: Actor, case_id: int, user_id: int | None, ground: str, text: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Record that somebody keeps away: oneself, or a colleague by whoever works on it (Art. 28, 46).

    A relative or somebody with an interest does not see the petition afterwards. Who handled it hands it
    back to the petition office. Raises Invalid, NotAllowed, Stale.
    """
    case, petition = locked(actor=actor, case_id=case_id, seen=seen)
    away = user_id or worker(actor)
    if away != actor.user_id:
        case, petition = at_work(actor=actor, case_id=case_id, seen=seen, in_hand=False)
    if ground not in Conflict.values:
        raise Invalid(_("Choose why he keeps away."), field="ground")
    if petition.recusals.filter(user=away).exists():
        raise Invalid(_("He keeps away already."), field="user")
    if away not in accounts.users_by_ids([away]):
        raise NotAllowed(_("This colleague is not in the list of staff."))
    text = clean(text)[:5000]
    Recusal.objects.create(
        petition=petition, user_id=away, ground=ground, text=text, at=at, by_id=worker(actor)
    )
    fields = []
    if case.handler_id == away and case.in_hand:
        case.handler_id = None
        fields.append("handler")
    data: dict[str, object] = {"user": away, "ground": ground, "text": text}
    event = chained(case, type="petitions.recused", actor=actor, at=at, data=data, public=False)
    save_with(case, [event], *fields)
    tell([case.first_handler_id, *in_charge(case)], case=case, event=event, but=actor)
    return case
