"""The closed lists of duty."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MarkKind(TextChoices):
    """What a person says of himself. Never inferred from the order of presses."""

    IN = "in", _("Signed in for duty")
    OUT = "out", _("Signed out from duty")


class Way(TextChoices):
    """How it was said."""

    ACCOUNT = "account", _("at the own account")
    CODE = "code", _("by the code on the screen")
    CORRECTION = "correction", _("by correction")


class Presence(TextChoices):
    """How somebody who should be on duty stood when the roll was called."""

    PRESENT = "present", pgettext_lazy("roll call", "Present")
    MISSING = "missing", pgettext_lazy("roll call", "Missing")
