"""What is decided about a petition: transfer, non-acceptance, extension, opinion, recusal."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.desks.petitions.models.petition import STAFF, Petition
from liangdian.desks.petitions.rules import EXTENSION, LAW_MOST
from liangdian.desks.petitions.states import Conflict, Ground, Outcome


class Transfer(models.Model):
    """A petition goes to the unit that is responsible; it may object once, within ``object_by`` (Art. 23).

    ``assigned``: with a report on how it was done by ``report_by`` (交办, Art. 22).
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    assigned = models.BooleanField(default=False)
    report_by = models.DateField(null=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    object_by = models.DateTimeField()
    objection = models.TextField(blank=True)
    objected_at = models.DateTimeField(null=True)
    objected_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    agreed = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(assigned=False, report_by__isnull=True)
                | Q(assigned=True, report_by__isnull=False),
                name="transfer_assigned_with_a_report",
            ),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="transfer_elsewhere"),
            models.CheckConstraint(
                condition=Q(objected_at__isnull=True, objection="")
                | (Q(objected_at__lte=F("object_by"), objected_by__isnull=False) & ~Q(objection="")),
                name="transfer_objected_in_time",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, decided_at__isnull=True)
                | Q(agreed__isnull=False, decided_at__isnull=False, decided_by__isnull=False,
                    objected_at__isnull=False),
                name="transfer_returned_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("objected_by")),
                name="transfer_decided_by_the_sender",
            ),
        ]  # fmt: skip


class NonAcceptance(models.Model):
    """Why a petition was not accepted, and which body is responsible (Art. 19, 23, 36)."""

    petition = models.OneToOneField(Petition, models.PROTECT, primary_key=True, related_name="refusal")
    ground = models.CharField(max_length=16, choices=Ground.choices)
    where = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground=Ground.FINAL) | (Q(ground__in=Ground.values) & ~Q(where="")),
                name="refusal_says_where",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="refusal_says_why"),
        ]


class Extension(models.Model):
    """The one extension of a petition, at most 30 days, approved by the unit's head (Art. 34)."""

    petition = models.OneToOneField(Petition, models.PROTECT, primary_key=True, related_name="extension")
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    asked_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LAW_MOST[EXTENSION].amount),
                name="petition_extension_30_days_at_most",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="petition_extension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="petition_extension_by_the_head",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(approved__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="petition_extension_decided_whole",
            ),
        ]


class Opinion(models.Model):
    """The written opinion with its four parts (处理意见书, Art. 32), of a review and re-review too."""

    petition = models.OneToOneField(Petition, models.PROTECT, primary_key=True, related_name="opinion")
    request = models.TextField()
    facts = models.TextField()
    opinion = models.TextField()
    basis = models.TextField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="opinion_outcome_known"),
            models.CheckConstraint(
                condition=~Q(request="") & ~Q(facts="") & ~Q(opinion="") & ~Q(basis=""),
                name="opinion_has_four_parts",
            ),
        ]


class Recusal(models.Model):
    """Somebody keeps away from a petition (Art. 28, 46). It is never taken back."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=16, choices=Conflict.choices)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "user"], name="recusal_once"),
            models.CheckConstraint(condition=Q(ground__in=Conflict.values), name="recusal_ground_known"),
        ]
