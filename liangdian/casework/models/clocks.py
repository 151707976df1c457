"""Limits as data, promises as immutable rows, and the marks of the sweep."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import Case
from liangdian.casework.states import PromiseReason
from liangdian.foundation.limits import Limit, LimitUnit


class LimitRule(models.Model):
    """A limit is data (rules, "Rule zero"): a running case keeps the version that it started with.

    ``amount`` counts ``unit``: hours, working days or calendar days.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    source = models.CharField(max_length=200)
    region = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="limit_rule_version"),
            models.CheckConstraint(
                condition=Q(unit__in=[u.value for u in LimitUnit]), name="limit_rule_unit_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def limit(self) -> Limit:
        return Limit(amount=self.amount, unit=LimitUnit(self.unit))


class Promise(models.Model):
    """What was promised, by when, by which version of which rule. Never changed, never deleted.

    A change of promise is a new row with the next ``seq``; the newest one holds.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="promises")
    seq = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=PromiseReason.choices)
    rule_code = models.CharField(max_length=60)
    rule_version = models.PositiveIntegerField()
    calendar_version = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    start_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_day = models.DateField()
    provisional = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="promise_seq")]
        indexes = [models.Index("due_at", name="promise_due")]

    @property
    def limit(self) -> Limit:
        return Limit(amount=self.amount, unit=LimitUnit(self.unit))


class SweepMark(models.Model):
    """That the sweep did one level for one promise of one case: it is never done twice."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    promise_seq = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(F("case"), F("promise_seq"), F("level"), name="sweep_mark_once")
        ]
