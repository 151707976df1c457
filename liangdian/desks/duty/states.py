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


class LeaveKind(TextChoices):
    """Why somebody is away."""

    ANNUAL = "annual", _("Annual leave")
    SICK = "sick", _("Sick leave")
    PERSONAL = "personal", _("Personal leave")
    OFFICIAL = "official", _("Away on official business")
    OTHER = "other", _("Other leave")


class LeaveState(TextChoices):
    """Where a request for leave stands. Only a request moves (``NEXT_OF_LEAVE``)."""

    ASKED = "asked", pgettext_lazy("leave", "Asked")
    APPROVED = "approved", pgettext_lazy("leave", "Approved")
    REFUSED = "refused", pgettext_lazy("leave", "Not approved")
    WITHDRAWN = "withdrawn", pgettext_lazy("leave", "Withdrawn by the person")


# The database refuses every other move (migration 0006).
NEXT_OF_LEAVE: dict[LeaveState, frozenset[LeaveState]] = {
    LeaveState.ASKED: frozenset({LeaveState.APPROVED, LeaveState.REFUSED, LeaveState.WITHDRAWN}),
    LeaveState.APPROVED: frozenset(),
    LeaveState.REFUSED: frozenset(),
    LeaveState.WITHDRAWN: frozenset(),
}


class Basis(TextChoices):
    """What an allowance is paid for."""

    DAY = "day", _("each day on duty")
    HOUR = "hour", _("each full hour on duty")
    REST_HOUR = "rest_hour", _("each full hour on rest days and holidays")
