"""What somebody narrows a list to again and again, kept under a name of his own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from liangdian.casework.models.case import STAFF

MOST_SAVED = 20


class SavedFilter(models.Model):
    """One list, narrowed, under a name; at most one of a person opens by itself.

    ``slot`` is one of the places that each person has. ``text`` never holds a phone or identity number.
    """

    user = models.ForeignKey(STAFF, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    slot = models.PositiveSmallIntegerField()
    list = models.CharField(max_length=16)
    kind = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, blank=True)
    text = models.CharField(max_length=100, blank=True)
    opens = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once"),
            models.UniqueConstraint(fields=["user", "slot"], name="saved_filter_slot_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(opens=True), name="saved_filter_one_opens"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=MOST_SAVED), name="saved_filter_slots"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(list=""), name="saved_filter_named"),
        ]
