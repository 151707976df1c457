"""The register of places: work from employers, trade places from markets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.desks.assistance.states import OfferKind, OfferState


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> OfferQuerySet:
        """Those with a free place that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True, taken__lt=F("places"))


class Offer(models.Model):
    """``places`` of one kind at one giver. ``pay``: yuan a month (of a trade place: what it usually brings).

    ``taken`` counts the placements that run; the database counts it (migration 0002), and no more than
    ``places`` are taken, whoever asks.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=OfferKind.choices)
    title = models.CharField(max_length=120)
    giver = models.CharField(max_length=120)
    contact = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=200)
    pay = models.PositiveIntegerField()
    hours = models.PositiveSmallIntegerField()
    requirements = models.CharField(max_length=300, blank=True)
    places = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OfferKind.values), name="assistance_offer_known"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(giver="") & ~Q(place=""), name="assistance_offer_whole"
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=84, places__gte=1), name="assistance_offer_numbers"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="assistance_no_more_than_places"
            ),
        ]

    @property
    def state(self) -> OfferState:
        if self.withdrawn_at is not None:
            return OfferState.WITHDRAWN
        return OfferState.FILLED if self.taken >= self.places else OfferState.OPEN

    def __str__(self) -> str:
        return f"{self.title} · {self.giver}"
