"""What a bad rating sets going: the call-back, the way to put it right, the result told, the appeal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case
from liangdian.casework.models.record import Rating
from liangdian.casework.states import CALLS_IN_VAIN, AppealGround, RepairEnd, RepairWay


class Repair(models.Model):
    """The repair of one bad rating, from the rating to the result told (rules §4).

    ``rated`` is whose work was rated; ``named`` says that there is somebody to call. Every column is written
    once; ``due_at`` is the limit at the beginning, ``until`` the day on the ledger.
    """

    AT_WORK: ClassVar[Q] = Q(ended_at__isnull=True) | Q(appeal__isnull=False, appeal__decided_at__isnull=True)

    case = models.ForeignKey(Case, models.PROTECT, related_name="repairs")
    rating = models.OneToOneField(Rating, models.PROTECT, related_name="repair")
    rated = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    named = models.BooleanField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    missed = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=16, choices=RepairWay.choices, blank=True)
    way_text = models.TextField(blank=True)
    way_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=RepairEnd.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="repair_one_open"
            ),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True, called_by__isnull=True)
                | Q(called_at__isnull=False, called_by__isnull=False),
                name="repair_called_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(called_by__isnull=True) | Q(rated__isnull=True) | ~Q(called_by=F("rated")),
                name="repair_called_by_another",
            ),
            models.CheckConstraint(
                condition=Q(way="", way_text="", way_by__isnull=True, until__isnull=True)
                | Q(way__in=RepairWay.values, way_by__isnull=False) & ~Q(way_text=""),
                name="repair_way_whole",
            ),
            models.CheckConstraint(
                condition=Q(way=RepairWay.LEDGER, until__isnull=False)
                | (~Q(way=RepairWay.LEDGER) & Q(until__isnull=True)),
                name="repair_ledger_has_a_day",
            ),
            # First the resident is heard, then the way is chosen.
            models.CheckConstraint(
                condition=Q(way="") | Q(named=False) | Q(called_at__isnull=False)
                | Q(missed__gte=CALLS_IN_VAIN),
                name="repair_heard_first",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=[RepairEnd.EXCLUDED, RepairEnd.WITHDRAWN])
                | Q(ended_at__isnull=False, end=RepairEnd.TOLD) & ~Q(way=""),
                name="repair_ended_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index("rated", name="repair_of_rated"),
            models.Index("opened_at", name="repair_when"),
        ]

    @property
    def heard(self) -> bool:
        """True when the resident was spoken with, or cannot be."""
        return not self.named or self.called_at is not None or self.missed >= CALLS_IN_VAIN


class RatingAppeal(models.Model):
    """The rated colleague's appeal against a mistaken or malicious rating, decided by a second person.

    An excluded rating stays where it is; it only leaves the figures.
    """

    repair = models.OneToOneField(Repair, models.PROTECT, related_name="appeal")
    ground = models.CharField(max_length=16, choices=AppealGround.choices)
    reason = models.TextField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    excluded = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=AppealGround.values) & ~Q(reason=""), name="appeal_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(excluded__isnull=True, decided_by__isnull=True, decided_at__isnull=True, words="")
                | Q(excluded__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(words=""),
                name="appeal_decided_whole",
            ),
        ]
