"""The agreement: drafted, signed by all, sealed, in effect (Art. 28 to 30); or oral with a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.clocks import limit_in_force
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.record import worker
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome
from liangdian.desks.mediation.limits import CONFIRM
from liangdian.desks.mediation.models import Agreement, Assignment, Dispute, Obligation, Party, Signature
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import MOST_OBLIGATIONS, WrongState, effect_of, instalments, read_fen
from liangdian.desks.mediation.services import rooms
from liangdian.desks.mediation.services.record import (
    agreement_of,
    locked_dispute,
    mediators_of,
    move,
    note,
    party_of,
    require_state,
    text_of,
)
from liangdian.desks.mediation.signatures import read_strokes
from liangdian.desks.mediation.states import AgreementForm, DisputeState, ObligationKind, SignedBy
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Stale
from liangdian.foundation.text import clean
from liangdian.platform.documents import kinds
from liangdian.platform.documents import services as documents
from liangdian.platform.ui.dates import day_words


@dataclass(frozen=True, slots=True)
class Duty:
    """What one party owes another: money in ``count`` monthly parts from ``first_on``, or ``words`` by it."""

    debtor_id: int | None
    creditor_id: int | None
    first_on: date | None
    amount: str = ""
    count: int = 1
    words: str = ""


@transaction.atomic
def draft(
    *, actor: Actor, case_id: int, form: str, facts: str, responsibilities: str, content: str, manner: str,
    duty: Duty, at: datetime, seen: int | None = None,
) -> Case:  # fmt: skip
    """Lay down what the parties agree on (Art. 29), with its first obligations.

    An oral agreement takes effect with it (Art. 30). A written one is signed next. Raises WrongState,
    NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.AGREE, seen=seen)
    require_state(dispute, DisputeState.MEDIATING)
    if form not in AgreementForm.values:
        raise Invalid(_("Choose whether the agreement is written or oral."), field="form")
    written = form == AgreementForm.WRITTEN
    texts = {
        "facts": text_of(facts, field="facts", message=_("Write the facts and what was disputed.")),
        "content": text_of(content, field="content", message=_("Write what the parties agreed on.")),
        "responsibilities": clean(responsibilities), "manner": clean(manner),
    }  # fmt: skip
    if written and not texts["responsibilities"]:
        raise Invalid(_("Write who is responsible for what (Art. 29)."), field="responsibilities")
    if written and not texts["manner"]:
        raise Invalid(_("Write in which manner it is fulfilled (Art. 29)."), field="manner")
    agreement = Agreement.objects.create(
        dispute=dispute, version=Agreement.objects.filter(dispute=dispute).count() + 1, form=form,
        drafted_at=at, drafted_by_id=worker(actor), **texts,
    )  # fmt: skip
    _owe(dispute, agreement, duty, at=at)
    data: dict[str, object] = {"form": form, "version": agreement.version}
    note(case, "drafted", actor=actor, at=at, data=data)
    if written:
        move(dispute, DisputeState.SIGNING, at=at)
    else:
        _settle_effect(case, dispute, agreement, actor=actor, at=at)
    return case


@transaction.atomic
def add_duty(*, actor: Actor, case_id: int, duty: Duty, at: datetime, seen: int | None = None) -> Case:
    """Add an obligation to the agreement, as long as nobody has signed it.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.AGREE, seen=seen)
    require_state(dispute, DisputeState.SIGNING)
    agreement = _open_agreement(dispute)
    if agreement.signatures.exists():
        raise WrongState(_("Somebody has signed already. Go back to the talks to change the agreement."))
    _owe(dispute, agreement, duty, at=at)
    note(case, "duty_added", actor=actor, at=at)
    return case


def _owe(dispute: Dispute, agreement: Agreement, duty: Duty, *, at: datetime) -> None:
    debtor = party_of(dispute, duty.debtor_id, field="debtor")
    creditor = party_of(dispute, duty.creditor_id, field="creditor")
    if debtor.pk == creditor.pk:
        raise Invalid(_("Nobody owes himself. Choose two different parties."), field="creditor")
    if duty.first_on is None or duty.first_on < business_date(at):
        raise Invalid(_("Choose the day by which it is to be done, today or later."), field="first_on")
    have = Obligation.objects.filter(agreement=agreement).count()
    rows: list[tuple[int | None, date]]
    if clean(duty.amount):
        fen = read_fen(duty.amount)
        rows = [(fen_part, day) for day, fen_part in instalments(fen, duty.count, duty.first_on)]
    else:
        words = text_of(
            duty.words, field="words", message=_("Write an amount, or what is to be done or left.")
        )
        rows = [(None, duty.first_on)]
    if have + len(rows) > MOST_OBLIGATIONS:
        raise Invalid(_("At most %(n)s obligations fit.") % {"n": MOST_OBLIGATIONS}, field="count")
    Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement, number=have + n, debtor=debtor, creditor=creditor, amount_fen=fen,
            kind=ObligationKind.ACT if fen is None else ObligationKind.MONEY, due_on=day,
            words=words if fen is None else clean(duty.words),
        )
        for n, (fen, day) in enumerate(rows, start=1)
    )  # fmt: skip


def _open_agreement(dispute: Dispute) -> Agreement:
    agreement = agreement_of(dispute)
    if agreement is None:
        raise WrongState(_("There is no agreement here. Lay it down first."))
    return agreement


@transaction.atomic
def back_to_talks(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """The agreement is not signed as it stands; the talks go on. Raises WrongState, NotAllowed, Stale."""
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.AGREE, seen=seen)
    require_state(dispute, DisputeState.SIGNING)
    reason = text_of(reason, field="reason", message=_("Write what the parties want changed."))
    Agreement.objects.filter(dispute=dispute, dropped_at__isnull=True).update(dropped_at=at)
    move(dispute, DisputeState.MEDIATING, at=at)
    note(case, "redrafted", actor=actor, at=at, data={"text": reason})
    return case


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs (a party or a mediator of the dispute) and how: ``strokes`` drawn, or a ``scan``."""

    how: str
    party_id: int | None = None
    mediator_id: int | None = None
    strokes: str = ""
    scan: bytes = b""
    scan_name: str = ""


@transaction.atomic
def sign(*, actor: Actor, case_id: int, hand: Hand, at: datetime, seen: int | None = None) -> Case:
    """Somebody signs the written agreement; when all have and it is sealed, it takes effect (Art. 30).

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.SIGN, seen=seen)
    require_state(dispute, DisputeState.SIGNING)
    agreement = _open_agreement(dispute)
    party, mediator = _signer(dispute, hand)
    signature = Signature(
        agreement=agreement, party=party, mediator=mediator, how=hand.how, at=at, by_id=worker(actor)
    )
    if hand.how == SignedBy.SCREEN:
        signature.strokes = read_strokes(hand.strokes)
    elif hand.how in SignedBy.values:
        if not hand.scan:
            raise Invalid(_("Choose the scan of the signed paper."), field="scan")
        signature.scan = documents.store(
            actor_id=actor.user_id, actor_name=actor.name, name=hand.scan_name, content=hand.scan,
            kind=kinds.NOTICE, at=at,
        )  # fmt: skip
    else:
        raise Invalid(_("Choose how it is signed."), field="how")
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError as error:
        raise Stale(_("This signature is there already. Look at the page again.")) from error
    data: dict[str, object] = {"how": hand.how}
    if party is not None:
        data |= {"party": party.number, "side": party.side}
    else:
        assert mediator is not None
        data |= {"name": mediator.member.user.name}
    note(case, "signed", actor=actor, at=at, data=data)
    _settle_effect(case, dispute, agreement, actor=actor, at=at)
    return case


def _signer(dispute: Dispute, hand: Hand) -> tuple[Party | None, Assignment | None]:
    if hand.party_id:
        return party_of(dispute, hand.party_id, field="who"), None
    mediator = next((row for row in mediators_of(dispute) if row.pk == hand.mediator_id), None)
    if mediator is None:
        raise Invalid(_("Choose who signs: a party or a mediator of this dispute."), field="who")
    return None, mediator


@transaction.atomic
def seal(*, actor: Actor, case_id: int, at: datetime, seen: int | None = None) -> Case:
    """Put the committee's seal on the written agreement (Art. 30). Raises WrongState, NotAllowed, Stale."""
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.SEAL, seen=seen)
    require_state(dispute, DisputeState.SIGNING)
    agreement = _open_agreement(dispute)
    if agreement.sealed_at is not None:
        raise WrongState(_("The committee has sealed it already."))
    agreement.sealed_at, agreement.sealed_by_id = at, worker(actor)
    agreement.save(update_fields=["sealed_at", "sealed_by"])
    note(case, "sealed", actor=actor, at=at)
    _settle_effect(case, dispute, agreement, actor=actor, at=at)
    return case


def _settle_effect(case: Case, dispute: Dispute, agreement: Agreement, *, actor: Actor, at: datetime) -> None:
    """When nothing is missing any more, it is in effect: answered, and the court's window opens."""
    signed = {s.party_id or -(s.mediator_id or 0): s.at for s in agreement.signatures.all()}
    effect = effect_of(
        agreement.form, agreed_at=at, sealed_at=agreement.sealed_at,
        parties=[signed.get(p.pk) for p in dispute.parties.all()],
        mediators=[signed.get(-row.pk) for row in mediators_of(dispute)],
    )  # fmt: skip
    if effect is None:
        return
    agreement.effective_at = effect
    agreement.confirm_until = limit_in_force(CONFIRM, at=effect).day
    agreement.save(update_fields=["effective_at", "confirm_until"])
    move(dispute, DisputeState.EFFECTIVE, at=at)
    rooms.give_back(dispute, actor=actor, at=at)
    day = agreement.confirm_until.isoformat()
    data: dict[str, object] = {"effect": effect.isoformat(), "confirm_until": day, "form": agreement.form}
    note(case, "in_effect", actor=actor, at=at, data=data)
    with translation.override(case.detail.language):
        answer = gettext(
            "The parties have agreed; the agreement is in effect since %(day)s. Until %(until)s both may ask "
            "the court together to confirm it. Mediation costs nothing."
        ) % {"day": day_words(effect), "until": day_words(agreement.confirm_until)}
    give_answer(case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Outcome.ANSWERED, answer=answer)
