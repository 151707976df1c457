"""Everything of one colleague in another one's hands: for good when he leaves, or until a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case


class HandOver(models.Model):
    """One act by which ``from_user``'s open matters went to ``to_user``; ``until`` empty: for good.

    It is given back after the day ``until``, or earlier by hand. Never deleted.
    """

    from_user = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    to_user = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    reason = models.TextField()
    until = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="hand_over_to_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="hand_over_says_why"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(until__isnull=False, ended_at__gte=F("at")),
                name="hand_over_ends_for_a_time",
            ),
        ]
        indexes = [
            models.Index(
                "until", name="hand_over_to_end", condition=Q(until__isnull=False, ended_at__isnull=True)
            )
        ]


class HandedCase(models.Model):
    """One matter of a hand-over, and what has to be put back: the work, the answering, or both."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    work = models.BooleanField()
    answering = models.BooleanField()
    successor_before = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "case"], name="handed_case_once"),
            models.CheckConstraint(
                condition=Q(work=True) | Q(answering=True), name="handed_case_of_something"
            ),
        ]
