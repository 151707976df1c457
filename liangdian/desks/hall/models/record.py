"""What is only ever added: the segments of an item, the events of the hall, the ratings of visits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liangdian.desks.hall.states import EventKind, Grade, RatedBy, State

STAFF = settings.AUTH_USER_MODEL


class Segment(models.Model):
    """From ``at`` until the next segment the item was in ``kind``; an end has no next one.

    All figures are counted from these rows. ``window`` and ``user``: where and by whom.
    """

    item = models.ForeignKey("hall.VisitItem", models.PROTECT, related_name="segments")
    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    day = models.DateField()
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=State.choices)
    at = models.DateTimeField()
    window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "seq"], name="hall_segment_seq_once"),
            models.CheckConstraint(condition=Q(kind__in=State.values), name="hall_segment_kind_known"),
        ]
        indexes = [models.Index(fields=["hall", "day"], name="hall_segment_day")]

    def __str__(self) -> str:
        return f"{self.item_id}.{self.seq} {self.kind}"


class HallEvent(models.Model):
    """One thing that happened in the hall; ``seq`` ascends by one for each hall in the order of commit.

    ``ticket`` and ``data`` never hold a name: the board reads these rows.
    """

    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    at = models.DateTimeField()
    day = models.DateField()
    ticket = models.CharField(max_length=12, blank=True)
    item = models.ForeignKey("hall.VisitItem", models.PROTECT, null=True, related_name="+")
    window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "seq"], name="hall_event_seq_once"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="hall_event_kind_known"),
        ]
        indexes = [
            models.Index(fields=["item", "seq"], name="hall_event_item"),
            # The board: the last calls of the day.
            models.Index(
                fields=["hall", "day", "-seq"], name="hall_event_calls",
                condition=Q(kind__in=[EventKind.CALLED, EventKind.RECALLED]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.hall_id}.{self.seq} {self.kind}"


class VisitRating(models.Model):
    """What the resident said of the whole visit, once (rules §4: at the window one rating a visit)."""

    visit = models.OneToOneField("hall.Visit", models.PROTECT, related_name="rating")
    grade = models.CharField(max_length=1, choices=Grade.choices)
    comment = models.CharField(max_length=2000, blank=True)
    source = models.CharField(max_length=10, choices=RatedBy.choices)
    window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="hall_rating_grade_known")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.grade}"
