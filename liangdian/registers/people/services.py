"""Finding or making a resident, changing what is known, and revealing what is hidden (logged)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.identifiers import (
    BadIdentifier,
    Reason,
    ResidentId,
    check_resident_id,
    normalise_phone,
)
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.crypto import blind_index, decrypt, encrypt
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people import policy
from liangdian.registers.people.models import ContactKind, ContactPoint, Resident
from liangdian.registers.people.needs import Need

_IDENTITY_SENTENCES = {
    Reason.LENGTH: _("An identity number has 18 characters. Please count them again."),
    Reason.CHARACTERS: _("An identity number has 17 digits and a digit or X at the end."),
    Reason.REGION: _("The first six digits of this identity number are not a region."),
    Reason.BIRTH_DATE: _("The date of birth inside this identity number is impossible."),
    Reason.CHECK_DIGIT: _("The last character of this identity number does not fit. A digit was mistyped."),
}


def read_identity(text: str, *, today: date) -> ResidentId | None:
    """The identity number in ``text``, None when it is empty. Raises Invalid with a sentence."""
    if not clean(text):
        return None
    try:
        return check_resident_id(clean(text), today)
    except BadIdentifier as bad:
        sentence = _IDENTITY_SENTENCES.get(bad.reason_code, _("This is no identity number."))
        raise Invalid(sentence, field="identity") from bad


def read_phone(text: str) -> str:
    """The phone number in ``text`` in its one written form, empty when there is none. Raises Invalid."""
    if not clean(text):
        return ""
    try:
        return normalise_phone(clean(text))
    except BadIdentifier as bad:
        raise Invalid(
            _("This is no phone number. A mobile has 11 digits; a landline begins with its area code."),
            field="phone",
        ) from bad


@transaction.atomic
def find_or_create(
    *, actor: Actor, name: str, phone: str = "", identity: str = "", address: str = "", unit_id: int,
    needs: Sequence[str] = (), at: datetime,
) -> tuple[Resident, bool]:  # fmt: skip
    """The resident with this identity number, or with this phone and name; made when there is none.

    What is newly known is added to the one found; what was known is not overwritten.
    Returns (resident, created). Raises Invalid (with the field) and NotAllowed.
    """
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid(_("Write the resident's name."), field="resident_name")
    unit = organisation.unit_by_id(unit_id)
    policy.require_serving(actor, path=unit.path)
    number, phone = read_identity(identity, today=business_date(at)), read_phone(phone)
    wanted = _checked_needs(needs)
    found = _find(name=name, number=number, phone=phone)
    if found is not None:
        _add_what_is_new(found, number=number, phone=phone, address=address, needs=wanted)
        return found, False
    resident = Resident(
        name=name[:100], unit=unit, address=clean(address)[:200], needs=wanted, created_at=at,
    )  # fmt: skip
    if number is not None:
        _set_identity(resident, number)
    resident.save(force_insert=True)
    if phone:
        _add_phone(resident, phone)
    return resident, True


def _find(*, name: str, number: ResidentId | None, phone: str) -> Resident | None:
    if number is not None:
        known = Resident.objects.filter(identity_hash=blind_index(number.number, "identity")).first()
        if known is not None:
            return known
    if not phone:
        return None
    same = Resident.objects.filter(
        contacts__value_hash=blind_index(phone, "phone"), contacts__kind=ContactKind.PHONE, name=name
    )
    if number is not None:
        same = same.filter(identity_hash__isnull=True)
    return same.order_by("pk").first()


def _add_what_is_new(
    resident: Resident, *, number: ResidentId | None, phone: str, address: str, needs: list[str]
) -> None:
    fields: list[str] = []
    if number is not None and resident.identity_hash is None:
        _set_identity(resident, number)
        fields += ["identity_sealed", "identity_hash", "birth_date", "sex"]
    if address and not resident.address:
        resident.address = clean(address)[:200]
        fields.append("address")
    if set(needs) - set(resident.needs):
        resident.needs = sorted({*resident.needs, *needs})
        fields.append("needs")
    if fields:
        resident.version += 1
        resident.save(update_fields=[*fields, "version"])
    if phone:
        _add_phone(resident, phone)


def _set_identity(resident: Resident, number: ResidentId) -> None:
    resident.identity_sealed = encrypt(number.number)
    resident.identity_hash = blind_index(number.number, "identity")
    resident.birth_date = resident.birth_date or number.birth_date
    resident.sex = resident.sex or str(number.sex)


def _add_phone(resident: Resident, phone: str) -> None:
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                resident=resident, kind=ContactKind.PHONE, value_sealed=encrypt(phone),
                value_hash=blind_index(phone, "phone"),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _checked_needs(needs: Sequence[str]) -> list[str]:
    if not set(needs) <= set(Need.values):
        raise Invalid(_("Choose the special needs from the list."), field="needs")
    return sorted(set(needs))


@transaction.atomic
def update_resident(
    *, actor: Actor, resident_id: int, name: str, address: str, needs: Sequence[str], phone: str = "",
    identity: str = "", at: datetime, seen: int | None = None,
) -> Resident:  # fmt: skip
    """Correct what is known of a resident. Empty ``phone`` and ``identity`` leave what is stored.

    ``seen`` is the version that the form showed. Raises NotFound, NotAllowed, Invalid, Stale.
    """
    resident = (
        Resident.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(policy.visible_to(actor), pk=resident_id)
        .first()
    )
    if resident is None:
        raise NotFound(_("There is no such resident, or he is not in your units."))
    policy.require_serving(actor, path=resident.unit.path)
    if seen is not None and seen != resident.version:
        raise Stale(_("A colleague changed this resident meanwhile. Compare, then save again."))
    name = " ".join(clean(name).split())
    if not name or len(name) > 100:
        raise Invalid(_("A name has between 1 and 100 characters."), field="name")
    number, phone = read_identity(identity, today=business_date(at)), read_phone(phone)
    if number is not None:
        other = Resident.objects.filter(identity_hash=blind_index(number.number, "identity"))
        if other.exclude(pk=resident.pk).exists():
            raise Invalid(_("Another resident already has this identity number."), field="identity")
        _set_identity(resident, number)
    resident.name, resident.address, resident.needs = name, clean(address)[:200], _checked_needs(needs)
    resident.version += 1
    resident.save()
    if phone:
        resident.contacts.filter(kind=ContactKind.PHONE).update(preferred=False)
        _add_phone(resident, phone)
    audit_log.record(actor, "resident_changed", "people.resident", resident.pk, at=at)
    return resident


@transaction.atomic
def reveal(*, actor: Actor, resident_id: int, field: str, reason: str, at: datetime) -> str:
    """The hidden ``field`` ("phone" or "identity") in clear; who looked, when and why is logged first.

    Raises NotFound, and Invalid without a reason.
    """
    resident = Resident.objects.filter(policy.visible_to(actor), pk=resident_id).first()
    if resident is None:
        raise NotFound(_("There is no such resident, or he is not in your units."))
    if not clean(reason):
        raise Invalid(_("Write why you need it; the resident can read that later."), field="reason")
    if field == "identity":
        sealed = resident.identity_sealed
    elif field == "phone":
        point = resident.contacts.filter(kind=ContactKind.PHONE).order_by("-preferred", "-pk").first()
        sealed = point.value_sealed if point else ""
    else:
        raise Invalid(_("Only the phone and the identity number are hidden."), field="field")
    audit_log.record(actor, f"{field}_revealed", "people.resident", resident.pk, reason, at)
    return decrypt(sealed) if sealed else ""
