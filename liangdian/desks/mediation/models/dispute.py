"""A dispute, its parties and what they answered, its mediators, and what was reported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liangdian.desks.mediation.models.committee import Committee, Member
from liangdian.desks.mediation.states import (
    AnsweredBy,
    Category,
    Chosen,
    DisputeState,
    Openness,
    PartyKind,
    RiskKind,
    Side,
    Source,
    Subject,
    Subtype,
    WayOut,
)
from liangdian.platform.crypto import mask_name, mask_phone
from liangdian.platform.crypto.fields import EncryptedTextField

STAFF = settings.AUTH_USER_MODEL


class Dispute(models.Model):
    """What a case of mediation has beside its case. ``openness`` holds for its sessions (Art. 23)."""

    case = models.OneToOneField("casework.Case", models.PROTECT, primary_key=True, related_name="dispute")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=DisputeState.choices, default=DisputeState.REGISTERED)
    source = models.CharField(max_length=16, choices=Source.choices)
    transferred_by = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=16, choices=Category.choices)
    subtype = models.CharField(max_length=16, choices=Subtype.choices, blank=True)
    openness = models.CharField(max_length=8, choices=Openness.choices, default=Openness.CLOSED)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    way_out = models.CharField(max_length=16, choices=WayOut.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DisputeState.values), name="mediation_dispute_state_known"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="mediation_dispute_category_known"
            ),
            models.CheckConstraint(
                condition=Q(subtype="") | Q(subtype__in=Subtype.values),
                name="mediation_dispute_subtype_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values) & (~Q(source=Source.TRANSFER) | ~Q(transferred_by="")),
                name="mediation_dispute_source",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisputeState.FAILED) | ~Q(way_out=""), name="mediation_dispute_way_out"
            ),
        ]
        indexes = [
            models.Index("state", "registered_at", name="mediation_by_state"),
            models.Index(F("registered_at").desc(), F("case_id").desc(), name="mediation_newest"),
        ]


class _Person(models.Model):
    """Somebody who takes part: sealed, shown masked."""

    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    identity = EncryptedTextField(blank=True)

    class Meta:
        abstract = True

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone) if self.phone else ""


class Party(_Person):
    """One party of any number; linked to the register of residents where he is known there."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="parties")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=16, choices=Side.choices)
    kind = models.CharField(max_length=16, choices=PartyKind.choices, default=PartyKind.PERSON)
    resident = models.ForeignKey("people.Resident", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="mediation_party_number"),
            models.UniqueConstraint(
                fields=["dispute", "resident"], condition=Q(resident__isnull=False),
                name="mediation_party_resident_once",
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="mediation_party_side_known"),
        ]  # fmt: skip


class Representative(_Person):
    """Who acts for a party, and by what right (power of attorney, guardian)."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="representatives")
    basis = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="mediation_representative_by")]


class Answer(models.Model):
    """What a party said when it was asked. Only added; the newest one for a subject counts."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="answers")
    subject = models.CharField(max_length=16, choices=Subject.choices)
    given = models.BooleanField()
    how = models.CharField(max_length=16, choices=AnsweredBy.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values, how__in=AnsweredBy.values),
                name="mediation_answer_known",
            )
        ]
        indexes = [models.Index("party", "subject", "id", name="mediation_answer_newest")]


class Assignment(models.Model):
    """A mediator of a dispute; several may mediate together (Art. 19)."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    how = models.CharField(max_length=16, choices=Chosen.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "member"], condition=Q(ended_at__isnull=True),
                name="mediation_assigned_once",
            ),
            models.CheckConstraint(condition=Q(how__in=Chosen.values), name="mediation_assigned_how"),
        ]  # fmt: skip


class Recusal(models.Model):
    """This mediator takes no part in this dispute: party, relative, or otherwise not free. For good."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="recusals")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "member"], name="mediation_recused_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="mediation_recused_why"),
        ]


class Report(models.Model):
    """That a danger was reported to the police contact at once (Art. 25). Only added."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="reports")
    risk = models.CharField(max_length=16, choices=RiskKind.choices)
    words = EncryptedTextField()
    told_name = models.CharField(max_length=100)
    told_phone = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(risk__in=RiskKind.values) & ~Q(told_name=""),
                name="mediation_report_whole",
            )
        ]
