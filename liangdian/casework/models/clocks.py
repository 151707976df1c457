"""Limits as data, promises as immutable rows, and the marks of the sweep."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import OF_A_DESK, STAFF, Case
from liangdian.casework.states import ClockKind, PauseReason, PromiseReason
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
    # The legal end beside the promised one; empty where no law sets a limit.
    legal_due_at = models.DateTimeField(null=True)
    legal_due_day = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="promise_seq")]
        indexes = [models.Index("due_at", name="promise_due")]

    @property
    def limit(self) -> Limit:
        return Limit(amount=self.amount, unit=LimitUnit(self.unit))


class Clock(models.Model):
    """One more limit that runs on a case beside its promise: first contact, a referral, a rating window.

    Open while ``ended_at`` is empty; ``rung_at`` says when it ran out, after which it asks for no attention
    of its own. ``key`` tells clocks of one kind apart (the number of the referral, of the assisting unit).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    # One of ``ClockKind``, or a desk's own.
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=24, default="", blank=True)
    start_at = models.DateTimeField()
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "key"], condition=Q(ended_at__isnull=True), name="clock_open_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ClockKind.values) | Q(kind__regex=OF_A_DESK), name="clock_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("start_at")), name="clock_period"
            ),
        ]
        indexes = [models.Index("case", name="clock_of_case", condition=Q(ended_at__isnull=True))]


class Pause(models.Model):
    """A time in which the promise stands still: why, at most until when, and how much of it was left.

    ``until`` is the maximum; when it is over the matter goes on by itself.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=16, choices=[*PauseReason.choices, ("correction", "correction")])
    text = models.TextField()
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("from_at")), name="pause_has_a_maximum"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("from_at")), name="pause_period"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="pause_says_why"),
        ]


class Extension(models.Model):
    """The one extension of a case: asked for by its handler, decided by somebody above, its reason told.

    ``amount`` counts working days (Licensing Law Art. 42: at most ten, approved by the head).
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="extension")
    amount = models.PositiveSmallIntegerField()
    reason = models.TextField()
    asked_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="extension_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="extension_decided_whole",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="extension_has_a_reason"),
        ]


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
