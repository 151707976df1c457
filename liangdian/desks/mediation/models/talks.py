"""Sessions with attendance, offers, and the separate talks that the other side never sees."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liangdian.desks.mediation.models.dispute import Assignment, Dispute, Party, Representative
from liangdian.desks.mediation.rules import yuan
from liangdian.desks.mediation.states import Openness
from liangdian.platform.crypto.fields import EncryptedTextField

STAFF = settings.AUTH_USER_MODEL


class Session(models.Model):
    """One talk with the parties together. ``record`` is what was said; all parties may read it."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    booking = models.ForeignKey("bookings.Booking", models.PROTECT, null=True, related_name="+")
    openness = models.CharField(max_length=8, choices=Openness.choices)
    record = EncryptedTextField(blank=True)
    recorded_at = models.DateTimeField(null=True)
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="mediation_session_number"),
            models.CheckConstraint(
                condition=Q(openness__in=Openness.values), name="mediation_session_openness"
            ),
        ]


class Attendance(models.Model):
    """Who came to a session: a party, its representative, or a mediator; exactly one of the three."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendance")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    representative = models.ForeignKey(Representative, models.PROTECT, null=True, related_name="+")
    mediator = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False, representative__isnull=True, mediator__isnull=True)
                | Q(party__isnull=True, representative__isnull=False, mediator__isnull=True)
                | Q(party__isnull=True, representative__isnull=True, mediator__isnull=False),
                name="mediation_attendance_one",
            ),
            models.UniqueConstraint(fields=["session", "party"], name="mediation_attendance_party"),
            models.UniqueConstraint(
                fields=["session", "representative"], name="mediation_attendance_representative"
            ),
            models.UniqueConstraint(fields=["session", "mediator"], name="mediation_attendance_mediator"),
        ]


class Caucus(models.Model):
    """A separate talk with one party. Its note is for the mediators of the dispute alone: no event holds it,
    no index, no export, no interface, and nobody else's page, whatever his role."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="caucuses")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    note = EncryptedTextField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_at", "id"]


class Offer(models.Model):
    """What a party offered. ``amount_fen``: an amount of money in fen, if it is about money."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="offers")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    words = EncryptedTextField()
    amount_fen = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gt=0), name="mediation_offer_amount"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, answered_at__isnull=True)
                | Q(accepted__isnull=False, answered_at__isnull=False),
                name="mediation_offer_answered",
            ),
        ]

    @property
    def amount_words(self) -> str:
        """The amount in yuan; empty when it is not about money."""
        return yuan(self.amount_fen) if self.amount_fen is not None else ""
