"""The hall of a unit, its queues, and the rows that are locked to give out numbers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Hall(models.Model):
    """The hall of one unit and how its queue is kept. ``quick_items`` are codes of the catalogue."""

    unit = models.OneToOneField("organisation.Unit", models.PROTECT, related_name="+")
    active = models.BooleanField(_("In use"), default=True)
    ratio = models.PositiveSmallIntegerField(_("People put before others in a row, at most"), default=3)
    cap_minutes = models.PositiveSmallIntegerField(_("Nobody waits longer without his turn"), default=40)
    grace_minutes = models.PositiveSmallIntegerField(_("An appointment is kept when late by"), default=15)
    return_minutes = models.PositiveSmallIntegerField(
        _("Who missed the call may come back within"), default=60
    )
    return_behind = models.PositiveSmallIntegerField(_("Who comes back stands behind"), default=3)
    unattended_minutes = models.PositiveSmallIntegerField(
        _("A window counts as unattended after"), default=15
    )
    target_minutes = models.PositiveSmallIntegerField(_("Waiting time that we aim at"), default=20)
    quick_items = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Quick items"), default=list, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ratio__gte=1, ratio__lte=20), name="hall_ratio_sensible"),
            models.CheckConstraint(condition=Q(cap_minutes__gte=5), name="hall_cap_sensible"),
            models.CheckConstraint(condition=Q(unattended_minutes__gte=1), name="hall_unattended_sensible"),
            models.CheckConstraint(condition=Q(target_minutes__gte=1), name="hall_target_sensible"),
        ]

    def __str__(self) -> str:
        return f"hall of unit {self.unit_id}"

    @property
    def cap(self) -> timedelta:
        return timedelta(minutes=self.cap_minutes)

    @property
    def unattended(self) -> timedelta:
        return timedelta(minutes=self.unattended_minutes)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


class HallCounter(models.Model):
    """The number of the hall's last event: one locked row, so that events ascend as they are committed."""

    hall = models.OneToOneField(Hall, models.PROTECT, primary_key=True, related_name="+")
    last_event = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hall_id}: {self.last_event}"


class QueueGroup(models.Model):
    """A queue with a letter of its own for some categories of the catalogue.

    The group without categories takes what no other takes; every window serves it.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="groups")
    prefix = models.CharField(_("Letter"), max_length=2)
    name = models.CharField(_("Name"), max_length=100)
    names = models.JSONField(default=dict, blank=True)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ["order", "prefix"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "prefix"], name="hall_group_letter_once"),
            models.CheckConstraint(condition=Q(prefix__regex="^[A-Z]{1,2}$"), name="hall_group_letter_plain"),
            models.CheckConstraint(condition=~Q(name=""), name="hall_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get(get_language() or "", "") or self.name


class TicketCounter(models.Model):
    """The last number of a letter on a business date of the hall: the one row that is locked for it."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day", "prefix"], name="hall_counter_once")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.day} {self.prefix}{self.last}"


class Pace(models.Model):
    """How long a category, or one item of it, takes lately in this hall: percentiles in seconds."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    # A category's code, or ``category/item`` for one item.
    key = models.CharField(max_length=90)
    quick = models.FloatField()
    usual = models.FloatField()
    slow = models.FloatField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "key"], name="hall_pace_once"),
            models.CheckConstraint(
                condition=Q(quick__lte=models.F("usual"), usual__lte=models.F("slow")),
                name="hall_pace_ascending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.key}"
