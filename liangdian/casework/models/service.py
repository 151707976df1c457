"""How a matter is served: the four promises given for it, and its place in the green channel."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case
from liangdian.casework.states import GreenReason, PledgeKind


class Pledge(models.Model):
    """One of the four promises of how a matter is handled. Never taken back; only the helper changes.

    ``why`` is a code of ``pledges.WHY``; ``due_at`` is empty where the answer is the end.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pledges")
    kind = models.CharField(max_length=16, choices=PledgeKind.choices)
    why = models.CharField(max_length=24)
    given_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    helper = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="pledge_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=PledgeKind.values), name="pledge_kind_known"),
            models.CheckConstraint(condition=~Q(why=""), name="pledge_says_why"),
            models.CheckConstraint(
                condition=Q(kind__in=[PledgeKind.AT_ONCE, PledgeKind.OUT_OF_HOURS], due_at__isnull=False)
                | Q(kind__in=[PledgeKind.AT_HOME, PledgeKind.HELPED], due_at__isnull=True),
                name="pledge_end_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=PledgeKind.HELPED, helper__isnull=False)
                | (~Q(kind=PledgeKind.HELPED) & Q(helper__isnull=True)),
                name="pledge_helped_by_name",
            ),
        ]
        indexes = [models.Index("given_at", name="pledge_when")]


class GreenChannel(models.Model):
    """That a matter goes before the others, why, and by whom it was decided; at most one open a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="green_channels")
    reason = models.CharField(max_length=16, choices=GreenReason.choices)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="green_channel_one_open"
            ),
            models.CheckConstraint(condition=Q(reason__in=GreenReason.values), name="green_channel_reason"),
            models.CheckConstraint(
                condition=~Q(reason=GreenReason.OTHER) | ~Q(text=""), name="green_channel_other_says_what"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__gte=F("at"), ended_by__isnull=False) & ~Q(end_reason="")),
                name="green_channel_ended_with_a_reason",
            ),
        ]
