"""The register of places that employers and markets offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.assistance import policy
from liangdian.desks.assistance.models import Offer
from liangdian.desks.assistance.rules import MOST_INCOME
from liangdian.desks.assistance.services.record import words_of
from liangdian.desks.assistance.states import OfferKind
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.registers.organisation import selectors as organisation

SUBJECT = "assistance.offer"
MOST_HOURS, MOST_PLACES = 84, 500


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A place as it is offered; ``pay`` in yuan a month, ``hours`` a week."""

    unit_id: int
    kind: str
    title: str
    giver: str
    place: str
    pay: int
    hours: int
    places: int = 1
    contact: str = ""
    requirements: str = ""


@transaction.atomic
def add_offer(*, actor: Actor, offer: NewOffer, at: datetime) -> Offer:
    """Write a place into the register. Raises NotAllowed, Invalid, NotFound."""
    unit = organisation.unit_by_id(offer.unit_id)
    policy.require_keep_register(actor, path=unit.path)
    _check_numbers(offer)
    row = Offer.objects.create(
        unit=unit, kind=offer.kind, pay=offer.pay, hours=offer.hours, places=offer.places, made_at=at,
        title=words_of(offer.title, field="title", message=_("Write what is offered."), limit=120),
        giver=words_of(offer.giver, field="giver", message=_("Write who offers it."), limit=120),
        place=words_of(offer.place, field="place", message=_("Write where it is."), limit=200),
        contact=clean(offer.contact)[:60], requirements=clean(offer.requirements)[:300],
    )  # fmt: skip
    audit.record(actor, "offer_added", SUBJECT, row.pk, row.title, at)
    return row


def _check_numbers(offer: NewOffer) -> None:
    if offer.kind not in OfferKind.values:
        raise Invalid(_("Choose work or a trade place."), field="kind")
    if not 0 <= offer.pay <= MOST_INCOME:
        raise Invalid(_("Please type the pay of a month in whole yuan."), field="pay")
    if not 1 <= offer.hours <= MOST_HOURS:
        raise Invalid(_("Please type between 1 and 84 hours a week."), field="hours")
    if not 1 <= offer.places <= MOST_PLACES:
        raise Invalid(_("Please type how many places there are."), field="places")


@transaction.atomic
def withdraw_offer(*, actor: Actor, offer_id: int, at: datetime) -> Offer:
    """The places that are still free are no longer offered; who began there stays. Raises NotFound."""
    row = Offer.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=offer_id).first()
    if row is None:
        raise NotFound(_("There is no such place in the register. Open the list again."))
    policy.require_keep_register(actor, path=row.unit.path)
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        audit.record(actor, "offer_withdrawn", SUBJECT, row.pk, row.title, at)
    return row
