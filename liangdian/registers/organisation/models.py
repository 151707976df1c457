"""The tree of units, the posts in them with their holders, stand-ins, and the windows of the hall."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def name_in(language: str | None, name: str, names: Mapping[str, str]) -> str:
    """The name in ``language``; the plain name when there is no translation."""
    return names.get(language or "", "") or name


class Level(models.TextChoices):
    DISTRICT = "district", _("District")
    SUB_DISTRICT = "sub_district", _("Sub-district")
    COMMUNITY = "community", _("Community")
    SECTION = "section", _("Section")


class Named(models.Model):
    """Something with a name, and optionally that name in other languages (``{"en": "West Street"}``)."""

    name = models.CharField(_("Name"), max_length=200)
    names = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return name_in(get_language(), self.name, self.names)

    def __str__(self) -> str:
        return self.label


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> UnitQuerySet:
        return self.filter(active=True)

    def inside(self, *paths: str) -> UnitQuerySet:
        """Units at or below one of ``paths``; none when no path is given."""
        wanted = Q(pk__in=[])
        for path in paths:
            wanted |= Q(path__startswith=path)
        return self.filter(wanted)


class Unit(Named):
    """A district, sub-district, community or section.

    ``path`` lists the ids from the root down to the unit itself (``/1/4/9/``); services set it.
    ``seal`` is the wording beside the seal on notices, the name when it is empty; ``seal_picture`` is printed
    there, if there is one.
    """

    code = models.CharField(_("Code"), max_length=40, unique=True)
    level = models.CharField(_("Level"), max_length=20, choices=Level.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=255, unique=True)
    active = models.BooleanField(_("In use"), default=True)
    seal = models.CharField(_("Wording of the seal"), max_length=200, blank=True, default="")
    seal_picture = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    phone = models.CharField(_("Phone for enquiries"), max_length=40, blank=True, default="")
    address = models.CharField(_("Address"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_unit_name_filled"),
            models.CheckConstraint(condition=~Q(code=""), name="organisation_unit_code_filled"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="organisation_unit_known_level"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="organisation_unit_not_own_parent"
            ),
        ]

    @property
    def depth(self) -> int:
        """0 for the root, 1 for its children, and so on."""
        return self.path.count("/") - 2

    @property
    def ancestor_ids(self) -> tuple[int, ...]:
        """Ids from the root down to the parent."""
        return tuple(int(part) for part in self.path.strip("/").split("/")[:-1])


class Post(Named):
    """A post in a unit, such as "handler for civil affairs"; people hold it for a time."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ["unit_id", "name"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="organisation_post_once"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_post_name_filled"),
        ]


class PostHolding(models.Model):
    """One person in one post from ``since`` up to (not including) ``until``; hall-local dates."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "user"], condition=Q(until__isnull=True), name="organisation_holding_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="organisation_holding_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.user_id} {self.since}"


class StandIn(models.Model):
    """``stand_in`` does the work of ``user`` from ``since`` up to (not including) ``until`` (AB岗)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="organisation_stand_in_is_another"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="organisation_stand_in_period"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.stand_in_id} {self.since}"


class Window(Named):
    """A window of the hall and the categories of matters (codes of the catalogue) that it serves."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(_("Number"))
    serves = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    low_counter = models.BooleanField(_("Low counter with a place for a wheelchair"), default=False)
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ["unit_id", "number"]
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="organisation_window_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="organisation_window_number_from_one"),
        ]
