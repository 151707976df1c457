"""Reading residents. Numbers are found only whole and only by their keyed hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import selectors as audit
from liangdian.platform.audit.selectors import Line
from liangdian.platform.crypto import Unreadable, blind_index, decrypt, mask_phone
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people import numbers, policy
from liangdian.registers.people.models import ContactKind, ContactPoint, Resident
from liangdian.registers.people.needs import Need
from liangdian.registers.people.numbers import whole_identity, whole_phone
from liangdian.registers.people.reach import Reach, TellBy, ordered
from liangdian.registers.people.wording import NO_SUCH_RESIDENT, SUBJECT

NEED_CHOICES = Need.choices


def resident_for(*, actor: Actor, resident_id: int) -> Resident:
    """The resident, if he exists for this actor. Raises NotFound."""
    rows = Resident.objects.select_related("unit", "household").prefetch_related("contacts")
    found = rows.filter(policy.visible_to(actor), pk=resident_id).first()
    if found is None:
        raise NotFound(NO_SUCH_RESIDENT)
    return found


def may_see(*, actor: Actor, resident_id: int) -> bool:
    """True when the resident exists for this actor."""
    return Resident.objects.filter(policy.visible_to(actor), pk=resident_id).exists()


def search_residents(*, actor: Actor, text: str, limit: int = 25, after: int = 0) -> list[Resident]:
    """Residents by beginning of the name, or by a whole phone or identity number; the oldest entry first.

    All that the actor may see when ``text`` is empty. ``after``: the last id of the page before.
    """
    rows = Resident.objects.select_related("unit").prefetch_related("contacts")
    rows = rows.filter(policy.visible_to(actor), pk__gt=after)
    if text := " ".join(clean(text).split()):
        rows = rows.filter(_matches(text))
    return list(rows.order_by("pk")[:limit])


def known_residents(
    *, actor: Actor, name: str = "", phone: str = "", identity: str = "", limit: int = 8
) -> list[Resident]:
    """Residents of the actor's units who may be the one at the window, for choosing.

    A whole identity number decides, else a whole phone, else the beginning of the name; nobody when
    nothing of that is there.
    """
    name = " ".join(clean(name).split())
    if number := whole_identity(clean(identity)):
        wanted = Q(identity_hash=blind_index(number, "identity"))
    elif number := whole_phone(clean(phone)):
        wanted = Q(pk__in=_owners_of_phone(number))
    elif name:
        wanted = Q(name__startswith=name)
    else:
        return []
    rows = Resident.objects.filter(policy.visible_to(actor), wanted).select_related("unit")
    return list(rows.prefetch_related("contacts").order_by("name", "pk")[:limit])


def sealed_phone(resident: str) -> Subquery:
    """The sealed preferred phone of the resident in the column ``resident``, as a part of another room's
    query whose policy decided that the reader sees the row; ``masked`` makes it readable."""
    phones = ContactPoint.objects.filter(resident=OuterRef(resident), kind=ContactKind.PHONE)
    return Subquery(phones.order_by("-preferred", "-pk").values("value_sealed")[:1])


@dataclass(frozen=True, slots=True)
class Named:
    """A resident in clear: name, address, preferred phone (empty when none is known)."""

    name: str
    address: str
    phone: str


def named(*, resident_id: int) -> Named:
    """The resident in clear for a room that decided so and logged it before. Raises NotFound."""
    row = Resident.objects.filter(pk=resident_id).annotate(sealed=sealed_phone("pk")).first()
    if row is None:
        raise NotFound(NO_SUCH_RESIDENT)
    return Named(row.name, row.address, decrypt(row.sealed) if row.sealed else "")


def masked(sealed: str | None) -> str:
    """A sealed phone with its middle hidden, empty when there is none."""
    return mask_phone(decrypt(sealed)) if sealed else ""


def _owners_of_phone(number: str) -> QuerySet[ContactPoint, int]:
    known = ContactPoint.objects.filter(kind=ContactKind.PHONE, value_hash=blind_index(number, "phone"))
    return known.values_list("resident", flat=True)


def _matches(text: str) -> Q:
    wanted = Q(name__startswith=text)
    if identity := whole_identity(text):
        wanted |= Q(identity_hash=blind_index(identity, "identity"))
    if phone := whole_phone(text):
        wanted |= Q(pk__in=_owners_of_phone(phone))
    return wanted


def is_whole_number(text: str) -> bool:
    """True when ``text`` is a whole phone or identity number and nothing else, however it was typed."""
    return holds_a_number(text) and bool(whole_identity(clean(text)) or whole_phone(clean(text)))


def owners_of_number(text: str) -> QuerySet[Resident, int]:
    """Ids of the residents to whom a whole number belongs, for a query that has its own permission."""
    number = clean(text)
    wanted = Q(pk__in=[])
    if identity := whole_identity(number):
        wanted |= Q(identity_hash=blind_index(identity, "identity"))
    if phone := whole_phone(number):
        wanted |= Q(pk__in=_owners_of_phone(phone))
    return Resident.objects.filter(wanted).values_list("pk", flat=True)


def holds_a_number(text: str) -> bool:
    """True when ``text`` is meant as a phone or identity number: it must not stand in an address."""
    return numbers.holds_a_number(text)


def housemates(*, actor: Actor, resident: Resident) -> list[Resident]:
    """The other members of the resident's household, as far as the actor may see them."""
    if resident.household_id is None:
        return []
    rows = Resident.objects.filter(policy.visible_to(actor), household=resident.household_id)
    return list(rows.exclude(pk=resident.pk).order_by("pk"))


def units_served_by(actor: Actor) -> list[tuple[int, str]]:
    """Units whose residents the actor may write down, for choosing."""
    units = organisation.units_visible_to(actor)
    return [(unit.pk, unit.label) for unit in units if policy.may_change(actor, path=unit.path)]


def looks_at(*, resident_id: int, before: int | None = None, limit: int = 30) -> list[Line]:
    """Who saw hidden numbers of this resident, newest first. For the resident himself: he may know it all
    (personal information protection law, Art. 44 and 45). The caller makes sure that it is he.
    """
    return audit.looks_at(SUBJECT, resident_id, before=before, limit=limit)


def looks_for(
    *, actor: Actor, resident: Resident, before: int | None = None, limit: int = 30
) -> list[Line] | None:
    """The same for those who oversee the resident's unit; None for everybody else."""
    if not policy.may_see_looks(actor, path=resident.unit.path):
        return None
    return looks_at(resident_id=resident.pk, before=before, limit=limit)


def reach_of(resident_ids: Iterable[int]) -> dict[int, Reach]:
    """How these residents are told of their matters, by id, for sending only. One query."""
    rows = Resident.objects.filter(pk__in=list(resident_ids)).order_by(
        "pk", F("contacts__preferred").desc(nulls_last=True), "-contacts__pk"
    )
    wishes: dict[int, tuple[str, str]] = {}
    points: dict[int, list[tuple[str, str]]] = {}
    for pk, language, tell_by, kind, sealed in rows.values_list(
        "pk", "language", "tell_by", "contacts__kind", "contacts__value_sealed"
    ):
        wishes[pk] = (language, tell_by)
        known = points.setdefault(pk, [])
        if kind and tell_by != TellBy.NOTHING:
            known.append((kind, decrypt(sealed)))
    return {
        pk: Reach(language, tell_by == TellBy.NOTHING, ordered(tell_by, points[pk]))
        for pk, (language, tell_by) in wishes.items()
    }


def reach_by_phone(resident: Resident, phone: str) -> Reach | None:
    """The same without a query, when the phone just given is how he wishes to be told; else None."""
    if resident.tell_by in {TellBy.EMAIL, TellBy.NOTHING}:
        return None
    ways = ordered(resident.tell_by, [(ContactKind.PHONE, whole_phone(clean(phone)))])
    return Reach(resident.language, False, ways) if ways else None


def has_phone(*, resident_id: int, phone: str) -> bool:
    """True when this is one of the resident's phones, however it was typed."""
    number = whole_phone(clean(phone))
    if not number:
        return False
    return ContactPoint.objects.filter(
        resident=resident_id, kind=ContactKind.PHONE, value_hash=blind_index(number, "phone")
    ).exists()


def ids_by_phone(phone: str) -> list[int]:
    """The residents who gave this phone, however it is typed; a household may share one."""
    number = whole_phone(clean(phone))
    return sorted(set(_owners_of_phone(number))) if number else []


def sealed_numbers_open() -> bool:
    """True when the oldest and the newest sealed number can be opened with the keys that are configured."""
    phones = ContactPoint.objects.values_list("value_sealed", flat=True)
    cards = Resident.objects.exclude(identity_sealed="").values_list("identity_sealed", flat=True)
    try:
        for rows in (phones, cards):
            for sealed in (*rows.order_by("pk")[:1], *rows.order_by("-pk")[:1]):
                decrypt(sealed)
    except Unreadable:
        return False
    return True
