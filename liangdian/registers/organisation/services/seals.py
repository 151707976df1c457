"""The picture of a unit's seal, printed on the notices of its matters. Without one a place is left free."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.platform.audit import services as audit
from liangdian.platform.documents import kinds
from liangdian.platform.documents import services as documents
from liangdian.platform.documents.examination import examine
from liangdian.platform.documents.refusals import FIELD
from liangdian.registers.organisation import policy
from liangdian.registers.organisation.models import Unit
from liangdian.registers.organisation.services.tree import locked

LARGEST = 300_000  # bytes: it is written into every notice
PICTURES = frozenset({"image/png", "image/jpeg"})


@transaction.atomic
def set_seal_picture(*, actor: Actor, unit_id: int, name: str, content: BinaryIO, at: datetime) -> Unit:
    """Print this picture on the unit's notices from now on; those that were issued stay as they are.

    Raises NotAllowed, NotFound, Invalid (no PNG or JPG, damaged, more than 300 kB).
    """
    unit = locked(unit_id)
    policy.require_change(actor, unit.path)
    given = content.read(LARGEST + 1)
    wrong = _("Choose a picture (PNG or JPG) of at most 300 kB.")
    if not given or len(given) > LARGEST:
        raise Invalid(wrong, field=FIELD)
    if examine(name=name, content=given).media_type not in PICTURES:
        raise Invalid(wrong, field=FIELD)
    document = documents.store(
        actor_id=actor.user_id, actor_name=actor.name, name=name, content=given, kind=kinds.SEAL, at=at
    )
    unit.seal_picture = document
    unit.save(update_fields=["seal_picture"])
    audit.record(actor, "unit_seal_set", "organisation.unit", unit.pk, unit.name, at)
    return unit


@transaction.atomic
def remove_seal_picture(*, actor: Actor, unit_id: int, at: datetime) -> Unit:
    """Leave a place for the seal free again. Raises NotAllowed, NotFound."""
    unit = locked(unit_id)
    policy.require_change(actor, unit.path)
    if unit.seal_picture_id is not None:
        unit.seal_picture = None
        unit.save(update_fields=["seal_picture"])
        audit.record(actor, "unit_seal_removed", "organisation.unit", unit.pk, unit.name, at)
    return unit
