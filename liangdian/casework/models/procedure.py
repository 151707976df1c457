"""What the procedure of a service matter asks and gives: the one-time list, late papers, notices."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangdian.casework.models.case import OF_A_DESK, STAFF, Case


class CorrectionList(models.Model):
    """Everything that is missing, told once (一次性告知, Licensing Law Art. 32): one list a case, ever."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="correction")
    papers = models.JSONField()
    at = models.DateTimeField()
    supply_by = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(papers=[]), name="correction_names_papers"),
            models.CheckConstraint(condition=Q(supply_by__gt=F("at")), name="correction_gives_time"),
        ]


class Shortfall(models.Model):
    """Accepted although minor papers are missing (容缺受理): one list, one day, one signed promise."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="shortfall")
    papers = models.JSONField()
    at = models.DateTimeField()
    supply_by = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    signed = models.BooleanField()
    supplied_at = models.DateTimeField(null=True)
    fell_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(papers=[]), name="shortfall_names_papers"),
            models.CheckConstraint(condition=Q(signed=True), name="shortfall_is_signed"),
            models.CheckConstraint(
                condition=Q(supplied_at__isnull=True) | Q(fell_back_at__isnull=True),
                name="shortfall_one_end",
            ),
        ]


class Decision(models.Model):
    """What was decided on an application; a refusal gives its reasons and the remedies (Art. 38)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    granted = models.BooleanField()
    reasons = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="decision_per_round"),
            models.CheckConstraint(
                condition=Q(granted=True) | (~Q(reasons="") & ~Q(remedies="")),
                name="decision_refusal_with_reasons",
            ),
        ]


class NoticeKind(models.TextChoices):
    """The papers that a resident gets (rules §3)."""

    RECEIPT = "receipt", _("Receipt")
    ACCEPTED = "accepted", _("Notice of acceptance")
    CORRECTION = "correction", _("Notice of missing papers")
    REFUSED = "refused", _("Notice of non-acceptance")
    SHORTFALL = "shortfall", _("Acceptance with papers to follow")
    EXTENDED = "extended", _("Notice of extension")
    PAUSED = "paused", _("Notice of special procedure")
    RESUMED = "resumed", _("Notice that the matter goes on")
    COMPLETED = "completed", _("Notice of completion")
    DELIVERED = "delivered", _("Acknowledgement of delivery")


class CaseNotice(models.Model):
    """A numbered paper as it was issued. Its words never change."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    number = models.CharField(max_length=60, unique=True)
    # One of ``NoticeKind``, or a desk's own.
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    content = models.JSONField()
    issued_at = models.DateTimeField()
    event_seq = models.PositiveIntegerField()
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "event_seq"], name="notice_once_an_event"),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values) | Q(kind__regex=OF_A_DESK), name="notice_kind_known"
            ),
        ]
