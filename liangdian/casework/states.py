"""The states of a case, the only moves between them, and the other closed lists of the room."""

from django.db.models import IntegerChoices, TextChoices
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
    # These have a desk of their own (``procedures.py``) and are registered there.
    PETITION = "petition", _("Petition")
    DISPUTE = "dispute", _("Dispute")
    LIVELIHOOD = "livelihood", _("Livelihood help")


# What the general intake takes.
GENERAL = (
    Kind.SERVICE, Kind.CONSULTATION, Kind.HELP, Kind.COMPLAINT, Kind.REPORT, Kind.SUGGESTION,
)  # fmt: skip
GENERAL_CHOICES = [(kind.value, kind.label) for kind in GENERAL]


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


class Rank(IntegerChoices):
    """The place of a case in every list, before its due date."""

    GREEN = 0, _("Green channel")
    NORMAL = 5, pgettext_lazy("rank", "In turn")


class GreenReason(TextChoices):
    """Why a matter goes before the others (绿色通道)."""

    PREGNANT = "pregnant", _("Pregnant or with a baby")
    DISABLED = "disabled", _("Disabled")
    OVER_80 = "over_80", _("Over 80 years old")
    ILL = "ill", _("Seriously ill")
    SOLDIER = "soldier", _("Soldier, veteran or their family")
    EMERGENCY = "emergency", _("Emergency")
    OTHER = "other", pgettext_lazy("reason", "Another reason")


class PledgeKind(TextChoices):
    """The four promises about how a matter is handled, beside the promise of when."""

    AT_ONCE = "at_once", _("Handled at once")
    OUT_OF_HOURS = "out_of_hours", _("Handled out of hours")
    AT_HOME = "at_home", _("Handled at home")
    HELPED = "helped", _("Helped through")


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


class ReturnWhy(TextChoices):
    """Why a referral is returned. Who says "not us" names who it is instead."""

    NOT_RESPONSIBLE = "not_responsible", _("Another unit or body is responsible")
    UNCLEAR = "unclear", _("Something is missing or unclear")


# From so many different residents on one device and day an inspector looks.
RESIDENTS_OF_ONE_DEVICE = 3

# So often a matter is returned as "not us" before those above decide who is responsible.
RETURNS_MOST = 3


class AssistState(TextChoices):
    """Where the help of another unit (协办) stands."""

    ASKED = "asked", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("assist", "Withdrawn")


ASSISTING = (AssistState.ASKED, AssistState.ACCEPTED)


class SupervisionState(TextChoices):
    """Where a supervision note (督办) stands."""

    OPEN = "open", _("Waiting for the answer")
    ANSWERED = "answered", _("Answered, waiting for the inspector")
    ACCEPTED = "accepted", pgettext_lazy("supervision", "Accepted")
    OVER = "over", _("The matter was withdrawn")


SUPERVISED = (SupervisionState.OPEN, SupervisionState.ANSWERED)


class RepairWay(TextChoices):
    """How a bad rating is put right (rules §4)."""

    FIX = "fix", _("Put right at once")
    LEDGER = "ledger", _("On the ledger, with a day")
    EXPLAIN = "explain", _("Explained")


# So often a resident is called in vain before a bad rating is put right without having spoken with him.
CALLS_IN_VAIN = 3


class RepairEnd(TextChoices):
    """How the repair of a bad rating ended; there is no other way."""

    TOLD = "told", _("The resident was told the result")
    EXCLUDED = "excluded", _("The rating was excluded on appeal")
    WITHDRAWN = "withdrawn", _("The resident withdrew the matter")


class AppealGround(TextChoices):
    """Why a rating may be excluded from the figures (rules §4)."""

    MISTAKEN = "mistaken", _("It was given by mistake or about something else")
    MALICIOUS = "malicious", _("It was given in bad faith")


class Outcome(TextChoices):
    """What the answer to a matter was."""

    ANSWERED = "answered", _("Answered")
    GRANTED = "granted", _("Granted")
    NOT_GRANTED = "not_granted", _("Not granted")
    REFUSED = "refused", _("Not accepted")
    NOT_NEEDED = "not_needed", _("No application needed")
    RETURNED = "returned", _("Given back: papers did not come")
    ENDED = "ended", _("Ended without a decision")


class ClockKind(TextChoices):
    """The spine's clocks beside the promise; desks add their own. ``next_due_at`` is the earliest of all."""

    FIRST_CONTACT = "first_contact", _("First contact with the resident")
    ACCEPTANCE = "acceptance", _("Accept, or say what is missing")
    REFERRAL = "referral", _("Acceptance of the referral")
    CORRECTION = "correction", _("The resident's missing papers")
    SHORTFALL = "shortfall", _("Papers promised for later")
    PAUSE = "pause", _("End of the pause")
    DELIVERY = "delivery", _("Delivery of the result")
    RATING = "rating", _("The resident's rating")
    ASSIST = "assist", _("Answer of an assisting unit")
    SUPERVISION = "supervision", _("Answer to the supervision note")
    REPAIR = "repair", _("Repair of a bad rating")


class RelationKind(TextChoices):
    """How two matters belong together."""

    MERGED = "merged", _("Handled together")
    PART = "part", _("Part of")
    RELATED = "related", _("Related")


class PauseReason(TextChoices):
    """Why a promise may stand still (Licensing Law Art. 45; the last one for all kinds)."""

    HEARING = "hearing", _("Hearing")
    TEST = "test", _("Test, inspection or quarantine")
    APPRAISAL = "appraisal", _("Appraisal")
    EXPERTS = "experts", _("Review by experts")
    OTHER = "other", _("Something that neither we nor the resident can hurry")


class PromiseReason(TextChoices):
    REGISTERED = "registered", _("Promised on registration")
    REOPENED = "reopened", _("Promised anew after a bad rating")
    IMPORTED = "imported", _("Taken over from the earlier system")
    ACCEPTED = "accepted", _("Promised anew on acceptance")
    RESUMED = "resumed", _("Goes on after a pause")
    EXTENDED = "extended", _("Extended")
    # Counted again from the same start with a longer limit (a desk's own extension in calendar days).
    PROLONGED = "prolonged", _("Extended by the head")
    TRANSFERRED = "transferred", _("Promised anew after the transfer")
    RECLASSIFIED = "reclassified", _("Promised anew after a change of kind")
    CALENDAR = "calendar", _("Counted again with the published calendar")
    LEDGER = "ledger", _("Promised anew on the ledger")
    MERGED = "merged", _("The earliest promise of merged matters")


class EventType(TextChoices):
    """The spine's events; desks add their own (``procedures.py``)."""

    REGISTERED = "registered", _("Registered")
    ACCEPTED = "accepted", _("Accepted")
    CORRECTION_ASKED = "correction_asked", _("Papers asked for")
    REFUSED = "refused", _("Not accepted")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Goes on")
    EXTENSION_ASKED = "extension_asked", _("Extension asked for")
    EXTENSION_DECIDED = "extension_decided", _("Extension decided")
    RECLASSIFIED = "reclassified", _("Kind or item changed")
    DECIDED = "decided", _("Decided")
    DELIVERED = "delivered", _("Delivered")
    SHORTFALL_SUPPLIED = "shortfall_supplied", _("Late papers supplied")
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
    CALLED = "called", _("Called back")
    CALL_MISSED = "call_missed", _("Not reached")
    REPAIR_CHOSEN = "repair_chosen", _("Way to put it right")
    REPAIRED = "repaired", _("Bad rating put right")
    ASSIST_ASKED = "assist_asked", _("Help asked for")
    ASSIST_ACCEPTED = "assist_accepted", _("Help accepted")
    ASSIST_ANSWERED = "assist_answered", _("Partial answer")
    ASSIST_USED = "assist_used", _("Partial answer passed on")
    ASSIST_REMINDED = "assist_reminded", _("Reminded")
    ASSIST_WITHDRAWN = "assist_withdrawn", _("Help withdrawn")
    SUPERVISED = "supervised", _("Supervision note")
    SUPERVISION_ANSWERED = "supervision_answered", _("Supervision note answered")
    SUPERVISION_DECIDED = "supervision_decided", _("Answer to the supervision note decided")
    MEETING_HELD = "meeting_held", _("Coordination meeting")
    RATING_FLAGGED = "rating_flagged", _("Several ratings from one device")
    RATING_APPEALED = "rating_appealed", _("Rating appealed against")
    APPEAL_DECIDED = "appeal_decided", _("Appeal decided")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    PLEDGED = "pledged", _("Promise of how")
    HELPER_NAMED = "helper_named", _("Helper named")
    HOME_VISITED = "home_visited", _("Visited at home")
    GREEN = "green", _("Green channel")
    NOT_GREEN = "not_green", _("In turn again")
    MERGED = "merged", _("Handled together")
    UNMERGED = "unmerged", _("Handled separately again")
    LINKED = "linked", _("Linked")
    HANDED_OVER = "handed_over", _("Handed over")
    GIVEN_BACK = "given_back", _("Given back by the stand-in")
    UNLINKED = "unlinked", _("Link removed")
    DOCUMENT_ADDED = "document_added", _("Document added")
    DOCUMENT_WITHDRAWN = "document_withdrawn", _("Document withdrawn")
