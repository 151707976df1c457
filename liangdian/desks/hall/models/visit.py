"""A visit of a person to the hall, and the items for which he came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.hall.rules import ticket
from liangdian.desks.hall.states import AT_WINDOW, PRESENT, Channel, Rank, Reason, State

STAFF = settings.AUTH_USER_MODEL


class Visit(models.Model):
    """One person with one number on one business date of the hall.

    ``press_key`` makes a second press of the same button harmless. ``place_digest`` is all that the
    database knows of the secret with which the person follows his place. ``booking`` names the
    appointment in the room that keeps it.
    """

    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    press_key = models.CharField(max_length=64)
    place_digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    reason_text = models.CharField(max_length=200, blank=True)
    booking = models.CharField(max_length=60, blank=True)
    booked_for = models.DateTimeField(null=True)
    resident = models.ForeignKey("people.Resident", models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, default="zh-hans")
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "prefix", "number"], name="hall_number_once"),
            models.UniqueConstraint(fields=["hall", "press_key"], name="hall_press_once"),
            models.UniqueConstraint(
                fields=["hall", "booking"], condition=~Q(booking=""), name="hall_booking_checked_in_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="hall_number_from_one"),
            models.CheckConstraint(condition=~Q(press_key=""), name="hall_press_named"),
            models.CheckConstraint(condition=Q(rank__in=Rank.values), name="hall_rank_known"),
            # Nobody goes before the others without a recorded reason.
            models.CheckConstraint(
                condition=~Q(rank__in=[Rank.URGENT, Rank.PRIORITY]) | ~Q(reason=""),
                name="hall_class_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(rank=Rank.URGENT) | (Q(reason=Reason.URGENT) & ~Q(reason_text="")),
                name="hall_green_channel_explained",
            ),
            models.CheckConstraint(
                condition=~Q(rank=Rank.APPOINTMENT) | Q(booked_for__isnull=False),
                name="hall_appointment_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["resident", "-joined_at"], name="hall_visit_resident")]

    def __str__(self) -> str:
        return self.ticket

    @property
    def ticket(self) -> str:
        """The number as printed and called."""
        return ticket(self.prefix, self.number)


class VisitItem(models.Model):
    """One thing for which the person came. The history of it is in the segments.

    ``category`` decides which windows serve it; empty: every window. ``only_window``: moved to this one.
    ``turn_at``: since when the place counts. The promised range (minutes) is written once.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="items")
    hall = models.ForeignKey("hall.Hall", models.PROTECT, related_name="+")
    day = models.DateField()
    seq = models.PositiveSmallIntegerField()
    item_version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=40, blank=True)
    at_once = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices)
    turn_at = models.DateTimeField()
    only_window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    window = models.ForeignKey("organisation.Window", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    last_segment = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    # What the slip promised.
    ahead = models.PositiveIntegerField(null=True)
    promised_low = models.PositiveIntegerField(null=True)
    promised_high = models.PositiveIntegerField(null=True)
    # What came of it.
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+")
    no_case_reason = models.CharField(max_length=200, blank=True)
    done_at_once = models.BooleanField(null=True)
    not_done_reason = models.CharField(max_length=500, blank=True)
    not_done_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "seq"], name="hall_item_seq_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="hall_item_state_known"),
            # A person is in one place, and a window has one person before it.
            models.UniqueConstraint(
                fields=["visit"], condition=Q(state__in=PRESENT), name="hall_visit_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state__in=AT_WINDOW), name="hall_window_serves_one"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*AT_WINDOW, State.HELD])
                | Q(window__isnull=False, user__isnull=False),
                name="hall_at_a_window_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(promised_low__isnull=True, promised_high__isnull=True)
                | Q(promised_low__lt=F("promised_high")),
                name="hall_promised_range",
            ),
            # What was served is registered as a matter, or it is said why not.
            models.CheckConstraint(
                condition=~Q(state=State.SERVED) | Q(case__isnull=False) | ~Q(no_case_reason=""),
                name="hall_served_is_registered",
            ),
            # At once means in this visit; otherwise a reason and a day are promised (rules §3, 即办件).
            models.CheckConstraint(
                condition=~Q(state=State.SERVED, at_once=True, case__isnull=False)
                | Q(done_at_once=True)
                | (Q(not_done_until__isnull=False) & ~Q(not_done_reason="")),
                name="hall_at_once_or_promised",
            ),
        ]
        indexes = [
            # The queue: what a window reads when it calls the next. Only those who wait are in it.
            models.Index(
                fields=["hall", "day", "category", "rank", "turn_at", "id"], name="hall_queue",
                condition=Q(state=State.WAITING, only_window__isnull=True),
            ),
            models.Index(
                fields=["only_window", "day", "rank", "turn_at", "id"], name="hall_queue_of_window",
                condition=Q(state=State.WAITING, only_window__isnull=False),
            ),
            models.Index(fields=["hall", "day"], name="hall_item_live", condition=Q(state__in=[
                State.PLANNED, *PRESENT,
            ])),
            models.Index(fields=["case"], name="hall_item_case", condition=Q(case__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.visit_id}.{self.seq}"
