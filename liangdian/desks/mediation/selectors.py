"""Reading disputes: the only door out of the room. Names are masked for everybody who does not mediate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy as casework
from liangdian.casework.selectors import Case
from liangdian.desks.mediation import policy
from liangdian.desks.mediation.models import (
    Agreement,
    Answer,
    Assignment,
    Caucus,
    Committee,
    Dispute,
    Member,
    Obligation,
    Offer,
    Party,
    Report,
    Session,
    Signature,
    Term,
)
from liangdian.desks.mediation.policy import Act, Part
from liangdian.desks.mediation.rules import yuan
from liangdian.desks.mediation.states import (
    AGREED,
    ENDED,
    TALKING,
    DisputeState,
    ObligationKind,
    ObligationState,
    Subject,
)
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.selectors import User
from liangdian.registers.organisation import selectors as organisation

__all__ = ["Case", "Committee", "DisputeView", "view_of"]


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as the page shows it."""

    party: Party
    name: str
    phone: str
    consent: bool | None
    agents: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class DisputeView:
    """Everything that the desk shows of one dispute. ``caucuses`` is empty for all who do not mediate."""

    dispute: Dispute
    parties: list[PartyLine]
    mediators: list[Assignment]
    sessions: list[Session]
    offers: list[Offer]
    caucuses: list[Caucus]
    reports: list[Report]
    agreement: Agreement | None
    obligations: list[Obligation]
    signatures: list[Signature]
    mine: set[Part] = field(default_factory=set)

    @property
    def signed(self) -> set[int]:
        """The parties that have signed."""
        return {s.party_id for s in self.signatures if s.party_id is not None}

    @property
    def mediators_signed(self) -> set[int]:
        """The assignments of the mediators that have signed."""
        return {s.mediator_id for s in self.signatures if s.mediator_id is not None}

    @property
    def missing(self) -> list[object]:
        """What an agreement still lacks to take effect (Art. 30)."""
        if self.agreement is None or self.dispute.state != DisputeState.SIGNING:
            return []
        lacking: list[object] = [line.name for line in self.parties if line.party.pk not in self.signed]
        if not self.mediators_signed & {row.pk for row in self.mediators}:
            lacking.append(_("a mediator"))
        if self.agreement.sealed_at is None:
            lacking.append(_("the committee's seal"))
        return lacking


def mediator_ids(case_id: int) -> set[int]:
    """The accounts of those who mediate this dispute now."""
    rows = Assignment.objects.filter(dispute_id=case_id, ended_at__isnull=True)
    return set(rows.values_list("member__user_id", flat=True))


_SIGNED = Signature.objects.select_related("party", "mediator__member__user").order_by("at", "pk")


def view_of(actor: Actor, case: Case) -> DisputeView:
    """The dispute of a case that exists for this actor; a constant number of queries. Raises NotFound."""
    dispute = (
        Dispute.objects.select_related("committee")
        .prefetch_related(
            Prefetch("parties", Party.objects.order_by("number").prefetch_related("representatives")),
            Prefetch(
                "assignments",
                Assignment.objects.filter(ended_at__isnull=True)
                .select_related("member__user")
                .order_by("pk"),
            ),
            Prefetch("sessions", Session.objects.order_by("number").prefetch_related("attendance")),
            Prefetch("offers", Offer.objects.select_related("party")),
            "reports",
        )
        .filter(pk=case.pk)
        .first()
    )
    if dispute is None:
        raise NotFound(_("This matter is no dispute before the mediation committee."))
    mediators = list(dispute.assignments.all())
    mine = policy.parts_of(actor, case, {row.member.user_id for row in mediators})
    agreement = (
        Agreement.objects.filter(dispute=dispute, dropped_at__isnull=True)
        .prefetch_related(
            Prefetch("signatures", _SIGNED),
            Prefetch("obligations", Obligation.objects.select_related("debtor", "creditor")),
        )
        .first()
    )
    return DisputeView(
        dispute=dispute, parties=_lines(dispute, whole=bool(mine)), mediators=mediators,
        sessions=list(dispute.sessions.all()), offers=list(dispute.offers.all()),
        caucuses=_caucuses(dispute) if Part.MEDIATES in mine else [],
        reports=list(dispute.reports.all()), agreement=agreement,
        obligations=list(agreement.obligations.all()) if agreement else [],
        signatures=list(agreement.signatures.all()) if agreement else [], mine=mine,
    )  # fmt: skip


def _caucuses(dispute: Dispute) -> list[Caucus]:
    return list(Caucus.objects.filter(dispute=dispute).select_related("party", "by"))


def _lines(dispute: Dispute, *, whole: bool) -> list[PartyLine]:
    said = Answer.objects.filter(party__dispute=dispute, subject=Subject.MEDIATION).order_by("pk")
    consent = dict(said.values_list("party_id", "given"))
    return [
        PartyLine(
            party=party, name=party.name if whole else party.name_masked, phone=party.phone_masked,
            consent=consent.get(party.pk),
            agents=[(a.name if whole else a.name_masked, a.phone_masked, a.basis)
                    for a in party.representatives.all()],
        )
        for party in dispute.parties.all()
    ]  # fmt: skip


def open_acts(view: DisputeView, actor: Actor, case: Case, *, now: datetime) -> list[str]:
    """The acts of the desk that state, policy and time leave open to the actor, the likeliest first."""
    state = DisputeState(view.dispute.state)
    ids = {row.member.user_id for row in view.mediators}
    found = [
        code for code, act, states in _WHEN
        if state in states and policy.may(actor, act, case, ids) and _fits(code, view, case, now=now)
    ]  # fmt: skip
    return [f"mediation.{code}" for code in found]


S = DisputeState
_AT_TALKS = frozenset({S.MEDIATING, S.SIGNING})
_EVERY = frozenset(S)
# Act, who, in which states; in the order of the buttons.
_WHEN: tuple[tuple[str, Act, Collection[DisputeState]], ...] = (
    ("consent", Act.CONSENT, {S.REGISTERED}),
    ("assign", Act.ASSIGN, {S.CONSENTED}),
    ("seal", Act.SEAL, {S.SIGNING}),
    ("record", Act.TALK, _AT_TALKS),
    ("invite", Act.TALK, _AT_TALKS),
    ("caucus", Act.CAUCUS, _AT_TALKS),
    ("offer", Act.TALK, _AT_TALKS),
    ("answer_offer", Act.TALK, _AT_TALKS),
    ("draft", Act.AGREE, {S.MEDIATING}),
    ("duty", Act.AGREE, {S.SIGNING}),
    ("redraft", Act.AGREE, {S.SIGNING}),
    ("fulfil", Act.FOLLOW_UP, AGREED),
    ("call", Act.FOLLOW_UP, AGREED),
    ("court", Act.FOLLOW_UP, AGREED),
    ("rating", Act.ANSWER, {*AGREED, *ENDED}),
    ("more_time", Act.MORE_TIME, TALKING),
    ("reassign", Act.ASSIGN, {S.MEDIATING}),
    ("recuse", Act.RECUSE, {S.REGISTERED, *TALKING}),
    ("fail", Act.END, TALKING),
    ("report", Act.REPORT, _EVERY),
)


def _fits(code: str, view: DisputeView, case: Case, *, now: datetime) -> bool:
    """What depends on more than the state."""
    agreement = view.agreement
    planned = any(session.recorded_at is None for session in view.sessions)
    match code:
        case "invite":
            return not planned
        case "answer_offer":
            return any(offer.accepted is None for offer in view.offers)
        case "seal":
            return agreement is not None and agreement.sealed_at is None
        case "duty":
            return agreement is not None and not view.signatures
        case "fulfil" | "call":
            return any(o.state in {ObligationState.DUE, ObligationState.BROKEN} for o in view.obligations)
        case "court":
            return (
                agreement is not None
                and agreement.confirmation_asked_on is None
                and agreement.confirm_until is not None
                and agreement.confirm_until >= business_date(now)
            )
        case "rating":
            return case.in_hand
        case "more_time":
            return case.due_at is not None and case.due_at >= now
    return True


def what_is_owed(obligation: Obligation) -> str:
    """The obligation in words: an amount in yuan, or what is to be done."""
    if obligation.kind == ObligationKind.MONEY and obligation.amount_fen is not None:
        words = f"¥{yuan(obligation.amount_fen)}"
        return f"{words} · {obligation.words}" if obligation.words else words
    return obligation.words


@dataclass(frozen=True, slots=True)
class OwedLine:
    """An obligation as a page shows it."""

    obligation: Obligation
    what: str
    tone: str


_TONES = {
    ObligationState.KEPT: "fine", ObligationState.BROKEN: "late", ObligationState.EXCUSED: "quiet",
    ObligationState.DUE: "",
}  # fmt: skip


def lines_of(view: DisputeView) -> list[OwedLine]:
    """What is owed by the agreement, in the order of the days."""
    return [OwedLine(o, what_is_owed(o), _TONES[ObligationState(o.state)]) for o in view.obligations]


# The committee.


def committees_of(actor: Actor) -> list[Committee]:
    """The committees of the units that the actor reads, with their terms and members, newest term first."""
    units = organisation.unit_ids_within(actor.paths(*policy.READERS, Role.CLERK, Role.HANDLER))
    rows = Committee.objects.filter(unit__in=units).select_related("unit").order_by("unit__path")
    terms = Term.objects.order_by("-starts").prefetch_related(
        Prefetch("seats", Member.objects.select_related("user").order_by("-head", "pk"))
    )
    return list(rows.prefetch_related(Prefetch("terms", terms)))


def committee_for(actor: Actor, committee_id: int) -> Committee:
    """A committee that the actor may read. Raises NotFound."""
    found = next((c for c in committees_of(actor) if c.pk == committee_id), None)
    if found is None:
        raise NotFound(_("There is no such committee. Open the page again."))
    return found


def running_term(committee: Committee, *, today: date) -> Term:
    """The term of a committee of ``committees_of`` that runs today. Raises NotFound."""
    found = next((t for t in committee.terms.all() if t.starts <= today <= t.ends), None)
    if found is None:
        raise NotFound(_("No term runs today. Elect the committee first."))
    return found


def can_sit(committee: Committee) -> list[User]:
    """Who can be elected: those whose role opens the desk for the committee's unit, by name."""
    found = {
        user.pk: user
        for role in (Role.MEDIATOR, *policy.IN_CHARGE)
        for user in accounts.holders_reaching(role, committee.unit.path)
    }
    return sorted(found.values(), key=lambda user: (user.name, user.pk))


# Lists.


def visible(actor: Actor) -> QuerySet[Dispute]:
    """The disputes that exist for this actor; the permission is part of the query, counts included."""
    return Dispute.objects.filter(case__in=Case.objects.filter(casework.visible_to(actor)).values("pk"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list."""

    state: str = ""
    category: str = ""
    source: str = ""
    mine: bool = False


def list_of(actor: Actor, wanted: Wanted, *, after: tuple[datetime, int] | None, limit: int) -> list[Dispute]:
    """One page of disputes, newest first (keyset: ``after`` is registration and id of the last row)."""
    rows = visible(actor).select_related("case__unit", "case__handler")
    for column in ("state", "category", "source"):
        if value := getattr(wanted, column):
            rows = rows.filter(**{column: value})
    if wanted.mine:
        rows = rows.filter(pk__in=_mediated_by(actor))
    if after is not None:
        rows = rows.filter(Q(registered_at__lt=after[0]) | Q(registered_at=after[0], pk__lt=after[1]))
    parties = Prefetch("parties", Party.objects.order_by("number"))
    return list(rows.prefetch_related(parties).order_by("-registered_at", "-pk")[:limit])


SOON_DAYS = 30
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Watched:
    """What the committee watches over (Art. 31): past its day and nobody knows, broken, or soon to come."""

    unknown: list[OwedLine]
    broken: list[OwedLine]
    soon: list[OwedLine]


def watched(actor: Actor, *, today: date, mine: bool = False) -> Watched:
    """The obligations of agreements in effect that need somebody, by day; at most 300. One query."""
    rows = Obligation.objects.filter(
        agreement__dispute__in=visible(actor), agreement__effective_at__isnull=False,
        agreement__dropped_at__isnull=True, due_on__lte=today + timedelta(days=SOON_DAYS),
        state__in=[ObligationState.DUE, ObligationState.BROKEN],
    )  # fmt: skip
    if mine:
        rows = rows.filter(agreement__dispute__in=_mediated_by(actor))
    rows = rows.select_related("agreement__dispute__case__unit", "debtor", "creditor")
    found = Watched([], [], [])
    for row in rows.order_by("due_on", "pk")[:LONGEST]:
        line = OwedLine(row, what_is_owed(row), _TONES[ObligationState(row.state)])
        if row.state == ObligationState.BROKEN:
            found.broken.append(line)
        else:
            (found.unknown if row.due_on < today else found.soon).append(line)
    return found


def _mediated_by(actor: Actor) -> QuerySet[Assignment, int]:
    rows = Assignment.objects.filter(member__user=actor.user_id, ended_at__isnull=True)
    return rows.values_list("dispute", flat=True)


def windows_open(actor: Actor, *, today: date) -> list[Agreement]:
    """Agreements that both parties can still bring before the court (Art. 33), the next to close first."""
    rows = Agreement.objects.filter(
        dispute__in=visible(actor), confirm_until__gte=today, confirmation_asked_on__isnull=True
    )
    return list(rows.select_related("dispute__case__unit").order_by("confirm_until", "pk")[:100])
