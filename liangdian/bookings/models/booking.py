"""An appointment, the times that it takes, its history, and those who wait for one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.bookings.models.resource import Resource, Slot
from liangdian.bookings.states import CancelledBy, Channel, EventType, State, WaitState
from liangdian.foundation.clock import business_date

STAFF = settings.AUTH_USER_MODEL


class Booking(models.Model):
    """An appointment. The row stays, whatever becomes of it. ``subject`` is what it is about.

    ``key`` makes its secret link and its code; only their digests are stored. ``extra_minutes`` is the
    way there and back of a home visit.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, unique=True)
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="bookings")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    items = models.PositiveSmallIntegerField(default=1)
    people = models.PositiveSmallIntegerField(default=1)
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    item_version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey("people.Resident", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    hold_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reminded_for = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=10, choices=CancelledBy.choices, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    submission_key = models.CharField(max_length=64, unique=True, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="booking_state_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="booking_channel_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_period"),
            models.CheckConstraint(
                condition=Q(items__gte=1, items__lte=20, people__gte=1, people__lte=20),
                name="booking_items_and_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(hold_until__isnull=False), name="booking_hold_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.HELD, State.EXPIRED, State.CANCELLED])
                | Q(confirmed_at__isnull=False, resident__isnull=False)
                | (Q(confirmed_at__isnull=False) & ~Q(subject="")),
                name="booking_confirmed_for_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=State.CANCELLED, cancelled_by__in=CancelledBy.values, ended_at__isnull=False)
                    & ~Q(cancel_reason="")
                )
                | (~Q(state=State.CANCELLED) & Q(cancelled_by="", cancel_reason="")),
                name="booking_cancelled_with_a_reason",
            ),
        ]
        indexes = [
            models.Index("resource", "starts_at", name="booking_of_resource"),
            models.Index("resident", "starts_at", name="booking_of_resident"),
            models.Index("hold_until", name="booking_held", condition=Q(state=State.HELD)),
            models.Index("starts_at", name="booking_ahead", condition=Q(state=State.CONFIRMED)),
        ]

    @property
    def day(self) -> object:
        """The hall's date on which it is."""
        return business_date(self.starts_at)


class Place(models.Model):
    """That an appointment takes one time. Given back (``active`` False) once, never deleted."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="places")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="places")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "slot"], condition=Q(active=True), name="bookings_place_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="bookings_place_channel_known"
            ),
        ]


class BookingEvent(models.Model):
    """What happened to an appointment. Only ever added to."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="events")
    type = models.CharField(max_length=10, choices=EventType.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    by_resident = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=EventType.values), name="booking_event_type_known"),
        ]


class WaitingEntry(models.Model):
    """A resident who would like a time between two days (hall-local), first come, first served."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="waiting")
    resident = models.ForeignKey("people.Resident", models.PROTECT, related_name="+")
    item_version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    items = models.PositiveSmallIntegerField(default=1)
    people = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=10, choices=WaitState.choices, default=WaitState.WAITING)
    offer = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="offered_to")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "resident"], name="bookings_waits_once",
                condition=Q(state__in=[WaitState.WAITING, WaitState.OFFERED]),
            ),
            models.CheckConstraint(condition=Q(state__in=WaitState.values), name="bookings_wait_state_known"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="bookings_wait_days"),
            models.CheckConstraint(
                condition=~Q(state__in=[WaitState.OFFERED, WaitState.TAKEN, WaitState.LAPSED])
                | Q(offer__isnull=False),
                name="bookings_offer_is_a_time",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index("resource", "id", name="bookings_waiting", condition=Q(state=WaitState.WAITING)),
        ]
