"""The people's mediation committee of a unit, its terms and its members, who are the mediators."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangdian.desks.mediation.rules import LEAST_MEMBERS, MOST_MEMBERS

STAFF = settings.AUTH_USER_MODEL


class Committee(models.Model):
    """One a unit. ``police_name`` and ``police_phone``: who is told at once of a danger (Art. 25)."""

    unit = models.OneToOneField("organisation.Unit", models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=100)
    police_name = models.CharField(_("Police contact"), max_length=100)
    police_phone = models.CharField(_("Phone of the police contact"), max_length=30)
    court = models.CharField(_("Court of the place"), max_length=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(police_name="") & ~Q(police_phone=""),
                name="mediation_committee_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A term of three years (Art. 9). A trigger counts the members; the checks hold whoever asks (Art. 8)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="terms")
    starts = models.DateField()
    ends = models.DateField()
    members = models.PositiveSmallIntegerField()
    women = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "starts"], name="mediation_term_once"),
            models.CheckConstraint(
                condition=Q(members__gte=LEAST_MEMBERS, members__lte=MOST_MEMBERS),
                name="mediation_term_three_to_nine",
            ),
            models.CheckConstraint(
                condition=Q(women__gte=1, women__lte=F("members")), name="mediation_term_with_women"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts"), ends__lte=F("starts") + timedelta(days=1096)),
                name="mediation_term_three_years",
            ),
        ]


class Member(models.Model):
    """A member of the committee in one term, and by that a mediator."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="seats")
    user = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    woman = models.BooleanField()
    head = models.BooleanField(default=False)
    joined = models.DateField()
    left = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term", "user"], condition=Q(left__isnull=True), name="mediation_member_once"
            ),
            models.UniqueConstraint(
                fields=["term"], condition=Q(left__isnull=True, head=True), name="mediation_one_head"
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("joined")), name="mediation_member_period"
            ),
        ]
