"""What is planned: the hours promised to the public, the pattern of a week, the roster."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty.rules import LONGEST_SHIFT, Span

LAST_WEEKDAY = 7  # make-up working days; 0-6 are Monday to Sunday


class HoursPlan(models.Model):
    """The hours in which a window is open from ``valid_from`` on, until the next plan: what was promised.

    ``week`` maps the weekday ("0" Monday … "6", "7" make-up working days) to its intervals, each a pair of
    times such as ["09:00", "12:00"]. Append-only: another plan replaces it from its own day on.
    """

    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    week = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["window", "valid_from", "id"], name="duty_hours_plan_of")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.valid_from}"


class ShiftPattern(models.Model):
    """Who is on duty on this weekday, from which hour to which; the roster of a month is made from it.

    ``window`` is empty for duty in the hall itself. ``stand_in`` is the other half of the pair (AB岗).
    An end at or before the start lies on the next day.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, null=True, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField(_("From"))
    ends = models.TimeField(_("Until"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=LAST_WEEKDAY), name="duty_pattern_weekday"),
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="duty_pattern_has_length"),
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="duty_pattern_stand_in_is_another"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="duty_pattern_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M} {self.user_id}"


class ShiftQuerySet(models.QuerySet["Shift"]):
    def standing(self) -> ShiftQuerySet:
        """Shifts that were not taken off the roster."""
        return self.filter(cancelled_at__isnull=True)


class Shift(models.Model):
    """One person on duty at one window (or in the hall) from ``begins_at`` to ``ends_at``.

    A shift is never changed: it is taken off with a reason, and another one may stand in its place
    (``replaces``). Nobody has two shifts at the same time (exclusion constraint).
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    pattern = models.ForeignKey(ShiftPattern, on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True, default="")

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [
            models.Index(fields=["unit", "day"], name="duty_shift_of_unit"),
            models.Index(fields=["user", "day"], name="duty_shift_of_person"),
            models.Index(fields=["begins_at"], name="duty_shift_by_beginning"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pattern", "day"], name="duty_shift_of_pattern_once"),
            models.CheckConstraint(condition=Q(begins_at__lt=F("ends_at")), name="duty_shift_forward"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("begins_at") + LONGEST_SHIFT), name="duty_shift_not_too_long"
            ),
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="duty_shift_stand_in_is_another"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="duty_shift_taken_off_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.user_id}"

    @property
    def span(self) -> Span:
        return self.begins_at, self.ends_at
