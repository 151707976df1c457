"""The machines of the hall: kiosks, boards, tablets. Each opens only its own pages, until it is revoked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liangdian.desks.hall.states import DeviceKind

STAFF = settings.AUTH_USER_MODEL


class Device(models.Model):
    """One machine. It is enrolled with a code that works once; then it holds a secret of its own.

    The database keeps digests of both. ``window``: the window at which a tablet stands.
    """

    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=8, choices=DeviceKind.choices)
    name = models.CharField(max_length=60)
    window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(max_length=64, unique=True, null=True)
    code_until = models.DateTimeField(null=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True)
    made_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DeviceKind.values), name="hall_device_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="hall_device_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind=DeviceKind.TABLET, window__isnull=False)
                | (~Q(kind=DeviceKind.TABLET) & Q(window__isnull=True)),
                name="hall_tablet_at_a_window",
            ),
            # A code is gone when it was used, and a revoked machine holds nothing that opens anything.
            models.CheckConstraint(
                condition=Q(enrolled_at__isnull=True, token_digest__isnull=True)
                | Q(enrolled_at__isnull=False, code_digest__isnull=True),
                name="hall_device_code_works_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(code_digest__isnull=True, token_digest__isnull=True),
                name="hall_device_revoked_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class NumberBlock(models.Model):
    """Numbers that a kiosk may give out by itself while it is cut off; nobody else gives them out."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="blocks")
    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "prefix", "first"], name="hall_block_once"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=models.F("first")), name="hall_block_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.prefix}{self.first}-{self.last}"
