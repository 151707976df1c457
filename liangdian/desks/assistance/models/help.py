"""What a case of livelihood help has beside its case: consent, needs, training."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.assistance.states import HelpState, NeedKind, Source, ToldBy, WayOut
from liangdian.platform.crypto.fields import EncryptedTextField

STAFF = settings.AUTH_USER_MODEL


class Help(models.Model):
    """``income`` is the household's before the help, yuan a month, sealed; empty when it was not told.

    ``least_pay`` (yuan a month) and ``most_hours`` (a week) are what the household looks for.
    """

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, related_name="help")
    state = models.CharField(max_length=12, choices=HelpState.choices, default=HelpState.REGISTERED)
    source = models.CharField(max_length=12, choices=Source.choices)
    people = models.PositiveSmallIntegerField()
    helper = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    income = EncryptedTextField(blank=True)
    least_pay = models.PositiveIntegerField(null=True)
    most_hours = models.PositiveSmallIntegerField(null=True)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    way_out = models.CharField(max_length=8, choices=WayOut.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HelpState.values), name="assistance_state_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="assistance_source_known"),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=30), name="assistance_people_of_household"
            ),
            models.CheckConstraint(
                condition=Q(most_hours__isnull=True) | Q(most_hours__gte=1, most_hours__lte=84),
                name="assistance_hours_possible",
            ),
            models.CheckConstraint(
                condition=~Q(state=HelpState.ENDED) | Q(way_out__in=WayOut.values),
                name="assistance_ended_why",
            ),
        ]
        indexes = [models.Index(F("registered_at").desc(), F("case_id").desc(), name="assistance_newest")]


class Consent(models.Model):
    """What the household said when it was asked whether it wants help and that its data are kept for it."""

    help = models.ForeignKey(Help, models.PROTECT, related_name="consents")
    given = models.BooleanField()
    how = models.CharField(max_length=12, choices=ToldBy.choices)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(how__in=ToldBy.values), name="assistance_consent_how")
        ]


class Need(models.Model):
    """One thing that the household needs; met by a placement, a training, or otherwise in words."""

    help = models.ForeignKey(Help, models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=10, choices=NeedKind.choices)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    met_on = models.DateField(null=True)
    met_how = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["help", "kind"], name="assistance_need_once"),
            models.CheckConstraint(condition=Q(kind__in=NeedKind.values), name="assistance_need_known"),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True, met_how="") | (Q(met_on__isnull=False) & ~Q(met_how="")),
                name="assistance_need_met_how",
            ),
        ]


class Training(models.Model):
    """A training of somebody of the household: by whom and when."""

    help = models.ForeignKey(Help, models.PROTECT, related_name="trainings")
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(provider="") & Q(ends__gte=F("starts")),
                name="assistance_training_whole",
            )
        ]
