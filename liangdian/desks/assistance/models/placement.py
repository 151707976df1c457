"""Somebody of the household begins in a place, and is asked after 1, 3, 6 and 12 months."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.assistance.models.help import Help
from liangdian.desks.assistance.models.offer import Offer
from liangdian.desks.assistance.states import MONTHS
from liangdian.platform.crypto.fields import EncryptedTextField

STAFF = settings.AUTH_USER_MODEL


class Placement(models.Model):
    """``pay``: yuan a month as agreed. ``ended_on``: the first day on which he is no longer there."""

    help = models.ForeignKey(Help, models.PROTECT, related_name="placements")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="placements")
    starts = models.DateField()
    pay = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    why_ended = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["help"], condition=Q(ended_on__isnull=True), name="assistance_one_place_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, why_ended="")
                | (Q(ended_on__gte=F("starts")) & ~Q(why_ended="")),
                name="assistance_placement_ended_why",
            ),
        ]


class CheckUp(models.Model):
    """One of the four times at which it is asked: still there? income of the household (sealed)?"""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="check_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    told_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    still = models.BooleanField(null=True)
    income = EncryptedTextField(blank=True)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["months"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "months"], name="assistance_check_up_once"),
            models.CheckConstraint(condition=Q(months__in=MONTHS), name="assistance_check_up_months"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, still__isnull=True, by__isnull=True)
                | Q(done_at__isnull=False, still__isnull=False, by__isnull=False),
                name="assistance_check_up_whole",
            ),
        ]
        indexes = [
            models.Index(
                "due_on", name="assistance_check_up_due",
                condition=Q(done_at__isnull=True, told_at__isnull=True),
            )
        ]  # fmt: skip
