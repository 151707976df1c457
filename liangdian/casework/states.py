"""The states of a case, the only moves between them, and the other closed lists of the room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What a resident brings (rules §3 and §5)."""

    SERVICE = "service", _("Service matter")
    CONSULTATION = "consultation", _("Consultation")
    HELP = "help", _("Request for help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report")
    SUGGESTION = "suggestion", _("Suggestion")


class Channel(TextChoices):
    """How it reached the centre."""

    WINDOW = "window", _("Window")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    WEB = "web", _("Website")
    KIOSK = "kiosk", _("Kiosk")
    LETTER = "letter", _("Letter or e-mail")
    APP = "app", _("Mobile app")
    VISIT = "visit", _("Visit by staff")
    OTHER = "other", _("Other")


class State(TextChoices):
    RECEIVED = "received", _("Received")
    HANDLING = "handling", _("Being handled")
    WAITING = "waiting", _("Waiting for the resident")
    RESOLVED = "resolved", _("Answered, waiting for the rating")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


NEXT: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.HANDLING, State.WAITING, State.RESOLVED, State.WITHDRAWN}),
    State.HANDLING: frozenset({State.WAITING, State.RESOLVED, State.WITHDRAWN}),
    State.WAITING: frozenset({State.HANDLING, State.RESOLVED, State.WITHDRAWN}),
    State.RESOLVED: frozenset({State.CLOSED, State.HANDLING}),
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
OPEN = (State.RECEIVED, State.HANDLING, State.WAITING, State.RESOLVED)
IN_HAND = (State.RECEIVED, State.HANDLING, State.WAITING)


class Ending(TextChoices):
    """Why a case is closed. There is no other way to close one."""

    SATISFIED = "satisfied", _("The resident is satisfied")
    NOT_RATED = "not_rated", _("Not rated")
    WITHDRAWN = "withdrawn", _("Withdrawn by the resident")


class Grade(TextChoices):
    """Five grades of the national rating scheme (rules §4); the last two are bad ratings."""

    VERY_SATISFIED = "5", _("Very satisfied")
    SATISFIED = "4", _("Satisfied")
    BASICALLY_SATISFIED = "3", _("Basically satisfied")
    DISSATISFIED = "2", _("Dissatisfied")
    VERY_DISSATISFIED = "1", _("Very dissatisfied")


BAD_GRADES = frozenset({Grade.DISSATISFIED, Grade.VERY_DISSATISFIED})


class RatedBy(TextChoices):
    LINK = "link", _("By the resident's own link")
    CALL_BACK = "call_back", _("In a call-back")


class ReferralState(TextChoices):
    OFFERED = "offered", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    ANSWERED = "answered", _("Answered")
    SUPERSEDED = "superseded", _("Taken over")


class PromiseReason(TextChoices):
    REGISTERED = "registered", _("Promised on registration")
    REOPENED = "reopened", _("Promised anew after a bad rating")
    IMPORTED = "imported", _("Taken over from the earlier system")


class EventType(TextChoices):
    REGISTERED = "registered", _("Registered")
    PROMISED = "promised", _("Promise given")
    STARTED = "started", _("Work began")
    CONTACTED = "contacted", _("Resident contacted")
    NOTED = "noted", _("Note")
    ASKED = "asked", _("Resident asked for more")
    SUPPLIED = "supplied", _("Resident supplied it")
    REFERRED = "referred", _("Referred")
    REFERRAL_ACCEPTED = "referral_accepted", _("Referral accepted")
    REFERRAL_RETURNED = "referral_returned", _("Referral returned")
    TRANSFERRED = "transferred", _("Handed to a colleague")
    ESCALATED = "escalated", _("Escalated")
    WARNED = "warned", _("Warning")
    OVERDUE = "overdue", _("Overdue")
    RESOLVED = "resolved", _("Answered")
    RATED = "rated", _("Rated")
    REOPENED = "reopened", _("Reopened")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DOCUMENT_ADDED = "document_added", _("Document added")
    DOCUMENT_WITHDRAWN = "document_withdrawn", _("Document withdrawn")
