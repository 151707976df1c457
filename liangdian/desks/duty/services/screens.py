"""The links of the pages with the code, one for each screen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from liangdian.desks.duty import policy
from liangdian.desks.duty.models import ScreenLink
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.wording import NO_SUCH_CORRECTION
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.foundation.tokens import digest, new_token
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation


@transaction.atomic
def make_screen(*, actor: Actor, unit_id: int, at: datetime) -> str:
    """A new link for a screen of this unit: its secret, which is shown once and not kept."""
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.SCREEN, unit.path)
    token = new_token()
    row = ScreenLink.objects.create(unit=unit, digest=digest(token), made_by_id=actor.user_id, made_at=at)
    audit.record(actor, "screen_made", "duty.screen", row.pk, unit.name, at)
    return token


@transaction.atomic
def revoke_screen(*, actor: Actor, screen_id: int, at: datetime) -> ScreenLink:
    """The link no longer opens anything, from this moment on."""
    row = (
        ScreenLink.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=screen_id).first()
    )
    if row is None or not policy.may(actor, Act.SEE, row.unit.path):
        raise NotFound(NO_SUCH_CORRECTION)
    policy.require(actor, Act.SCREEN, row.unit.path)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        audit.record(actor, "screen_revoked", "duty.screen", row.pk, row.unit.name, at)
    return row
