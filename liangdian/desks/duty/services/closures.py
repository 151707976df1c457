"""Unplanned closures: announced to the public with the reason in three languages, ended once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import policy
from liangdian.desks.duty.models import Closure
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.people import window_of
from liangdian.desks.duty.wording import ENDS_EARLIER, NO_SUCH_CORRECTION
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the public reads. ``ends_at`` None: until further notice; ``window_id`` None: the whole hall."""

    begins_at: datetime
    reason_hans: str
    reason_hant: str
    reason_en: str
    ends_at: datetime | None = None
    window_id: int | None = None


@transaction.atomic
def announce_closure(*, actor: Actor, unit_id: int, announcement: Announcement, at: datetime) -> Closure:
    """Say on the board and on the public page that a window or the hall is closed.

    Raises Invalid when a language lacks the reason, when it began before today, or is over already.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.ANNOUNCE, unit.path)
    words = {name: clean(getattr(announcement, name)) for name in ("reason_hans", "reason_hant", "reason_en")}
    for name, text in words.items():
        if not text or len(text) > 200:
            raise Invalid(_("Please say why in each language, in at most 200 characters."), field=name)
    if business_date(announcement.begins_at) < business_date(at) and not actor.is_system:
        raise Invalid(_("A closure of days that are over is not announced."), field="begins_at")
    ends = announcement.ends_at
    if ends is not None and (ends <= announcement.begins_at or (ends <= at and not actor.is_system)):
        raise Invalid(ENDS_EARLIER, field="ends_at")
    row = Closure.objects.create(
        unit=unit, window=window_of(unit, announcement.window_id), begins_at=announcement.begins_at,
        ends_at=ends, announced_by_id=actor.user_id, announced_at=at, **words,
    )  # fmt: skip
    audit.record(actor, "closure_announced", "duty.closure", row.pk, words["reason_hans"], at)
    return row


@transaction.atomic
def end_closure(*, actor: Actor, closure_id: int, at: datetime) -> Closure:
    """Open again now. A closure that has not begun is called off by this."""
    rows = Closure.objects.select_for_update(of=("self",)).select_related("unit")
    row = rows.filter(pk=closure_id).first()
    if row is None or not policy.may(actor, Act.SEE, row.unit.path):
        raise NotFound(NO_SUCH_CORRECTION)
    policy.require(actor, Act.ANNOUNCE, row.unit.path)
    if row.ended_at is not None or (row.ends_at is not None and row.ends_at <= at):
        raise Refused(_("This closure is over already. Please open the page again."))
    row.ended_at, row.ended_by_id = at, actor.user_id
    row.save(update_fields=["ended_at", "ended_by"])
    audit.record(actor, "closure_ended", "duty.closure", row.pk, "", at)
    return row
