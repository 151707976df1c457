"""Who sits at a window, from sign-on to sign-off."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liangdian.desks.hall.states import PauseReason, WindowState

STAFF = settings.AUTH_USER_MODEL


class WindowSession(models.Model):
    """One person at one window. ``streak``: people put before others in a row at this window.

    ``last_press`` makes a second press of "next" harmless. Its history is in the hall's events.
    """

    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    window = models.ForeignKey("organisation.Window", models.PROTECT, related_name="+")
    user = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    # For whom the person sits here, when he stands in for somebody.
    instead_of = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=8, choices=WindowState.choices, default=WindowState.OPEN)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True)
    pause_text = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    last_act_at = models.DateTimeField()
    streak = models.PositiveSmallIntegerField(default=0)
    last_press = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=~Q(state=WindowState.CLOSED), name="hall_window_one_person"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=~Q(state=WindowState.CLOSED), name="hall_person_one_window"
            ),
            models.CheckConstraint(
                condition=~Q(state=WindowState.PAUSED) | ~Q(pause_reason=""), name="hall_pause_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=WindowState.CLOSED, closed_at__isnull=False)
                | (~Q(state=WindowState.CLOSED) & Q(closed_at__isnull=True)),
                name="hall_closed_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["hall", "day"], name="hall_session_day")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.user_id} {self.state}"
