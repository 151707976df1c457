"""The national calendar, year by year, and the hours in which a hall serves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangdian.registers.calendar.kinds import KIND_LABELS, Kind
from liangdian.registers.calendar.rules import FIRST_YEAR, LAST_YEAR, MAKE_UP_WEEKDAY


class CalendarLoad(models.Model):
    """One loading of a year's table: append-only, and its id is the version of the calendar.

    ``changes`` lists the days that came, went or changed, each as date, kind and name.
    """

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    at = models.DateTimeField(null=True)
    changes = models.JSONField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["year", "id"], name="calendar_load_year")]

    def __str__(self) -> str:
        return f"{self.year} v{self.pk}"

    @property
    def changed_days(self) -> int:
        """How many days came, went or changed."""
        return sum(len(rows) for rows in self.changes.values())


class CalendarYear(models.Model):
    """A year whose holidays are published. ``published_at`` is empty for a table of the product."""

    year = models.PositiveSmallIntegerField(unique=True)
    version = models.BigIntegerField()
    source = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="calendar_year_range"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="calendar_year_source"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day on which the calendar departs from Monday-to-Friday work."""

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=10, choices=KIND_LABELS)
    name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="calendar_day_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MAKE_UP.value) | Q(date__iso_week_day__gte=6),
                name="calendar_day_make_up_at_weekend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
    (MAKE_UP_WEEKDAY, _("Make-up working days")),
]


class ServiceHours(models.Model):
    """One interval in which a hall serves; several a day are usual (morning and afternoon).

    ``scope`` is empty for the centre's own hours, else a word such as a window's code.
    """

    scope = models.CharField(max_length=60, blank=True, default="")
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["scope", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "weekday", "opens"], name="calendar_hours_once"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="calendar_hours_forward"),
            models.CheckConstraint(condition=Q(weekday__lte=MAKE_UP_WEEKDAY), name="calendar_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"
