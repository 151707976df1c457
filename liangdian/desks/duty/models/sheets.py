"""The monthly sheet, and the rules by which allowances are paid. Money is in whole fen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.duty.states import Basis

MOST_FEN = 10_000_000  # 100,000 yuan for one day or hour is a slip of the finger


class AllowanceRule(models.Model):
    """One version of a rule, for a unit and all below it, from a day on. Append-only.

    A later version of the same ``code`` replaces it; one with 0 fen ends it. ``source`` names the document
    and article on which it rests.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    fen = models.PositiveIntegerField()
    minimum_minutes = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="duty_allowance_known_basis"),
            models.CheckConstraint(condition=Q(fen__lte=MOST_FEN), name="duty_allowance_amount"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(source=""), name="duty_allowance_says_why"
            ),
            models.CheckConstraint(
                condition=Q(minimum_minutes__lte=24 * 60), name="duty_allowance_minimum_in_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class Sheet(models.Model):
    """One making of the sheet of a month: never changed, decided once by somebody else than its maker.

    ``hours``: user, window, scheduled, kept and beyond in minutes, days. ``allowances``: user, rule,
    quantity, fen, amount. With one approved sheet the month is locked: no other sheet, no more marks.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    hours = models.JSONField()
    allowances = models.JSONField()
    total_fen = models.PositiveBigIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "month", "-id"], name="duty_sheet_of_month")]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="duty_sheet_of_a_whole_month"),
            models.UniqueConstraint(
                fields=["unit", "month"], condition=Q(approved=True), name="duty_sheet_approved_once"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="duty_sheet_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("made_by")), name="duty_sheet_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m}"
