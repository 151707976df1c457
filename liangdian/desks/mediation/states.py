"""The states of a dispute, the only moves between them, and the closed lists of the desk (rules §2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DisputeState(TextChoices):
    """Where a dispute stands. The state of its case says beside it who has to act."""

    REGISTERED = "registered", _("Asking the parties")
    CONSENTED = "consented", _("All parties want to talk")
    MEDIATING = "mediating", _("In mediation")
    SIGNING = "signing", _("Agreement being signed")
    EFFECTIVE = "effective", _("Agreement in effect")
    FULFILLED = "fulfilled", _("Agreement fulfilled")
    UNFULFILLED = "unfulfilled", _("Agreement not fulfilled")
    FAILED = "failed", _("Ended without an agreement")
    REFUSED = "refused", _("A party does not want mediation")


S = DisputeState
NEXT: dict[DisputeState, frozenset[DisputeState]] = {
    S.REGISTERED: frozenset({S.CONSENTED, S.REFUSED}),
    S.CONSENTED: frozenset({S.MEDIATING, S.FAILED}),
    S.MEDIATING: frozenset({S.SIGNING, S.EFFECTIVE, S.FAILED}),
    S.SIGNING: frozenset({S.MEDIATING, S.EFFECTIVE, S.FAILED}),
    S.EFFECTIVE: frozenset({S.FULFILLED, S.UNFULFILLED}),
    # What was broken can still be made good.
    S.UNFULFILLED: frozenset({S.FULFILLED}),
    S.FULFILLED: frozenset(),
    S.FAILED: frozenset(),
    S.REFUSED: frozenset(),
}
TALKING = (S.CONSENTED, S.MEDIATING, S.SIGNING)
BEFORE_TALKS = (S.REGISTERED, S.CONSENTED)
AGREED = (S.EFFECTIVE, S.FULFILLED, S.UNFULFILLED)
ENDED = (S.FULFILLED, S.UNFULFILLED, S.FAILED, S.REFUSED)


class Source(TextChoices):
    """Who brought the dispute before the committee (Art. 17)."""

    APPLICATION = "application", _("Application by a party")
    OWN = "own", _("The committee's own initiative")
    TRANSFER = "transfer", _("Transferred by another body")


class Category(TextChoices):
    """The categories of the national statistics."""

    MARRIAGE = "marriage", _("Marriage and family")
    NEIGHBOURS = "neighbours", _("Neighbours")
    HOUSING = "housing", _("Houses and homesteads")
    CONTRACT = "contract", _("Contract")
    BUSINESS = "business", _("Production and business")
    DAMAGES = "damages", _("Damages")
    LAND = "land", _("Hills, woods and land")
    EXPROPRIATION = "expropriation", _("Expropriation and demolition")
    POLLUTION = "pollution", _("Pollution")
    LABOUR = "labour", pgettext_lazy("dispute", "Labour")
    CONSUMER = "consumer", _("Consumer")
    MEDICAL = "medical", _("Medical")
    TRAFFIC = "traffic", _("Traffic accident")
    PROPERTY = "property", _("Property management")
    OTHER = "other", pgettext_lazy("dispute", "Other")


class Subtype(TextChoices):
    """Local sub-types; each belongs to one category (``SUBTYPES``)."""

    DEBT = "debt", _("Debt")
    RENT = "rent", _("Rent")
    SUPPORT_OF_PARENTS = "support", _("Support of parents")
    INHERITANCE = "inheritance", _("Inheritance")
    DIVORCE = "divorce", _("Divorce and children")
    NOISE = "noise", _("Noise")
    WATER = "water", _("Water leaks")
    BOUNDARY = "boundary", _("Boundary of land")
    WAGES = "wages", _("Wages")
    INJURY = "injury", _("Injury at work")


SUBTYPES: dict[Category, tuple[Subtype, ...]] = {
    Category.CONTRACT: (Subtype.DEBT, Subtype.RENT),
    Category.MARRIAGE: (Subtype.SUPPORT_OF_PARENTS, Subtype.INHERITANCE, Subtype.DIVORCE),
    Category.NEIGHBOURS: (Subtype.NOISE, Subtype.WATER),
    Category.LAND: (Subtype.BOUNDARY,),
    Category.LABOUR: (Subtype.WAGES, Subtype.INJURY),
}


class Side(TextChoices):
    APPLICANT = "applicant", _("Applicant")
    RESPONDENT = "respondent", _("Other party")
    THIRD = "third", _("Third party")


class PartyKind(TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Company or organisation")


class Subject(TextChoices):
    """What a party is asked; every answer is a row of its own and the newest one counts."""

    MEDIATION = "mediation", _("To mediate at all")
    MEDIATORS = "mediators", _("The mediators")
    OPEN_SESSION = "open_session", _("A session open to others")
    MORE_TIME = "more_time", _("More time")


class AnsweredBy(TextChoices):
    """How a party gave its answer."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", pgettext_lazy("answer", "By phone")
    WRITING = "writing", _("In writing")
    REPRESENTATIVE = "representative", _("By the representative")


class Chosen(TextChoices):
    """How a mediator came to the dispute (Art. 19)."""

    BY_PARTIES = "by_parties", _("Chosen by the parties")
    ASSIGNED = "assigned", _("Assigned by the committee")


class Openness(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", pgettext_lazy("session", "Closed to others")


class RiskKind(TextChoices):
    """What is reported at once (Art. 25)."""

    VIOLENCE = "violence", _("Violence may break out")
    CRIME = "crime", _("A crime may have been committed")
    SELF_HARM = "self_harm", _("Somebody may harm himself")
    CROWD = "crowd", _("A crowd may gather")


class AgreementForm(TextChoices):
    WRITTEN = "written", _("Written agreement")
    ORAL = "oral", _("Oral agreement with a record")


class SignedBy(TextChoices):
    """How somebody signed (Art. 30: signature, seal or fingerprint)."""

    SCREEN = "screen", _("On the screen")
    PAPER = "paper", _("On paper, with a scan")
    FINGERPRINT = "fingerprint", _("Fingerprint on paper, with a scan")


class ObligationKind(TextChoices):
    MONEY = "money", _("Payment")
    ACT = "act", _("Something to do or to leave")


class ObligationState(TextChoices):
    DUE = "due", _("Still to come")
    KEPT = "kept", pgettext_lazy("obligation", "Kept")
    BROKEN = "broken", _("Broken")
    EXCUSED = "excused", _("Excused by the other party")


OBLIGATION_NEXT: dict[ObligationState, frozenset[ObligationState]] = {
    ObligationState.DUE: frozenset({ObligationState.KEPT, ObligationState.BROKEN, ObligationState.EXCUSED}),
    ObligationState.BROKEN: frozenset({ObligationState.KEPT, ObligationState.EXCUSED}),
    ObligationState.KEPT: frozenset(),
    ObligationState.EXCUSED: frozenset(),
}


class WayOut(TextChoices):
    """Why a mediation ended without an agreement (Art. 17, 23 and 26)."""

    NO_AGREEMENT = "no_agreement", _("The parties could not agree")
    PARTY_ENDS = "party_ends", _("A party ends the mediation")
    NOT_SUITABLE = "not_suitable", _("The law leaves this dispute to another body")
