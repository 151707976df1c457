"""Finding or making a resident, changing what is known, and revealing what is hidden (logged)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.identifiers import OLDEST, ResidentId
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.crypto import blind_index, decrypt, encrypt
from liangdian.platform.database.inserting import insert_together
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit
from liangdian.registers.people import policy
from liangdian.registers.people.models import ContactKind, ContactPoint, Household, Resident, Sex
from liangdian.registers.people.needs import Need
from liangdian.registers.people.numbers import read_email, read_identity, read_phone
from liangdian.registers.people.reach import TellBy
from liangdian.registers.people.wording import NO_SUCH_RESIDENT, SUBJECT

LONGEST_NAME = 100
LONGEST_ADDRESS = 200

# Who is known by this phone and name; a fresh key only when nobody is.
_KNOWN_OR_KEY = """
WITH known AS (
    SELECT r.id FROM people_contactpoint p JOIN people_resident r ON r.id = p.resident_id
    WHERE p.value_hash = %(seal)s AND p.kind = %(kind)s AND r.name = %(name)s ORDER BY r.id LIMIT 1
)
SELECT (SELECT id FROM known),
    CASE WHEN NOT EXISTS (SELECT FROM known) THEN nextval(pg_get_serial_sequence('people_resident', 'id')) END
"""


def find_or_create(
    *, actor: Actor, name: str, phone: str = "", identity: str = "", address: str = "", unit_id: int,
    needs: Sequence[str] = (), at: datetime, unit: Unit | None = None,
    later: list[Sequence[Model]] | None = None,
) -> tuple[Resident, bool]:  # fmt: skip
    """The resident with this identity number, or with this phone and name; made when there is none.

    What is newly known is added to the one found; what was known is not overwritten. ``unit`` saves
    reading it again. Given ``later``, rows of a new resident with a phone and no identity number are put
    there for the caller to write in the same transaction (``insert_together``). Returns (resident, created).
    Raises Invalid (with the field) and NotAllowed.
    """
    name = _checked_name(name, field="resident_name")
    unit = unit or organisation.unit_by_id(unit_id)
    policy.require_serving(actor, path=unit.path)
    number, phone = read_identity(identity, today=business_date(at)), read_phone(phone)
    wanted, address = _checked_needs(needs), _checked_address(address)
    # Inside the transaction of an intake this is a part of it, without a savepoint of its own.
    with transaction.atomic(savepoint=False):
        made = Resident(name=name, unit=unit, address=address, needs=wanted, created_at=at)
        if number is None:
            return _by_phone(made, phone, later)
        resident, by_phone = _find(name=name, number=number, phone=phone)
        created = resident is None
        if resident is None:
            resident, created = _insert_once(made, number)
        if not created:
            _add_what_is_new(resident, number=number, address=address, needs=wanted)
        if phone and not by_phone:
            _add_contact(resident, ContactKind.PHONE, phone)
    return resident, created


@transaction.atomic(savepoint=False)
def use_known(
    *, actor: Actor, resident_id: int, phone: str = "", identity: str = "", address: str = "",
    needs: Sequence[str] = (), at: datetime,
) -> Resident:  # fmt: skip
    """The resident whom the actor chose from the register; what is newly known is added.

    Raises NotFound when he does not exist for this actor, and Invalid when the identity number typed is
    another one than his.
    """
    resident = Resident.objects.filter(policy.visible_to(actor), pk=resident_id).first()
    if resident is None:
        raise NotFound(NO_SUCH_RESIDENT)
    number, phone = read_identity(identity, today=business_date(at)), read_phone(phone)
    wanted, address = _checked_needs(needs), _checked_address(address)
    if number is not None:
        _check_same_person(resident, number)
    _add_what_is_new(resident, number=number, address=address, needs=wanted)
    if phone:
        _add_contact(resident, ContactKind.PHONE, phone)
    return resident


def _check_same_person(resident: Resident, number: ResidentId) -> None:
    seal = blind_index(number.number, "identity")
    taken = Resident.objects.filter(identity_hash=seal).exclude(pk=resident.pk).exists()
    if taken or (resident.identity_hash and resident.identity_hash != seal):
        raise Invalid(
            _("This identity number is not the one of the resident you chose. Check both, then send again."),
            field="identity",
        )


def _by_phone(made: Resident, phone: str, later: list[Sequence[Model]] | None) -> tuple[Resident, bool]:
    """The resident known by this phone and name, else ``made`` with the phone."""
    with connection.cursor() as cursor:
        seal = blind_index(phone, "phone") if phone else ""
        cursor.execute(_KNOWN_OR_KEY, {"seal": seal, "kind": ContactKind.PHONE.value, "name": made.name})
        known, key = cursor.fetchone()
    if known is not None:
        resident = Resident.objects.get(pk=known)
        _add_what_is_new(resident, number=None, address=made.address, needs=made.needs)
        return resident, False
    made.pk = key
    rows = ([made], [_contact_point(made, ContactKind.PHONE, phone)] if phone else [])
    # Without a phone it is asked of the register how he can be told, so he has to stand in it.
    if later is None or not phone:
        insert_together(*rows)
    else:
        later += rows
    made._state.adding = False
    return made, True


def _insert_once(made: Resident, number: ResidentId) -> tuple[Resident, bool]:
    """The row as made; or the one that a colleague made a moment ago under the same identity number."""
    _set_identity(made, number)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        known = Resident.objects.filter(identity_hash=made.identity_hash).first()
        if known is None:
            raise
        return known, False
    return made, True


def _find(*, name: str, number: ResidentId, phone: str) -> tuple[Resident | None, bool]:
    """The resident that is known already, and whether he was found by this phone."""
    known = Resident.objects.filter(identity_hash=blind_index(number.number, "identity")).first()
    if known is not None:
        return known, False
    if not phone:
        return None, False
    same = Resident.objects.filter(
        contacts__value_hash=blind_index(phone, "phone"), contacts__kind=ContactKind.PHONE, name=name,
        identity_hash__isnull=True,
    )  # fmt: skip
    found = same.order_by("pk").first()
    return found, found is not None


def _add_what_is_new(
    resident: Resident, *, number: ResidentId | None, address: str, needs: list[str]
) -> None:
    fields: list[str] = []
    if number is not None and resident.identity_hash is None:
        _set_identity(resident, number)
        fields += ["identity_sealed", "identity_hash", "birth_date", "sex"]
    if address and not resident.address:
        resident.address = address
        fields.append("address")
    if set(needs) - set(resident.needs):
        resident.needs = sorted({*resident.needs, *needs})
        fields.append("needs")
    if fields:
        resident.version += 1
        resident.save(update_fields=[*fields, "version"])


def _set_identity(resident: Resident, number: ResidentId) -> None:
    """Seal the number; birth date and sex follow from it."""
    resident.identity_sealed = encrypt(number.number)
    resident.identity_hash = blind_index(number.number, "identity")
    resident.birth_date, resident.sex = number.birth_date, number.sex


def _add_contact(resident: Resident, kind: ContactKind, value: str) -> None:
    ContactPoint.objects.bulk_create([_contact_point(resident, kind, value)], ignore_conflicts=True)


def _contact_point(resident: Resident, kind: ContactKind, value: str) -> ContactPoint:
    return ContactPoint(
        resident=resident, kind=kind, value_sealed=encrypt(value), value_hash=blind_index(value, kind)
    )


def _checked_name(text: str, *, field: str = "name") -> str:
    name = " ".join(clean(text).split())
    if not name:
        raise Invalid(_("Write the resident's name."), field=field)
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A name has at most 100 characters. Is something else in this field?"), field=field)
    return name


def _checked_address(text: str) -> str:
    address = clean(text)
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(_("An address has at most 200 characters. Please shorten it."), field="address")
    return address


def _checked_needs(needs: Sequence[str]) -> list[str]:
    if not set(needs) <= set(Need.values):
        raise Invalid(_("Choose the special needs from the list."), field="needs")
    return sorted(set(needs))


def _locked(actor: Actor, resident_id: int) -> Resident:
    """The row, locked, if he exists for this actor and the actor serves him."""
    rows = Resident.objects.select_for_update(of=("self",)).select_related("unit")
    resident = rows.filter(policy.visible_to(actor), pk=resident_id).first()
    if resident is None:
        raise NotFound(NO_SUCH_RESIDENT)
    policy.require_serving(actor, path=resident.unit.path)
    return resident


@transaction.atomic
def update_resident(
    *, actor: Actor, resident_id: int, name: str, address: str, needs: Sequence[str], phone: str = "",
    identity: str = "", unit_id: int | None = None, language: str = "", sex: str = "",
    birth_date: date | None = None, email: str = "", tell_by: str | None = None, at: datetime,
    seen: int | None = None,
) -> Resident:  # fmt: skip
    """Correct what is known of a resident. What is empty besides address and needs leaves what is stored.

    A new phone or e-mail becomes the preferred one; the old one is kept. ``seen`` is the version that the
    form showed. Birth date and sex follow the identity number where there is one.
    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    resident = _locked(actor, resident_id)
    if seen is not None and seen != resident.version:
        raise Stale(_("A colleague changed this resident meanwhile. Compare, then save again."))
    number, phone = read_identity(identity, today=business_date(at)), read_phone(phone)
    email = read_email(email)
    resident.name = _checked_name(name)
    resident.address, resident.needs = _checked_address(address), _checked_needs(needs)
    resident.language = language or resident.language
    resident.tell_by = _checked_wish(resident.tell_by if tell_by is None else tell_by)
    _move(resident, unit_id, actor=actor)
    if number is not None:
        _set_identity(resident, number)
    elif resident.identity_hash is None:
        _set_age_and_sex(resident, sex=sex, birth_date=birth_date, today=business_date(at))
    resident.version += 1
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:
        if number is None:
            raise
        raise Invalid(_("Another resident already has this identity number."), field="identity") from error
    if phone:
        _prefer(resident, ContactKind.PHONE, phone)
    if email:
        _prefer(resident, ContactKind.EMAIL, email)
    audit_log.record(actor, "resident_changed", SUBJECT, resident.pk, at=at)
    return resident


def _move(resident: Resident, unit_id: int | None, *, actor: Actor) -> None:
    """Into another unit that the actor serves as well; the household stays where it is."""
    if unit_id is None or unit_id == resident.unit_id:
        return
    unit = organisation.unit_by_id(unit_id)
    policy.require_serving(actor, path=unit.path)
    resident.unit, resident.household = unit, None


def _set_age_and_sex(resident: Resident, *, sex: str, birth_date: date | None, today: date) -> None:
    if birth_date is not None and (birth_date > today or today.year - birth_date.year > OLDEST):
        raise Invalid(_("This date of birth is impossible."), field="birth_date")
    if sex and sex not in Sex.values:
        raise Invalid(_("Choose the sex from the list."), field="sex")
    resident.sex, resident.birth_date = sex or resident.sex, birth_date or resident.birth_date


def _prefer(resident: Resident, kind: ContactKind, value: str) -> None:
    points = resident.contacts.filter(kind=kind)
    points.update(preferred=False)
    _add_contact(resident, kind, value)
    points.filter(value_hash=blind_index(value, kind)).update(preferred=True)


def _checked_wish(tell_by: str) -> str:
    if tell_by not in TellBy.values:
        raise Invalid(_("Choose from the list how the resident wants to be told."), field="tell_by")
    return tell_by


@transaction.atomic
def join_household(*, actor: Actor, resident_id: int, at: datetime) -> Household:
    """Put the resident into the household of his address, made when there is none.

    Raises NotFound, NotAllowed, and Invalid when no address is known.
    """
    resident = _locked(actor, resident_id)
    if not resident.address:
        raise Invalid(_("Write down the address first: a household lives at one."), field="address")
    household, _made = Household.objects.get_or_create(unit=resident.unit, address=resident.address)
    _set_household(resident, household, act="household_joined", actor=actor, at=at)
    return household


@transaction.atomic
def leave_household(*, actor: Actor, resident_id: int, at: datetime) -> None:
    """Take the resident out of his household, if he is in one. Raises NotFound and NotAllowed."""
    resident = _locked(actor, resident_id)
    _set_household(resident, None, act="household_left", actor=actor, at=at)


def _set_household(
    resident: Resident, household: Household | None, *, act: str, actor: Actor, at: datetime
) -> None:
    if resident.household == household:
        return
    resident.household = household
    resident.version += 1
    resident.save(update_fields=["household", "version"])
    audit_log.record(actor, act, SUBJECT, resident.pk, at=at)


@transaction.atomic
def reveal(*, actor: Actor, resident_id: int, field: str, reason: str, at: datetime) -> str:
    """The hidden ``field`` ("phone" or "identity") in clear; who looked, when and why is logged first.

    Empty when there is no such number (personal information protection law, Art. 51: permissions).
    Raises NotFound, and Invalid without a reason.
    """
    resident = Resident.objects.filter(policy.visible_to(actor), pk=resident_id).first()
    if resident is None:
        raise NotFound(NO_SUCH_RESIDENT)
    return _reveal(resident, field=field, reason=reason, reason_shown=reason, actor=actor, at=at)


@transaction.atomic
def reveal_for_matter(*, actor: Actor, resident_id: int, matter: str, reason: str, at: datetime) -> str:
    """The phone in clear for whoever works on the resident's ``matter`` (its number, logged with the reason).

    The room of the matter has decided that the actor works on it: handlers of other units need the
    phone of a resident whose record is not theirs to open. Raises NotFound, and Invalid without a reason.
    """
    resident = Resident.objects.filter(pk=resident_id).first()
    if resident is None:
        raise NotFound(NO_SUCH_RESIDENT)
    return _reveal(
        resident, field="phone", reason=reason, reason_shown=f"{matter}: {clean(reason)}", actor=actor, at=at
    )


def _reveal(
    resident: Resident, *, field: str, reason: str, reason_shown: str, actor: Actor, at: datetime
) -> str:
    if not clean(reason):
        raise Invalid(_("Write why you need it; the reason is logged."), field="reason")
    if field == "identity":
        sealed = resident.identity_sealed
    elif field == "phone":
        point = resident.contacts.filter(kind=ContactKind.PHONE).order_by("-preferred", "-pk").first()
        sealed = point.value_sealed if point else ""
    else:
        raise Invalid(_("Only the phone and the identity number are hidden."), field="field")
    audit_log.record(actor, f"{field}_revealed", SUBJECT, resident.pk, reason_shown, at)
    return decrypt(sealed) if sealed else ""
