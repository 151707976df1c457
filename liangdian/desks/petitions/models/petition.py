"""What a petition is beside its case: class, route, way, group, label, and who is complained about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.petitions.rules import MOST_REPRESENTATIVES
from liangdian.desks.petitions.states import Instance, Label, Level, Route, Sort, Step, Way

STAFF = settings.AUTH_USER_MODEL


class Petition(models.Model):
    """One instance of a petition. ``of`` is the instance before: what a review is about.

    ``found`` is the label that the system found, ``label`` the officer's decision; ``earlier`` links to the
    petition that this one repeats. ``unclear``: name or address is unclear, so no notice is due (Art. 23).
    """

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, related_name="petition")
    instance = models.CharField(max_length=16, choices=Instance.choices, default=Instance.HANDLING)
    of = models.OneToOneField("self", models.PROTECT, null=True, related_name="reviewed_by")
    step = models.CharField(max_length=16, choices=Step.choices, default=Step.REGISTERED)
    sort = models.CharField(max_length=16, choices=Sort.choices)
    route = models.CharField(max_length=16, choices=Route.choices, blank=True)
    way = models.CharField(max_length=16, choices=Way.choices)
    oral = models.BooleanField(default=False)
    read_back = models.BooleanField(default=False)
    people = models.PositiveSmallIntegerField(default=1)
    unclear = models.BooleanField(default=False)
    simplified = models.BooleanField(default=False)
    major = models.BooleanField(default=False)
    found = models.CharField(max_length=16, choices=Label.choices, default=Label.FIRST)
    label = models.CharField(max_length=16, choices=Label.choices, blank=True)
    label_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    notice_due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    review_until = models.DateField(null=True)
    settled = models.CharField(max_length=16, choices=Level.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="petition_step_known"),
            models.CheckConstraint(
                condition=Q(sort=Sort.REQUEST, route__in=Route.values)
                | (Q(sort__in=[Sort.SUGGESTION, Sort.ACCUSATION], route="")),
                name="petition_route_of_requests",
            ),
            models.CheckConstraint(
                condition=Q(oral=False) | Q(read_back=True), name="petition_spoken_is_read_back"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="petition_somebody"),
            models.CheckConstraint(
                condition=Q(instance=Instance.HANDLING, of__isnull=True)
                | Q(instance__in=[Instance.REVIEW, Instance.REREVIEW], of__isnull=False),
                name="petition_review_of_something",
            ),
            models.CheckConstraint(
                condition=Q(of__isnull=True) | ~Q(of=F("case")), name="petition_not_of_itself"
            ),
            models.CheckConstraint(
                condition=~Q(step__in=[Step.OPINION, Step.REVIEW_ASKED]) | Q(review_until__isnull=False),
                name="petition_opinion_can_be_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(label="", label_by__isnull=True)
                | Q(label__in=Label.values, label_by__isnull=False),
                name="petition_label_by_somebody",
            ),
        ]
        indexes = [
            models.Index("notice_due_at", name="petition_notice_due"),
            models.Index("review_until", name="petition_review_until", condition=Q(step=Step.OPINION)),
        ]

    @property
    def shown_label(self) -> str:
        """The officer's label, else the one that the system found."""
        return str(Label(self.label or self.found).label)


class Accused(models.Model):
    """Who is complained about: a member of the staff or a unit. Neither ever sees the petition.

    ``through_user``: the unit of a person complained about; its members see it only as handlers, and its
    head because he must decide. A unit complained about itself never does.
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="accused")
    user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+")
    through_user = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, unit__isnull=True, through_user=False)
                | Q(user__isnull=True, unit__isnull=False),
                name="accused_one_of_both",
            ),
            models.UniqueConstraint(fields=["petition", "user"], name="accused_user_once"),
            models.UniqueConstraint(fields=["petition", "unit"], name="accused_unit_once"),
        ]


class Representative(models.Model):
    """One of at most five representatives of a group (Art. 20); name and phone are stored encrypted."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="representatives")
    ordinal = models.PositiveSmallIntegerField()
    name_sealed = models.TextField()
    phone_sealed = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "ordinal"], name="representative_once"),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1, ordinal__lte=MOST_REPRESENTATIVES),
                name="representatives_five_at_most",
            ),
        ]
