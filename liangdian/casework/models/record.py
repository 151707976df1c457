"""What happened: events, referrals, answers, ratings. Events and ratings are only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liangdian.casework.models.case import OF_A_DESK, STAFF, Case
from liangdian.casework.models.clocks import Promise
from liangdian.casework.states import EventType, Grade, Outcome, RatedBy, ReferralState, ReturnWhy


class Event(models.Model):
    """One line of the case's history, chained: ``hash`` covers the line and the hash before it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    # One of ``EventType``, or a desk's own: ``petitions.accepted``.
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_seq"),
            models.CheckConstraint(
                condition=Q(type__in=EventType.values) | Q(type__regex=OF_A_DESK), name="event_type_known"
            ),
        ]
        indexes = [models.Index("type", "at", name="event_type_at")]


class Referral(models.Model):
    """The work goes to another unit or post; it is accepted, or returned with a reason, within a limit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=16, choices=ReferralState.choices, default=ReferralState.OFFERED)
    from_unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    to_post = models.ForeignKey("organisation.Post", models.PROTECT, null=True, related_name="+")
    referred_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    accept_by = models.DateTimeField()
    decided_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    return_why = models.CharField(max_length=16, choices=ReturnWhy.choices, blank=True)
    # Who is responsible instead (a unit here, or a body outside the house), and on what ground.
    responsible = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+")
    responsible_body = models.CharField(max_length=200, blank=True)
    ground = models.TextField(blank=True)
    # Decided by a coordination meeting: then "not us" is no answer.
    meeting = models.ForeignKey("casework.Meeting", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[ReferralState.OFFERED, ReferralState.ACCEPTED]),
                name="referral_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.RETURNED) | ~Q(return_reason=""),
                name="referral_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(return_why=ReturnWhy.NOT_RESPONSIBLE)
                | (Q(responsible__isnull=False) | ~Q(responsible_body="")) & ~Q(ground=""),
                name="referral_names_who_is_responsible",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | ~Q(return_why=ReturnWhy.NOT_RESPONSIBLE),
                name="referral_decided_by_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(responsible__isnull=True) | ~Q(responsible=F("to_unit")),
                name="referral_another_is_responsible",
            ),
        ]


class Resolution(models.Model):
    """The answer of one round, and which promise it met or missed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="resolutions")
    round = models.PositiveSmallIntegerField()
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.ANSWERED)
    answer = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    kept = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="resolution_per_round")]


class Rating(models.Model):
    """The resident's word on one round. ``recorded_by`` is the caller of a call-back, never the handler."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=1, choices=Grade.choices)
    comment = models.TextField(blank=True)
    source = models.CharField(max_length=16, choices=RatedBy.choices)
    recorded_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    about_user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    # A keyed hash of browser, network and day: it names nobody, and tells only whether two are the same.
    device = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="rating_per_round"),
            models.CheckConstraint(
                condition=Q(source=RatedBy.LINK) | Q(device=""), name="rating_device_of_residents"
            ),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="rating_grade_known"),
            models.CheckConstraint(
                condition=Q(source=RatedBy.LINK, recorded_by__isnull=True)
                | Q(source=RatedBy.CALL_BACK, recorded_by__isnull=False),
                name="rating_source_and_recorder",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True)
                | (
                    (Q(handler__isnull=True) | ~Q(recorded_by=F("handler")))
                    & (Q(about_user__isnull=True) | ~Q(recorded_by=F("about_user")))
                ),
                name="rating_not_of_oneself",
            ),
        ]
        indexes = [
            models.Index("at", name="rating_when"),
            models.Index("device", name="rating_device", condition=~Q(device="")),
        ]
