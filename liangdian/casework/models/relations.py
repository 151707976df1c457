"""How matters belong together: merged, a part of another one, or only related."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case
from liangdian.casework.states import RelationKind


class CaseRelation(models.Model):
    """That ``case`` is handled together with, is a part of, or is related to ``other``, and since when.

    Never deleted: it ends. ``stopped`` names the clocks that a merge ended, so that they can go on.
    """

    kind = models.CharField(max_length=16, choices=RelationKind.choices)
    case = models.ForeignKey(Case, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Case, models.PROTECT, related_name="relations_back")
    reason = models.TextField()
    stopped = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RelationKind.values), name="relation_kind_known"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="relation_not_with_itself"),
            models.CheckConstraint(condition=~Q(reason=""), name="relation_says_why"),
            models.CheckConstraint(
                condition=~Q(kind=RelationKind.RELATED) | Q(case__lt=F("other")), name="relation_once_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__gte=F("at")),
                name="relation_ended_whole",
            ),
            models.UniqueConstraint(
                fields=["case", "other", "kind"],
                condition=Q(ended_at__isnull=True),
                name="relation_open_once",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True, kind=RelationKind.MERGED),
                name="relation_one_leader",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True, kind=RelationKind.PART),
                name="relation_one_whole",
            ),
        ]
