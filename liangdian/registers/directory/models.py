"""Areas of responsibility: which houses, and who answers for them. Private to this room."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.states import Part, Problem


class Area(models.Model):
    """A part of a community, such as the lanes around East Gate."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    names = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["unit_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="directory_area_once"),
            models.CheckConstraint(condition=~Q(name=""), name="directory_area_name"),
        ]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get(get_language() or "", "") or self.name

    def __str__(self) -> str:
        return self.label


class AreaLine(models.Model):
    """Some houses of an area from ``since`` up to (not including) ``until``."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="lines")
    lane = models.CharField(_("Lane"), max_length=80)
    buildings = models.CharField(_("Buildings"), max_length=9, blank=True)
    entrance = models.CharField(_("Entrance"), max_length=3, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["lane", "buildings", "entrance", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "lane", "buildings", "entrance"], condition=Q(until__isnull=True),
                name="directory_line_once",
            ),
            models.CheckConstraint(condition=~Q(lane=""), name="directory_line_lane"),
            models.CheckConstraint(
                condition=Q(buildings="") | Q(buildings__regex=r"^[0-9]{1,4}(-[0-9]{1,4})?$"),
                name="directory_line_buildings",
            ),
            models.CheckConstraint(
                condition=Q(entrance="") | (Q(entrance__regex=r"^[0-9]{1,3}$") & ~Q(buildings="")),
                name="directory_line_entrance",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="directory_line_period"
            ),
        ]  # fmt: skip

    @property
    def line(self) -> Line:
        return Line(self.lane, self.buildings, self.entrance)

    def __str__(self) -> str:
        return f"{self.lane} {self.buildings} {self.entrance}".strip()


class Answerable(models.Model):
    """One person who answers for an area in one part, from ``since`` up to (not including) ``until``.

    Somebody with an account (``user``), or by name, such as the police officer. ``problems`` empty: all.
    ``phone`` and ``place`` are published.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="people")
    part = models.CharField(_("Part"), max_length=10, choices=Part.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("Name"), max_length=100, blank=True)
    problems = ArrayField(models.CharField(max_length=10, choices=Problem.choices), default=list, blank=True)
    phone = models.CharField(_("Office phone"), max_length=40)
    place = models.CharField(_("Where to find"), max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["part", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "part", "user", "name"], condition=Q(until__isnull=True),
                nulls_distinct=False, name="directory_person_once",
            ),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="directory_person_part"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) & ~Q(name="") | Q(user__isnull=False, name=""),
                name="directory_person_account_or_name",
            ),
            models.CheckConstraint(condition=~Q(phone=""), name="directory_person_can_be_reached"),
            models.CheckConstraint(
                condition=Q(problems__contained_by=list(Problem.values)), name="directory_person_problems"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="directory_person_period"
            ),
        ]  # fmt: skip

    @property
    def person(self) -> str:
        """The name as it is shown."""
        return self.user.name if self.user is not None else self.name

    @property
    def problem_labels(self) -> list[str]:
        return [str(Problem(problem).label) for problem in self.problems]

    def __str__(self) -> str:
        return self.person
