"""The green channel (绿色通道): a matter goes before the others, for a reason that everybody sees."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import rules
from liangdian.casework.models import Case, GreenChannel
from liangdian.casework.policy import Act
from liangdian.casework.services.handling import require_in_hand, required_text
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.states import EventType, GreenReason, Rank
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

TEXT_LIMIT = 500


@transaction.atomic
def put_first(
    *, actor: Actor, case_id: int, reason: str, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Put the matter into the green channel: before all others in every list.

    ``reason`` is one of GreenReason; "other" needs ``text``. Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.GREEN, seen=seen)
    require_in_hand(case)
    if case.rank == Rank.GREEN:
        raise rules.WrongState(_("The matter is in the green channel already."))
    if reason not in GreenReason.values:
        raise Invalid(_("Choose the reason from the list."), field="reason")
    text = clean(text)
    if reason == GreenReason.OTHER:
        text = required_text(text, field="text", message=_("Write the reason in your own words."))
    if len(text) > TEXT_LIMIT:
        raise Invalid(_("Shorten this to %(n)s characters.") % {"n": TEXT_LIMIT}, field="text")
    GreenChannel.objects.create(case=case, reason=reason, text=text, at=at, by_id=worker(actor))
    case.rank = Rank.GREEN
    data: dict[str, object] = {"reason": reason, "text": text}
    event = chained(case, type=EventType.GREEN, actor=actor, at=at, data=data)
    save_with(case, [event], "rank")
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


@transaction.atomic
def take_out(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """Put the matter in turn again, with a reason. Raises WrongState, Invalid, NotAllowed, Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=Act.NOT_GREEN, seen=seen)
    require_in_hand(case)
    if case.rank != Rank.GREEN:
        raise rules.WrongState(_("The matter is not in the green channel."))
    reason = required_text(reason, field="reason", message=_("Write why it goes in turn again."))
    if len(reason) > TEXT_LIMIT:
        raise Invalid(_("Shorten this to %(n)s characters.") % {"n": TEXT_LIMIT}, field="reason")
    case.rank = Rank.NORMAL
    event = chained(case, type=EventType.NOT_GREEN, actor=actor, at=at, data={"text": reason})
    save_with(case, [event], "rank")
    GreenChannel.objects.filter(case=case, ended_at__isnull=True).update(
        ended_at=at, ended_by=worker(actor), end_reason=reason
    )
    tell([case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case
