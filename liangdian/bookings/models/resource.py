"""What can be reserved, when it is open, and its times with the counters that the database keeps."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liangdian.bookings.rules import Hours
from liangdian.bookings.states import ResourceKind

STAFF = settings.AUTH_USER_MODEL


class Resource(models.Model):
    """Something of a unit whose time is reserved. ``serves``: codes of the catalogue's categories.

    ``minutes``: the length of one time (one item for one person). Residents book online from
    ``notice_minutes`` before up to ``days_ahead`` calendar days ahead, where ``online`` says so.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(_("What is reserved"), max_length=10, choices=ResourceKind.choices)
    name = models.CharField(_("Name"), max_length=200)
    names = models.JSONField(default=dict, blank=True)
    place = models.CharField(_("Place"), max_length=200, blank=True)
    post = models.ForeignKey("organisation.Post", models.PROTECT, null=True, related_name="+")
    serves = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes"))
    notice_minutes = models.PositiveIntegerField(default=60)
    days_ahead = models.PositiveSmallIntegerField(default=14)
    online = models.BooleanField(default=False)
    active = models.BooleanField(_("In use"), default=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["unit_id", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="bookings_resource_once"),
            models.CheckConstraint(condition=~Q(name=""), name="bookings_resource_name"),
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="bookings_resource_kind"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="bookings_resource_minutes"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ResourceKind.POST) | Q(post__isnull=False), name="bookings_resource_post"
            ),
        ]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get(get_language() or "", "") or self.name

    def __str__(self) -> str:
        return self.label


class Opening(models.Model):
    """Hours of one weekday (7: make-up working days) and how many appointments fit at a time."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    capacity = models.PositiveSmallIntegerField()
    hall = models.PositiveSmallIntegerField()
    phone = models.PositiveSmallIntegerField()
    online = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="bookings_opening_period"),
            models.CheckConstraint(condition=Q(weekday__lte=7), name="bookings_opening_weekday"),
            models.CheckConstraint(
                condition=Q(
                    capacity__gte=1, hall__lte=F("capacity"), phone__lte=F("capacity"),
                    online__lte=F("capacity"),
                ),
                name="bookings_opening_shares",
            ),
        ]  # fmt: skip

    @property
    def as_hours(self) -> Hours:
        return Hours(self.weekday, self.opens, self.closes, self.capacity, self.hall, self.phone, self.online)


class Closure(models.Model):
    """A day (hall-local) on which the resource is closed, and why."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="closures")
    day = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "day"], name="bookings_closure_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="bookings_closure_reason"),
        ]


def _at_most(channel: str) -> Q:
    return Q(**{f"booked_{channel}__gte": 0, f"booked_{channel}__lte": F(channel)})


class Slot(models.Model):
    """One time of a resource, written down when it is first booked.

    Only the rows of ``Place`` change the counters, by trigger (migration 0002); the checks below hold
    whoever asks, and two times of one resource that are open never overlap (exclusion constraint there).
    """

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    hall = models.PositiveSmallIntegerField()
    phone = models.PositiveSmallIntegerField()
    online = models.PositiveSmallIntegerField()
    booked_hall = models.SmallIntegerField(default=0)
    booked_phone = models.SmallIntegerField(default=0)
    booked_online = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            # A time that was closed may be opened again with another length.
            models.UniqueConstraint(
                fields=["resource", "starts_at"], condition=Q(capacity__gt=0), name="bookings_slot_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bookings_slot_period"),
            models.CheckConstraint(
                condition=_at_most("hall") & _at_most("phone") & _at_most("online"),
                name="bookings_slot_shares",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=F("booked_hall") + F("booked_phone") + F("booked_online")),
                name="bookings_slot_booked_within_capacity",
            ),
        ]

    @property
    def booked(self) -> dict[str, int]:
        """How many appointments take this time, by channel."""
        return {"hall": self.booked_hall, "phone": self.booked_phone, "online": self.booked_online}


class RuleVersion(models.Model):
    """A rule's amount from a moment on (``rules.DEFAULTS`` before the first). Never changed, only added."""

    code = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="bookings_rule_version_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="bookings_rule_reason"),
        ]
