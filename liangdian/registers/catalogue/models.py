"""Service items in versions: a running case keeps the version that it started with. Private to this room."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.limits import Limit, LimitUnit


class LimitUnits(models.TextChoices):
    AT_ONCE = LimitUnit.AT_ONCE.value, _("at once")
    HOURS = LimitUnit.HOURS.value, _("hours")
    WORKING_DAYS = LimitUnit.WORKING_DAYS.value, _("working days")
    CALENDAR_DAYS = LimitUnit.CALENDAR_DAYS.value, _("calendar days")


class ItemKind(models.TextChoices):
    AT_ONCE = "at_once", _("At once (same visit)")
    PROMISED = "promised", _("With a promised limit")


class Necessity(models.TextChoices):
    REQUIRED = "required", _("Required")
    MINOR = "minor", _("Minor, can come later")
    CONDITIONAL = "conditional", _("Only in the case named")


class Named(models.Model):
    """A name, and that name in other languages (``{"en": "..."}``)."""

    name = models.CharField(_("Name"), max_length=200)
    names = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.names.get(get_language() or "", "") or self.name

    def __str__(self) -> str:
        return self.label


class Category(Named):
    """A group of items, usually those of one department or one window."""

    code = models.CharField(max_length=40, unique=True)
    order = models.PositiveIntegerField(default=100)


class Item(models.Model):
    """A service item (事项) under its code; what it says stands in its versions."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="items")
    active = models.BooleanField(default=True)
    current = models.ForeignKey("ItemVersion", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.code


class ItemVersion(Named):
    """Everything that is published of an item (rules §3). Never changed: a change is a new version."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("Type of handling"), max_length=10, choices=ItemKind.choices)
    basis = models.TextField(_("Legal basis"), blank=True)
    authority = models.CharField(_("Authority"), max_length=200, blank=True)
    audience = models.CharField(_("For whom"), max_length=200, blank=True)
    conditions = models.TextField(_("Conditions"), blank=True)
    steps = models.TextField(_("How it goes"), blank=True)
    legal_amount = models.PositiveIntegerField(_("Legal limit"), null=True)
    legal_unit = models.CharField(max_length=16, choices=LimitUnits.choices, blank=True)
    promised_amount = models.PositiveIntegerField(_("Promised limit"))
    promised_unit = models.CharField(max_length=16, choices=LimitUnits.choices)
    fee = models.CharField(_("Fee"), max_length=200, blank=True)
    fee_basis = models.CharField(_("Basis of the fee"), max_length=200, blank=True)
    result = models.CharField(_("Result"), max_length=200, blank=True)
    place_time = models.CharField(_("Where and when"), max_length=300, blank=True)
    enquiry = models.CharField(_("Enquiries"), max_length=200, blank=True)
    complaints = models.CharField(_("Complaints"), max_length=200, blank=True)
    visits = models.PositiveSmallIntegerField(_("Visits needed"), default=1)
    remedies = models.TextField(_("Remedies"), blank=True)
    valid_from = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number"),
            models.CheckConstraint(
                condition=Q(legal_amount__isnull=True, legal_unit="")
                | (Q(legal_amount__isnull=False) & ~Q(legal_unit="")),
                name="item_legal_limit_whole",
            ),
            # A promise is never longer than the law (rules §3); across units the service checks it.
            models.CheckConstraint(
                condition=Q(legal_amount__isnull=True)
                | ~Q(legal_unit=F("promised_unit"))
                | Q(promised_amount__lte=F("legal_amount")),
                name="item_promise_within_law",
            ),
        ]

    @property
    def promised_limit(self) -> Limit:
        return Limit(amount=self.promised_amount, unit=LimitUnit(self.promised_unit))

    @property
    def legal_limit(self) -> Limit | None:
        if self.legal_amount is None:
            return None
        return Limit(amount=self.legal_amount, unit=LimitUnit(self.legal_unit))


class ItemDocument(Named):
    """One document of an item's complete published list."""

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="documents")
    order = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(_("Copies"), default=1)
    source = models.CharField(_("Where from"), max_length=200, blank=True)
    necessity = models.CharField(
        _("Needed"), max_length=12, choices=Necessity.choices, default=Necessity.REQUIRED
    )
    condition = models.CharField(_("In which case"), max_length=200, blank=True)
    sample = models.CharField(_("Sample form"), max_length=200, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(necessity=Necessity.CONDITIONAL) | ~Q(condition=""),
                name="document_condition_named",
            )
        ]


class ItemSearch(models.Model):
    """The words of an item's current version."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="search")
    words = models.TextField()
