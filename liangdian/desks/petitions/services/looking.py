"""Who the petitioner is: hidden until somebody who works on the petition looks with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from liangdian.casework.services import Identity, reveal_resident
from liangdian.desks.petitions import policy
from liangdian.desks.petitions.services.record import locked
from liangdian.foundation.actor import Actor
from liangdian.platform.crypto import decrypt


@dataclass(frozen=True, slots=True)
class Petitioners:
    """Who petitions, in clear: the petitioner, and name and phone of the representatives of a group."""

    petitioner: Identity
    representatives: list[tuple[str, str]]


@transaction.atomic
def look_at_petitioner(*, actor: Actor, case_id: int, reason: str, at: datetime) -> Petitioners:
    """Show who petitions. Who looked, when and why is logged first and shown to the petitioner.

    For those who work on it or head the unit. Raises NotFound, NotAllowed, Invalid without a reason.
    """
    case, petition = locked(actor=actor, case_id=case_id, seen=None)
    allowed = policy.works_on(actor, case) or policy.heads(actor, case)
    policy.require(allowed or case.first_handler_id == actor.user_id, actor, petition, case)
    found = reveal_resident(actor=actor, case_id=case.pk, reason=reason, at=at)
    rows = petition.representatives.order_by("ordinal")
    people = [
        (decrypt(row.name_sealed), decrypt(row.phone_sealed) if row.phone_sealed else "") for row in rows
    ]
    return Petitioners(petitioner=found, representatives=people)
