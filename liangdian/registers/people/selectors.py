"""Reading residents. Numbers are found only whole and only by their keyed hash."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.identifiers import BadIdentifier, normalise_phone
from liangdian.foundation.refused import NotFound
from liangdian.foundation.text import clean
from liangdian.platform.crypto import blind_index
from liangdian.registers.people import policy
from liangdian.registers.people.models import ContactKind, ContactPoint, Resident
from liangdian.registers.people.needs import Need

NEED_CHOICES = Need.choices


def resident_for(*, actor: Actor, resident_id: int) -> Resident:
    """The resident, if he exists for this actor. Raises NotFound."""
    rows = Resident.objects.select_related("unit", "household").prefetch_related("contacts")
    found = rows.filter(policy.visible_to(actor), pk=resident_id).first()
    if found is None:
        raise NotFound(_("There is no such resident, or he is not in your units."))
    return found


def search_residents(*, actor: Actor, text: str, limit: int = 25, after: int = 0) -> list[Resident]:
    """Residents by beginning of the name, or by a whole phone or identity number; by name, then number."""
    rows = Resident.objects.select_related("unit").prefetch_related("contacts")
    rows = rows.filter(policy.visible_to(actor), pk__gt=after)
    text = clean(text)
    if text:
        rows = rows.filter(_matches(text))
    return list(rows.order_by("pk")[:limit])


def _matches(text: str) -> Q:
    wanted = Q(name__startswith=text)
    compact = text.replace(" ", "").upper()
    if len(compact) >= 7 and compact[:-1].lstrip("+").replace("-", "").isdigit():
        wanted |= Q(identity_hash=blind_index(compact, "identity"))
        try:
            number = normalise_phone(compact)
        except BadIdentifier:
            return wanted
        known = ContactPoint.objects.filter(kind=ContactKind.PHONE, value_hash=blind_index(number, "phone"))
        wanted |= Q(pk__in=known.values("resident"))
    return wanted


def has_phone(*, resident_id: int, phone: str) -> bool:
    """True when this is one of the resident's phones, however it was typed."""
    try:
        number = normalise_phone(clean(phone))
    except BadIdentifier:
        return False
    return ContactPoint.objects.filter(
        resident=resident_id, kind=ContactKind.PHONE, value_hash=blind_index(number, "phone")
    ).exists()
