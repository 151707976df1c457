"""Every party is asked before anything begins; a clear refusal ends it (Art. 17)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import worker
from liangdian.desks.mediation.models import Answer, Dispute, Party
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import consent_of
from liangdian.desks.mediation.services.record import (
    at_work,
    locked_dispute,
    move,
    note,
    party_of,
    require_state,
)
from liangdian.desks.mediation.services.ways_out import end_without_agreement
from liangdian.desks.mediation.states import AnsweredBy, DisputeState, Subject
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean


def newest_answers(dispute: Dispute, subject: Subject) -> dict[int, bool | None]:
    """What each party said last about ``subject``, by party; None where it was not asked."""
    found: dict[int, bool | None] = dict.fromkeys(
        Party.objects.filter(dispute=dispute).order_by("number").values_list("pk", flat=True)
    )
    rows = Answer.objects.filter(party__dispute=dispute, subject=subject).order_by("pk")
    found.update(rows.values_list("party_id", "given"))
    return found


@transaction.atomic
def record_consent(
    *, actor: Actor, case_id: int, party_id: int, given: bool, how: str, words: str = "", at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Write down whether a party wants mediation. The last yes opens the talks; a clear no ends the matter.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.CONSENT, seen=seen)
    require_state(dispute, DisputeState.REGISTERED)
    party = party_of(dispute, party_id)
    if how not in AnsweredBy.values:
        raise Invalid(_("Choose how the party answered."), field="how")
    Answer.objects.create(
        party=party, subject=Subject.MEDIATION, given=given, how=how, words=clean(words)[:2000], at=at,
        by_id=worker(actor),
    )  # fmt: skip
    data: dict[str, object] = {"party": party.number, "side": party.side, "given": given, "how": str(how)}
    note(case, "asked", actor=actor, at=at, data=data)
    settle_consent(case, dispute, actor=actor, at=at)
    return case


def settle_consent(case: Case, dispute: Dispute, *, actor: Actor, at: datetime) -> None:
    """Draw the consequence of the answers: all yes, one no, or still to be asked."""
    consent = consent_of(newest_answers(dispute, Subject.MEDIATION).values())
    if consent is None:
        return
    if consent:
        move(dispute, DisputeState.CONSENTED, at=at)
        note(case, "consented", actor=actor, at=at, fields=at_work(case))
        return
    end_without_agreement(case, dispute, DisputeState.REFUSED, actor=actor, at=at, words="")
