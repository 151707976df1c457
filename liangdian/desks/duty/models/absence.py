"""Who is away with whose consent, and when a window or the hall is closed against its promise."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from liangdian.desks.duty.states import LeaveKind, LeaveState


class Leave(models.Model):
    """Somebody is away from ``first_day`` to ``last_day``, both included; ``stand_in`` does his work.

    Asked by the person, decided once by somebody above him. Two leaves of one person never overlap
    (exclusion constraint over those asked and approved).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=LeaveKind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300)
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LeaveState.choices, default=LeaveState.ASKED)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-first_day", "-id"]
        indexes = [models.Index(fields=["unit", "-first_day"], name="duty_leave_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LeaveKind.values), name="duty_leave_known_kind"),
            models.CheckConstraint(condition=Q(state__in=LeaveState.values), name="duty_leave_known_state"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="duty_leave_forward"),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_leave_with_reason"),
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="duty_leave_stand_in_is_another"),
            models.CheckConstraint(condition=~Q(user=F("decided_by")), name="duty_leave_by_another"),
            models.CheckConstraint(
                condition=Q(state__in=(LeaveState.ASKED, LeaveState.WITHDRAWN), decided_by__isnull=True)
                | Q(
                    state__in=(LeaveState.APPROVED, LeaveState.REFUSED),
                    decided_by__isnull=False, decided_at__isnull=False,
                ),
                name="duty_leave_decided_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day}"


class Closure(models.Model):
    """A window (None: the whole hall) is closed against its promise; the public reads why.

    ``ends_at`` empty: until further notice. Announced once; it can be ended earlier, and nothing else.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, null=True, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason_hans = models.CharField(max_length=200)
    reason_hant = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-begins_at", "-id"]
        indexes = [models.Index(fields=["unit", "-begins_at"], name="duty_closure_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("begins_at")), name="duty_closure_forward"
            ),
            models.CheckConstraint(
                condition=~Q(reason_hans="") & ~Q(reason_hant="") & ~Q(reason_en=""),
                name="duty_closure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.begins_at:%Y-%m-%d %H:%M}"

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        words = {"en": self.reason_en, "zh-hant": self.reason_hant}
        return words.get((get_language() or "").lower(), self.reason_hans)

    @property
    def called_off(self) -> bool:
        """True when it was ended before it began."""
        return self.ended_at is not None and self.ended_at < self.begins_at

    @property
    def until(self) -> datetime | None:
        """When it is over: ended earlier, or as announced; None until further notice."""
        ends = [moment for moment in (self.ends_at, self.ended_at) if moment is not None]
        return min(ends, default=None)
