"""Which documents belong to a case: added by the staff or by the resident, withdrawn, never taken away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from liangdian.casework.models.case import Case

# The reasons that are written for the resident and by the system are codes; a person writes his own words.
BY_RESIDENT, VIRUS = "by_resident", "virus"


class CaseDocument(models.Model):
    """One document of a case. ``public``: the resident sees it too; what he sent himself always is.

    Withdrawn, it is opened by nobody any more; that it was there stays.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    public = models.BooleanField(default=False)
    by_resident = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_name = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "document"], name="case_document_once"),
            models.CheckConstraint(
                condition=Q(by_resident=False) | Q(public=True), name="case_document_own_is_public"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_name="", reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="") & ~Q(reason=""),
                name="case_document_withdrawn_with_a_reason",
            ),
        ]
        indexes = [models.Index("document", name="case_document_of")]
