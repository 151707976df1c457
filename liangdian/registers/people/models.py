"""Residents, known once whatever the channel; households; ways to reach them. Private to this room."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.platform.crypto import decrypt, mask_email, mask_identity, mask_phone
from liangdian.registers.people.needs import Need
from liangdian.registers.people.reach import TellBy


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Household(models.Model):
    """People who live together at one address."""

    address = models.CharField(_("Address"), max_length=200)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "address"], name="household_once")]

    def __str__(self) -> str:
        return self.address


class Resident(models.Model):
    """A person the centre serves. The identity number is sealed; it is found only by its keyed hash."""

    name = models.CharField(_("Full name"), max_length=100)
    sex = models.CharField(_("Sex"), max_length=10, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("Date of birth"), null=True, blank=True)
    identity_sealed = models.TextField(blank=True)
    identity_hash = models.CharField(max_length=64, unique=True, null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    tell_by = models.CharField(max_length=10, choices=TellBy.choices, default=TellBy.ANY, blank=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need.choices), default=list, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="members")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    address = models.CharField(_("Address"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="resident_has_a_name"),
            models.CheckConstraint(
                condition=Q(identity_sealed="", identity_hash__isnull=True)
                | (~Q(identity_sealed="") & Q(identity_hash__isnull=False)),
                name="resident_identity_sealed_and_hashed",
            ),
            models.CheckConstraint(condition=Q(tell_by__in=TellBy.values), name="resident_tell_by_known"),
        ]
        indexes = [
            models.Index("unit", "name", "id", name="resident_unit_name"),
            models.Index(OpClass("name", "varchar_pattern_ops"), name="resident_name_begins"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identity_masked(self) -> str:
        """The identity number with only its ends; empty when there is none."""
        return mask_identity(decrypt(self.identity_sealed)) if self.identity_sealed else ""

    @property
    def phone_masked(self) -> str:
        """The preferred phone with its middle hidden; empty when there is none."""
        return self._masked(ContactKind.PHONE)

    @property
    def email_masked(self) -> str:
        """The preferred e-mail address, masked; empty when there is none."""
        return self._masked(ContactKind.EMAIL)

    def _masked(self, kind: str) -> str:
        points = sorted((c for c in self.contacts.all() if c.kind == kind), key=lambda c: not c.preferred)
        return points[0].masked if points else ""

    @property
    def need_labels(self) -> list[str]:
        return [str(Need(need).label) for need in self.needs]


class ContactKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class ContactPoint(models.Model):
    """One way to reach a resident, sealed; found by its keyed hash."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value_sealed = models.TextField()
    value_hash = models.CharField(max_length=64)
    preferred = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "kind", "value_hash"], name="contact_once"),
        ]
        indexes = [models.Index("value_hash", "kind", name="contact_by_hash")]

    @property
    def masked(self) -> str:
        """The number or address with its middle hidden."""
        value = decrypt(self.value_sealed)
        return mask_phone(value) if self.kind == ContactKind.PHONE else mask_email(value)
