"""The closed lists of livelihood help, and the only moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HelpState(TextChoices):
    REGISTERED = "registered", _("The household is asked")
    SEEKING = "seeking", _("A place is sought")
    PLACED = "placed", _("In work or trade")
    SETTLED = "settled", _("Settled after a year")
    HELPED = "helped", _("Helped in another way")
    DECLINED = "declined", _("The household does not want it")
    ENDED = "ended", _("Ended without a place")


NEXT: dict[HelpState, frozenset[HelpState]] = {
    HelpState.REGISTERED: frozenset({HelpState.SEEKING, HelpState.DECLINED}),
    HelpState.SEEKING: frozenset({HelpState.PLACED, HelpState.HELPED, HelpState.ENDED}),
    # A place that was lost is sought again, with everything that is known.
    HelpState.PLACED: frozenset({HelpState.SEEKING, HelpState.SETTLED}),
    HelpState.SETTLED: frozenset(),
    HelpState.HELPED: frozenset(),
    HelpState.DECLINED: frozenset(),
    HelpState.ENDED: frozenset(),
}


class Source(TextChoices):
    APPLICATION = "application", _("The household applied")
    VISIT = "visit", _("Found on a visit")


class NeedKind(TextChoices):
    WORK = "work", pgettext_lazy("livelihood", "Work")
    TRADE = "trade", _("A trade place")
    TRAINING = "training", pgettext_lazy("livelihood", "Training")
    BENEFITS = "benefits", pgettext_lazy("livelihood", "Benefits")
    EQUIPMENT = "equipment", _("Tools or equipment")


class OfferKind(TextChoices):
    """A place that is offered; its codes are those of the needs that it can meet."""

    WORK = "work", pgettext_lazy("livelihood", "Work")
    TRADE = "trade", _("A trade place")


class OfferState(TextChoices):
    OPEN = "open", pgettext_lazy("offer", "Open")
    FILLED = "filled", pgettext_lazy("offer", "Filled")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


class ToldBy(TextChoices):
    """How the household answered."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", pgettext_lazy("answer", "By phone")
    WRITING = "writing", _("In writing")


class WayOut(TextChoices):
    """Why the help ends without a place."""

    WISH = "wish", _("The household wants no more help")
    MOVED = "moved", _("The household moved away")
    NOTHING = "nothing", _("Nothing could be found")


MONTHS = (1, 3, 6, 12)
