"""The committee of a unit: written down, elected for a term, its members changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.mediation import policy, selectors
from liangdian.desks.mediation.models import Committee, Member, Term
from liangdian.desks.mediation.rules import Seat, check_committee, term_end
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit
from liangdian.platform.database.facts import only_one
from liangdian.registers.organisation import selectors as organisation

NOT_OF_THE_DESK = _("Members are mediators, secretaries or coordinators here. Have the role given first.")
SUBJECT = "mediation.committee"
NO_SUCH_COMMITTEE = _("There is no such committee. Open the page again.")


@dataclass(frozen=True, slots=True)
class About:
    """What is written of a committee."""

    name: str
    police_name: str
    police_phone: str
    court: str


@transaction.atomic
def set_committee(*, actor: Actor, unit_id: int, about: About, at: datetime) -> Committee:
    """Write down the committee of a unit, or correct what is written. Raises Invalid, NotAllowed."""
    unit = organisation.unit_by_id(unit_id)
    policy.require_set_up(actor, path=unit.path)
    values = {}
    for field in ("name", "police_name", "police_phone", "court"):
        values[field] = clean(getattr(about, field))
        if not values[field]:
            raise Invalid(_("Please fill this in: it stands on the papers."), field=field)
        if len(values[field]) > (30 if field == "police_phone" else 100):
            raise Invalid(_("At most 100 characters fit here."), field=field)
    committee, _created = Committee.objects.update_or_create(unit=unit, defaults=values)
    audit.record(actor, "committee_set", SUBJECT, committee.pk, committee.name, at)
    return committee


@transaction.atomic
def elect(*, actor: Actor, committee_id: int, starts: date, seats: Sequence[Seat], at: datetime) -> Term:
    """Begin a term of three years with its members (Art. 8 and 9). An earlier term must be over by then.

    Raises Invalid, NotAllowed, NotFound.
    """
    committee = _committee(actor, committee_id)
    check_committee(seats)
    known = {user.pk for user in selectors.can_sit(committee)}
    if not {seat.user_id for seat in seats} <= known:
        raise Invalid(NOT_OF_THE_DESK, field="members")
    with only_one(f"mediation:{committee.pk}"):
        last = Term.objects.filter(committee=committee).order_by("-starts").first()
        if last is not None and starts <= last.ends:
            raise Invalid(
                _("The term before lasts until %(day)s. The new one begins after it.")
                % {"day": last.ends.isoformat()},
                field="starts",
            )
        term = Term.objects.create(
            committee=committee, starts=starts, ends=term_end(starts), members=len(seats),
            women=sum(seat.woman for seat in seats),
        )  # fmt: skip
        Member.objects.bulk_create(
            Member(term=term, user_id=s.user_id, woman=s.woman, head=s.head, joined=starts) for s in seats
        )
    audit.record(actor, "committee_elected", SUBJECT, committee.pk, f"{starts}: {len(seats)}", at)
    return term


@transaction.atomic
def join(*, actor: Actor, term_id: int, user_id: int, woman: bool, at: datetime) -> Member:
    """One more member joins the running term. Raises Invalid when nine sit there already (Art. 8)."""
    term = _term(actor, term_id)
    if user_id not in {user.pk for user in selectors.can_sit(term.committee)}:
        raise Invalid(NOT_OF_THE_DESK, field="user")
    seats = _seats(term)
    check_committee([*seats, Seat(user_id, woman)])
    try:
        with transaction.atomic():
            member = Member.objects.create(term=term, user_id=user_id, woman=woman, joined=business_date(at))
    except IntegrityError as error:
        raise Stale(_("Somebody changed the committee at this moment. Look at the page again.")) from error
    audit.record(actor, "member_joined", SUBJECT, term.committee_id, str(user_id), at)
    return member


@transaction.atomic
def leave(*, actor: Actor, member_id: int, at: datetime) -> Member:
    """A member leaves before the end of the term; the committee must stay one (Art. 8). Raises Invalid."""
    member = Member.objects.select_related("term__committee__unit").filter(pk=member_id).first()
    if member is None or member.left is not None:
        raise NotFound(_("This member is not in the list. Open the page again."))
    term = _term(actor, member.term_id)
    rest = [seat for seat in _seats(term) if seat.user_id != member.user_id]
    if member.head:
        raise Invalid(_("The head leaves only with a new term. Elect one."))
    check_committee(rest)
    member.left = business_date(at)
    member.save(update_fields=["left"])
    audit.record(actor, "member_left", SUBJECT, term.committee_id, str(member.user_id), at)
    return member


def _seats(term: Term) -> list[Seat]:
    return [Seat(m.user_id, m.woman, m.head) for m in Member.objects.filter(term=term, left__isnull=True)]


def _committee(actor: Actor, committee_id: int) -> Committee:
    committee = (
        Committee.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk=committee_id)
        .first()
    )
    if committee is None:
        raise NotFound(NO_SUCH_COMMITTEE)
    policy.require_set_up(actor, path=committee.unit.path)
    return committee


def _term(actor: Actor, term_id: int) -> Term:
    """A term, locked. Raises NotFound, NotAllowed."""
    rows = Term.objects.select_for_update(of=("self",)).select_related("committee__unit")
    term = rows.filter(pk=term_id).first()
    if term is None:
        raise NotFound(NO_SUCH_COMMITTEE)
    policy.require_set_up(actor, path=term.committee.unit.path)
    return term
