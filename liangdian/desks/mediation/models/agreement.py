"""The agreement with its signatures and obligations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liangdian.desks.mediation.models.dispute import Assignment, Dispute, Party
from liangdian.desks.mediation.states import AgreementForm, ObligationKind, ObligationState, SignedBy
from liangdian.platform.crypto.fields import EncryptedTextField

STAFF = settings.AUTH_USER_MODEL


class Agreement(models.Model):
    """What the parties agreed on (Art. 28 and 29). Its words never change once somebody has signed.

    ``effective_at`` follows from the signatures and the seal (Art. 30); ``confirm_until`` is the last day on
    which both may ask the court to confirm it (Art. 33).
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=8, choices=AgreementForm.choices)
    facts = EncryptedTextField()
    responsibilities = EncryptedTextField(blank=True)
    content = EncryptedTextField()
    manner = EncryptedTextField(blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    confirm_until = models.DateField(null=True)
    confirmation_asked_on = models.DateField(null=True)
    confirmation_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "version"], name="mediation_agreement_version"),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(dropped_at__isnull=True), name="mediation_agreement_one"
            ),
            models.CheckConstraint(
                condition=Q(form__in=AgreementForm.values),
                name="mediation_agreement_form",
            ),
            models.CheckConstraint(
                condition=Q(effective_at__isnull=True)
                | Q(dropped_at__isnull=True, confirm_until__isnull=False),
                name="mediation_agreement_in_effect",
            ),
        ]


class Signature(models.Model):
    """One signature. ``strokes`` are the lines drawn on the screen, as an SVG path; ``scan`` is the paper."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    mediator = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=12, choices=SignedBy.choices)
    strokes = EncryptedTextField(blank=True)
    scan = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(STAFF, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="mediation_signed_once"),
            models.UniqueConstraint(fields=["agreement", "mediator"], name="mediation_mediator_signed_once"),
            models.CheckConstraint(
                condition=Q(party__isnull=False, mediator__isnull=True)
                | Q(party__isnull=True, mediator__isnull=False),
                name="mediation_signature_of_one",
            ),
            models.CheckConstraint(
                condition=Q(how=SignedBy.SCREEN, scan__isnull=True)
                | Q(how__in=[SignedBy.PAPER, SignedBy.FINGERPRINT], scan__isnull=False),
                name="mediation_signature_to_be_seen",
            ),
        ]


class Obligation(models.Model):
    """One thing that a party owes by a day; an instalment is one of several. Amounts are in fen."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations")
    number = models.PositiveSmallIntegerField()
    debtor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ObligationKind.choices)
    amount_fen = models.BigIntegerField(null=True)
    words = EncryptedTextField(blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ObligationState.choices, default=ObligationState.DUE)
    done_on = models.DateField(null=True)
    result = EncryptedTextField(blank=True)
    recorded_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    call_told_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="mediation_obligation_number"),
            models.CheckConstraint(
                condition=Q(kind=ObligationKind.MONEY, amount_fen__gt=0)
                | Q(kind=ObligationKind.ACT, amount_fen__isnull=True),
                name="mediation_obligation_what",
            ),
            models.CheckConstraint(
                condition=~Q(debtor=models.F("creditor")), name="mediation_obligation_two_sides"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ObligationState.values)
                & (~Q(state=ObligationState.KEPT) | Q(done_on__isnull=False)),
                name="mediation_obligation_state",
            ),
        ]
        indexes = [
            models.Index("due_on", "id", name="mediation_falls_due", condition=Q(state=ObligationState.DUE))
        ]
