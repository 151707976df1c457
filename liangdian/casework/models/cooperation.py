"""Units working together on one matter: the help of others beside the one that leads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import STAFF, Case
from liangdian.casework.states import ASSISTING, SUPERVISED, AssistState, SupervisionState


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


class Supervision(models.Model):
    """An inspector's note to the unit where a matter lies (督办): it answers by a day, he accepts or not.

    ``due_at`` is when the answer is due now: later after an answer was sent back.
    """

    OPEN: ClassVar[Q] = Q(state__in=SUPERVISED)

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=SupervisionState.choices, default=SupervisionState.OPEN)
    text = models.TextField()
    written_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=SUPERVISED), name="supervision_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & Q(state__in=SupervisionState.values) & Q(due_at__gt=F("written_at")),
                name="supervision_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SUPERVISED, ended_at__isnull=True)
                | (~Q(state__in=SUPERVISED) & Q(ended_at__isnull=False)),
                name="supervision_ended_whole",
            ),
        ]
        indexes = [
            models.Index("case", name="supervision_open", condition=Q(state__in=SUPERVISED)),
            models.Index("written_at", name="supervision_when"),
        ]


class SupervisionAnswer(models.Model):
    """One answer to a supervision note, and what the inspector made of it. ``kept``: it came in time."""

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="answers")
    n = models.PositiveSmallIntegerField()
    text = models.TextField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kept = models.BooleanField()
    accepted = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supervision", "n"], name="supervision_answer_n"),
            models.UniqueConstraint(
                fields=["supervision"],
                condition=Q(accepted__isnull=True),
                name="supervision_answer_one_undecided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="supervision_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, decided_by__isnull=True, decided_at__isnull=True, words="")
                | Q(accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(words=""),
                name="supervision_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="supervision_answer_says_something"),
        ]


class Meeting(models.Model):
    """A coordination meeting about one matter: who took part, what was decided, who leads, by when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    units = models.ManyToManyField("organisation.Unit", related_name="+")
    people = models.TextField(blank=True)
    decision = models.TextField()
    lead = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    until = models.DateField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="") & Q(until__gte=F("held_on")), name="meeting_decided"
            ),
        ]
