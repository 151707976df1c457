"""A dispute comes before the committee: applied for, begun by itself, or transferred (Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services import Intake, register
from liangdian.casework.states import Kind
from liangdian.desks.mediation.models import Answer, Committee, Dispute, Party, Representative, Term
from liangdian.desks.mediation.rules import WrongState, check_subtype
from liangdian.desks.mediation.services.consenting import settle_consent
from liangdian.desks.mediation.services.record import note
from liangdian.desks.mediation.states import (
    AnsweredBy,
    Category,
    PartyKind,
    Side,
    Source,
    Subject,
    Subtype,
)
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people.numbers import read_identity, read_phone

MOST_PARTIES = 50
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as it is typed; ``agent`` is its representative, ``agent_basis`` by what right."""

    side: str
    name: str
    kind: str = PartyKind.PERSON
    phone: str = ""
    identity: str = ""
    agent: str = ""
    agent_phone: str = ""
    agent_basis: str = ""


@dataclass(frozen=True, slots=True)
class DisputeIntake:
    """A new dispute. The first applicant becomes the resident of the case."""

    unit_id: int
    words: str
    category: str
    parties: tuple[NewParty, ...]
    subtype: str = ""
    source: str = Source.APPLICATION
    transferred_by: str = ""
    channel: str = "window"
    first_handler_id: int = 0
    place: str = ""
    language: str = "zh-hans"
    submission_key: str | None = None
    about_user_id: int | None = None
    consented: bool = field(default=True)


def committee_for(unit_id: int, *, at: datetime) -> Committee:
    """The committee whose running term serves this unit: its own, else the next above. Raises WrongState."""
    unit = organisation.unit_by_id(unit_id)
    today = business_date(at)
    running = Term.objects.filter(
        committee__unit__in=[*unit.ancestor_ids, unit.pk], starts__lte=today, ends__gte=today
    ).select_related("committee__unit")
    terms = sorted(running, key=lambda term: term.committee.unit.depth)
    if not terms:
        raise WrongState(
            _("No mediation committee is in office here. The secretary writes it down under “Committee”.")
        )
    return terms[-1].committee


@transaction.atomic
def register_dispute(*, actor: Actor, intake: DisputeIntake, at: datetime) -> Case:
    """Register a dispute with its parties; the promise is the time box of the talks.

    Who applies wants mediation, so his consent is written down with it; the others are asked. A second press
    with the same key gives the same case. Raises Invalid (with the field), NotAllowed, WrongState.
    """
    check_subtype(intake.category, intake.subtype)
    parties = _checked(intake, at=at)
    committee = committee_for(intake.unit_id, at=at)
    case = register(actor=actor, intake=_spine(intake, actor=actor), at=at)
    if Dispute.objects.filter(pk=case.pk).exists():
        return case
    dispute = Dispute.objects.create(
        case=case, committee=committee, source=intake.source, category=intake.category,
        transferred_by=clean(intake.transferred_by), subtype=intake.subtype, registered_at=at,
    )  # fmt: skip
    first = _first_applicant(intake)
    rows = [_party(dispute, case, n, p, applicant=first, at=at) for n, p in enumerate(parties, start=1)]
    data: dict[str, object] = {
        "source": str(intake.source), "category": str(intake.category), "subtype": str(intake.subtype),
        "parties": len(rows),
    }  # fmt: skip
    note(case, "registered", actor=actor, at=at, data=data)
    if intake.source == Source.APPLICATION and intake.consented and actor.user_id is not None:
        _applied(rows, actor_id=actor.user_id, at=at)
        settle_consent(case, dispute, actor=actor, at=at)
    return case


def _applied(parties: list[Party], *, actor_id: int, at: datetime) -> None:
    Answer.objects.bulk_create(
        Answer(
            party=p, subject=Subject.MEDIATION, given=True, how=AnsweredBy.IN_PERSON, at=at, by_id=actor_id
        )
        for p in parties
        if p.side == Side.APPLICANT
    )


def _spine(intake: DisputeIntake, *, actor: Actor) -> Intake:
    applicant = _first_applicant(intake)
    person = applicant if applicant.kind == PartyKind.PERSON else None
    with translation.override(intake.language):
        what = Subtype(intake.subtype).label if intake.subtype else Category(intake.category).label
        title = gettext("Dispute: %(what)s") % {"what": what}
    return Intake(
        kind=Kind.DISPUTE, channel=intake.channel, unit_id=intake.unit_id, words=intake.words, title=title,
        first_handler_id=intake.first_handler_id or actor.user_id or 0, place=intake.place,
        resident_name=person.name if person else "", phone=person.phone if person else "",
        identity=person.identity if person else "", language=intake.language,
        submission_key=intake.submission_key, about_user_id=intake.about_user_id,
    )  # fmt: skip


def _first_applicant(intake: DisputeIntake) -> NewParty:
    return next(party for party in intake.parties if party.side == Side.APPLICANT)


def _checked(intake: DisputeIntake, *, at: datetime) -> list[NewParty]:
    """Two sides at least, each with a name. Raises Invalid."""
    if intake.source not in Source.values:
        raise Invalid(_("Choose how the dispute came to the committee."), field="source")
    if intake.source == Source.TRANSFER and not clean(intake.transferred_by):
        raise Invalid(_("Write which body transferred it."), field="transferred_by")
    if not 2 <= len(intake.parties) <= MOST_PARTIES:
        raise Invalid(_("A dispute has at least two parties. Write down both sides."), field="parties")
    for party in intake.parties:
        if party.side not in Side.values or party.kind not in PartyKind.values:
            raise Invalid(_("Choose the side of each party from the list."), field="parties")
        if not clean(party.name) or len(party.name) > NAME_LIMIT:
            raise Invalid(_("Write the name of each party, at most 100 characters."), field="parties")
        if clean(party.agent) and not clean(party.agent_basis):
            raise Invalid(_("Write by what right the representative acts."), field="parties")
        read_identity(party.identity, today=business_date(at))
    sides = {party.side for party in intake.parties}
    if not {Side.APPLICANT, Side.RESPONDENT} <= sides:
        raise Invalid(_("Name at least one applicant and one other party."), field="parties")
    return list(intake.parties)


def _party(
    dispute: Dispute, case: Case, number: int, given: NewParty, *, applicant: NewParty, at: datetime
) -> Party:
    identity = read_identity(given.identity, today=business_date(at))
    party = Party.objects.create(
        dispute=dispute, number=number, side=given.side, kind=given.kind, name=clean(given.name),
        phone=read_phone(given.phone), identity=identity.number if identity else "",
        resident_id=case.resident_id if given is applicant else None,
    )  # fmt: skip
    if clean(given.agent):
        add_agent(party, name=given.agent, phone=given.agent_phone, basis=given.agent_basis, at=at)
    return party


def add_agent(party: Party, *, name: str, phone: str, basis: str, at: datetime) -> Representative:
    """Write down who acts for a party, and by what right. Raises Invalid."""
    if not clean(name) or not clean(basis):
        raise Invalid(_("Write the representative's name and by what right he acts."), field="agent")
    return Representative.objects.create(
        party=party, name=clean(name)[:NAME_LIMIT], phone=read_phone(phone), basis=clean(basis)[:200],
        added_at=at,
    )  # fmt: skip
