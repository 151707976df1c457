"""Who came and went: marks that are only ever added, corrections of them, the screen's link, roll calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.duty.states import MarkKind, Way


class Correction(models.Model):
    """My marks of this day are wrong: asked with a reason, decided once by somebody else.

    ``mark`` is the row that does not count any more (empty: none was made); ``kind`` and ``wanted_at`` what
    should stand instead (empty: nothing).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, null=True, related_name="+")
    mark = models.ForeignKey("duty.Mark", on_delete=models.PROTECT, null=True, related_name="corrections")
    kind = models.CharField(max_length=10, choices=MarkKind.choices, blank=True, default="")
    wanted_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "-id"], name="duty_correction_of_unit")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="duty_correction_with_reason"),
            models.CheckConstraint(
                condition=Q(kind="", wanted_at__isnull=True, mark__isnull=False)
                | Q(kind__in=MarkKind.values, wanted_at__isnull=False),
                name="duty_correction_says_what",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="duty_correction_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("user")) & ~Q(decided_by=F("asked_by")),
                name="duty_correction_by_another",
            ),
            models.UniqueConstraint(
                fields=["mark"], condition=Q(approved=True), name="duty_correction_of_mark_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d}"


class MarkQuerySet(models.QuerySet["Mark"]):
    def counted(self) -> MarkQuerySet:
        """Marks that no approved correction took out."""
        return self.exclude(corrections__approved=True)


class Mark(models.Model):
    """One "I am here" or "I am leaving", as the person said it. Append-only.

    ``at`` is the moment that counts, ``recorded_at`` when the row was written: they differ only for what an
    approved correction wrote.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, null=True, related_name="made")

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["unit", "at"], name="duty_mark_of_unit"),
            models.Index(fields=["user", "at"], name="duty_mark_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="duty_mark_known_kind"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="duty_mark_known_way"),
            models.CheckConstraint(
                condition=Q(way=Way.CORRECTION, correction__isnull=False)
                | (~Q(way=Way.CORRECTION) & Q(correction__isnull=True, at=F("recorded_at"))),
                name="duty_mark_as_it_was_said",
            ),
            models.CheckConstraint(condition=Q(at__lte=F("recorded_at")), name="duty_mark_not_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"


class ScreenLink(models.Model):
    """The address of the page with the code for one hall's screen; only its digest is kept."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.made_at:%Y-%m-%d}"


class RollCall(models.Model):
    """Who was there when the roll was called. ``lines`` holds user, shift and presence of everybody named.

    ``opening`` is set on the calls that the system makes by itself after each beginning of shifts.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    opening = models.DateTimeField(null=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lines = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["unit", "-at"], name="duty_roll_call_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "opening"], condition=Q(opening__isnull=False), name="duty_roll_call_once"
            ),
            models.CheckConstraint(
                condition=Q(opening__isnull=True) | Q(called_by__isnull=True), name="duty_roll_call_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%Y-%m-%d %H:%M}"
