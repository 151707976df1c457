"""The steps of a petition, the only moves between them, and the other closed lists of the desk.

Articles are those of the Regulations on Petition Work (信访工作条例, 2022).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Step(TextChoices):
    REGISTERED = "registered", pgettext_lazy("petition", "Registered")
    TRANSFERRED = "transferred", pgettext_lazy("petition", "Transferred")
    OBJECTED = "objected", pgettext_lazy("petition", "Objection to the transfer")
    ACCEPTED = "accepted", pgettext_lazy("petition", "Accepted")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("petition", "Not accepted")
    REPLIED = "replied", pgettext_lazy("petition", "Answered")
    OPINION = "opinion", pgettext_lazy("petition", "Opinion given")
    REVIEW_ASKED = "review_asked", pgettext_lazy("petition", "Review asked for")
    FINAL = "final", pgettext_lazy("petition", "Final opinion given")


NEXT: dict[Step, frozenset[Step]] = {
    Step.REGISTERED: frozenset({Step.ACCEPTED, Step.NOT_ACCEPTED, Step.TRANSFERRED}),
    Step.TRANSFERRED: frozenset({Step.ACCEPTED, Step.NOT_ACCEPTED, Step.OBJECTED}),
    # Returned only when the sender agrees; else it stays where it was sent (Art. 23).
    Step.OBJECTED: frozenset({Step.REGISTERED, Step.TRANSFERRED}),
    Step.ACCEPTED: frozenset({Step.REPLIED, Step.OPINION, Step.FINAL}),
    Step.NOT_ACCEPTED: frozenset(),
    Step.REPLIED: frozenset(),
    Step.OPINION: frozenset({Step.REVIEW_ASKED}),
    Step.REVIEW_ASKED: frozenset(),
    # After the re-review the same facts are not accepted again (Art. 36).
    Step.FINAL: frozenset(),
}
ANSWERED = (Step.NOT_ACCEPTED, Step.REPLIED, Step.OPINION, Step.REVIEW_ASKED, Step.FINAL)


class Instance(TextChoices):
    """The three instances; a review and a re-review are matters of their own, linked to the one before."""

    HANDLING = "handling", _("Handling")
    REVIEW = "review", _("Review")
    REREVIEW = "rereview", _("Re-review")


class Sort(TextChoices):
    """What a petition asks for (Art. 29, 30, 31)."""

    SUGGESTION = "suggestion", _("Suggestion or opinion")
    ACCUSATION = "accusation", _("Accusation")
    REQUEST = "request", _("Request for a decision")


class Route(TextChoices):
    """The six routes of a request (Art. 31)."""

    JUDICIAL = "judicial", _("Court, prosecution or police procedure")
    ARBITRATION = "arbitration", _("Arbitration")
    PARTY = "party", _("Appeal within the Party or a body's own review")
    ADMINISTRATIVE = "administrative", _("Administrative procedure")
    DUTY = "duty", _("Investigation of a breach, or a duty to protect")
    OPINION = "opinion", _("Investigation and written opinion")


class Way(TextChoices):
    """How a petition comes (Art. 17)."""

    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    PHONE = "phone", pgettext_lazy("way", "Phone")
    FAX = "fax", _("Fax")
    NETWORK = "network", _("Network")


class Label(TextChoices):
    """Statistical labels only: neither decides anything about the petition."""

    FIRST = "first", pgettext_lazy("petition", "First")
    REPEATED = "repeated", pgettext_lazy("petition", "Repeated")


class Outcome(TextChoices):
    """The outcome of a written opinion (Art. 32)."""

    SUPPORTED = "supported", _("Supported")
    EXPLAINED = "explained", _("Explained")
    NOT_SUPPORTED = "not_supported", _("Not supported")


class Ground(TextChoices):
    """Why a petition is not accepted."""

    PENDING_ABOVE = "pending_above", _("The same matter is pending at a higher body")
    FINAL = "final", _("The same facts were decided in a re-review")
    OTHER_ROUTE = "other_route", _("The law gives another procedure for it")
    NOT_COMPETENT = "not_competent", _("Another body is responsible")


class Level(TextChoices):
    """Where a petition was settled: small matters in the courtyard, big ones in the community."""

    LANE = "lane", _("In the lane")
    COMMUNITY = "community", _("In the community")
    SUB_DISTRICT = "sub_district", _("At the sub-district")
    ABOVE = "above", _("Above the sub-district")


class Conflict(TextChoices):
    """Why somebody keeps away from a petition (Art. 28 and 46)."""

    RELATIVE = "relative", _("A relative of somebody concerned")
    PARTY = "party", _("Has an interest of his own")
    FORMER = "former", _("Handled it before")
    OTHER = "other", pgettext_lazy("recusal", "Another relation")
