"""Units working together on one matter: the help of others beside the one that leads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case
from liangdian.casework.states import ASSISTING, AssistState


class Assist(models.Model):
    """One unit helps the one that leads (协办): what is asked, by when, the partial answer for the lead.

    The resident reads the partial answer only when the lead passes it on (``used_at``). ``overdue`` counts
    how often the clock reminded, ``reminded_at`` is the last reminder by hand. Columns are written once.
    """

    OPEN: ClassVar[Q] = Q(state__in=ASSISTING)

    case = models.ForeignKey(Case, models.PROTECT, related_name="assists")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=AssistState.choices, default=AssistState.ASKED)
    text = models.TextField()
    asked_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    accepted_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    overdue = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(state__in=ASSISTING), name="assist_one_open_per_unit"
            ),
            models.CheckConstraint(condition=Q(state__in=AssistState.values), name="assist_state_known"),
            models.CheckConstraint(condition=~Q(text="") & Q(due_at__gt=F("asked_at")), name="assist_whole"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="assist_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=AssistState.ANSWERED, answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer="")
                | ~Q(state=AssistState.ANSWERED)
                & Q(answered_at__isnull=True, answered_by__isnull=True, answer="", used_at__isnull=True),
                name="assist_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=AssistState.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawn_why="")
                | ~Q(state=AssistState.WITHDRAWN) & Q(withdrawn_at__isnull=True, withdrawn_why=""),
                name="assist_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="assist_used_by_somebody",
            ),
        ]
        indexes = [
            # Which matters a unit helps with: the list "Asked to help" and the permission to see them.
            models.Index("unit", "case", name="assist_of_unit", condition=~Q(state=AssistState.WITHDRAWN)),
            models.Index("asked_at", name="assist_when"),
        ]

    @property
    def open(self) -> bool:
        return self.state in ASSISTING
