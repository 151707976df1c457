"""Talks: sessions with attendance, offers, and separate talks whose notes only the mediators read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.handling import spoken_to
from liangdian.casework.services.record import worker
from liangdian.desks.mediation.models import Attendance, Caucus, Dispute, Offer, Representative, Session
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState, read_fen
from liangdian.desks.mediation.services import rooms
from liangdian.desks.mediation.services.record import (
    locked_dispute,
    mediators_of,
    note,
    party_of,
    require_state,
    text_of,
)
from liangdian.desks.mediation.states import DisputeState, Side
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

AT_TALKS = (DisputeState.MEDIATING, DisputeState.SIGNING)


@transaction.atomic
def plan_session(
    *, actor: Actor, case_id: int, held_at: datetime, place: str, at: datetime, room_id: int | None = None,
    times: int = 1, seen: int | None = None,
) -> Case:  # fmt: skip
    """Invite to a session at a place, or in a room that is reserved for it for ``times`` of its times.

    Raises WrongState, NotAllowed, Invalid (the room is not free), Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.TALK, seen=seen)
    require_state(dispute, *AT_TALKS)
    if held_at < at:
        raise Invalid(_("This time is over. Choose a later one."), field="held_at")
    booking_id = None
    if room_id:
        booking_id, place = rooms.reserve(
            case, room_id=room_id, starts_at=held_at, times=times, actor=actor, at=at
        )
    session = _session(dispute, held_at=held_at, place=place, by=worker(actor), booking_id=booking_id)
    data: dict[str, object] = {
        "n": session.number, "when": held_at.isoformat(), "place": session.place, "open": session.openness,
    }  # fmt: skip
    note(case, "invited", actor=actor, at=at, data=data)
    return case


def _session(
    dispute: Dispute, *, held_at: datetime, place: str, by: int, booking_id: int | None = None
) -> Session:
    if Session.objects.filter(dispute=dispute, recorded_at__isnull=True).exists():
        raise WrongState(_("A session is planned already. Record it first; the next one comes after it."))
    place = clean(place)[:200]
    if not place:
        raise Invalid(_("Write where the session takes place."), field="place")
    number = Session.objects.filter(dispute=dispute).count() + 1
    return Session.objects.create(
        dispute=dispute, number=number, held_at=held_at, place=place, openness=dispute.openness, by_id=by,
        booking_id=booking_id,
    )  # fmt: skip


@transaction.atomic
def record_session(
    *, actor: Actor, case_id: int, held_at: datetime | None = None, place: str = "", came: Sequence[str],
    record: str, at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down a session: who came (``party:7``, ``agent:3``, ``mediator:2``) and what was said.

    The planned one, or one that nobody planned with its own time and place. Both sides must have been there
    or been represented, and a mediator. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.TALK, seen=seen)
    require_state(dispute, *AT_TALKS)
    record = text_of(record, field="record", message=_("Write what was said, as all parties may read it."))
    session = Session.objects.filter(dispute=dispute, recorded_at__isnull=True).first()
    if session is None:
        session = _session(dispute, held_at=held_at or at, place=place, by=worker(actor))
    elif held_at is not None:
        session.held_at = held_at
    if session.held_at > at:
        raise Invalid(_("This session has not been held yet."), field="held_at")
    rows = _attendance(dispute, session, came)
    Attendance.objects.bulk_create(rows)
    session.record, session.recorded_at = record, at
    session.save(update_fields=["record", "recorded_at", "held_at"])
    rooms.was_used(session, actor=actor, at=at)
    fields = spoken_to(case, at=at)
    note(case, "met", actor=actor, at=at, data={"n": session.number, "came": len(rows)}, fields=fields)
    return case


def _attendance(dispute: Dispute, session: Session, came: Sequence[str]) -> list[Attendance]:
    """Rows for those who came. Raises Invalid when a side or the mediator is missing, or for others."""
    parties = {p.pk: p for p in dispute.parties.all()}
    agents = {r.pk: r for r in Representative.objects.filter(party__dispute=dispute)}
    mediators = {row.pk: row for row in mediators_of(dispute)}
    rows, sides, led = [], set(), False
    for code in dict.fromkeys(came):
        what, _colon, key = code.partition(":")
        pk = int(key) if key.isascii() and key.isdecimal() else 0
        if what == "party" and pk in parties:
            rows.append(Attendance(session=session, party=parties[pk]))
            sides.add(parties[pk].side)
        elif what == "agent" and pk in agents:
            rows.append(Attendance(session=session, representative=agents[pk]))
            sides.add(parties[agents[pk].party_id].side)
        elif what == "mediator" and pk in mediators:
            rows.append(Attendance(session=session, mediator=mediators[pk]))
            led = True
        else:
            raise Invalid(_("Choose from the list who came."), field="came")
    if not led:
        raise Invalid(_("A session needs one of the mediators of this dispute."), field="came")
    if not {Side.APPLICANT, Side.RESPONDENT} <= sides:
        raise Invalid(
            _("A session needs both sides. Write a talk with one side down as a separate talk."), field="came"
        )
    return rows


@transaction.atomic
def note_caucus(
    *, actor: Actor, case_id: int, party_id: int, text: str, at: datetime, seen: int | None = None
) -> Case:
    """Write down a separate talk with one party. The history says only that there was one.

    Raises WrongState, NotAllowed (only the mediators of this dispute), Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.CAUCUS, seen=seen)
    require_state(dispute, *AT_TALKS)
    party = party_of(dispute, party_id)
    text = text_of(
        text, field="text", message=_("Write the note; only the mediators of this dispute read it.")
    )
    Caucus.objects.create(dispute=dispute, party=party, held_at=at, note=text, by_id=worker(actor))
    # Neither whom nor what: even that a talk was held is for colleagues only.
    note(case, "spoken_apart", actor=actor, at=at, public=False)
    return case


@transaction.atomic
def make_offer(
    *, actor: Actor, case_id: int, party_id: int, text: str, amount: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down what a party offers to the other side. ``amount`` in yuan, empty when it is not about money.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.TALK, seen=seen)
    require_state(dispute, *AT_TALKS)
    party = party_of(dispute, party_id)
    text = text_of(text, field="text", message=_("Write what the party offers."))
    fen = read_fen(amount) if clean(amount) else None
    Offer.objects.create(dispute=dispute, party=party, words=text, amount_fen=fen, at=at, by_id=worker(actor))
    note(case, "offered", actor=actor, at=at, data={"party": party.number, "side": party.side})
    return case


@transaction.atomic
def answer_offer(
    *, actor: Actor, case_id: int, offer_id: int, accepted: bool, at: datetime, seen: int | None = None
) -> Case:
    """Write down whether the other side takes an offer. Raises WrongState, NotAllowed, Invalid, Stale."""
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.TALK, seen=seen)
    require_state(dispute, *AT_TALKS)
    offer = Offer.objects.filter(dispute=dispute, pk=offer_id, accepted__isnull=True).first()
    if offer is None:
        raise Invalid(_("Choose an offer that waits for an answer."), field="offer")
    offer.accepted, offer.answered_at = accepted, at
    offer.save(update_fields=["accepted", "answered_at"])
    data: dict[str, object] = {"party": offer.party.number, "side": offer.party.side, "accepted": accepted}
    note(case, "offer_answered", actor=actor, at=at, data=data)
    return case
