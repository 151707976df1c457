"""Mediation that ends without an agreement: at once, in words, with the other ways open (Art. 17 and 26)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.ending import give_answer
from liangdian.casework.services.notices import issue
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome
from liangdian.desks.mediation.models import Agreement, Dispute
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState
from liangdian.desks.mediation.services import rooms
from liangdian.desks.mediation.services.record import locked_dispute, move, require_state, text_of
from liangdian.desks.mediation.states import AGREED, ENDED, TALKING, DisputeState, WayOut
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid


@transaction.atomic
def fail(
    *, actor: Actor, case_id: int, way_out: str, words: str, at: datetime, seen: int | None = None
) -> Case:
    """End the mediation without an agreement; the parties get the certificate with the other ways (Art. 26).

    Any party may end it at any time (Art. 23). Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.END, seen=seen)
    require_state(dispute, *TALKING)
    if way_out not in WayOut.values:
        raise Invalid(_("Choose why the mediation ends."), field="way_out")
    words = text_of(words, field="words", message=_("Write in a sentence why it ends; the parties read it."))
    dispute.way_out = way_out
    Agreement.objects.filter(dispute=dispute, dropped_at__isnull=True).update(dropped_at=at)
    end_without_agreement(case, dispute, DisputeState.FAILED, actor=actor, at=at, words=words)
    return case


def end_without_agreement(
    case: Case, dispute: Dispute, state: DisputeState, *, actor: Actor, at: datetime, words: str
) -> None:
    """Move a locked dispute to ``state``, answer its case and issue the certificate."""
    move(dispute, state, at=at)
    rooms.give_back(dispute, actor=actor, at=at)
    with translation.override(case.detail.language):
        answer = (
            gettext("A party does not want mediation. You can go other ways; they stand on the certificate.")
            if state == DisputeState.REFUSED
            else gettext("The mediation ended without an agreement. Other ways stand on the certificate.")
        )
    if words:
        answer = f"{answer}\n{words}"
    event = give_answer(
        case, actor=actor, at=at, stage=Stage.ENDED, outcome=Outcome.ENDED, answer=answer,
        data={"mediation": str(state), "way_out": dispute.way_out, "reason": words},
    )  # fmt: skip
    issue(case, "mediation.certificate", event)


@transaction.atomic
def answer_rating(*, actor: Actor, case_id: int, answer: str, at: datetime, seen: int | None = None) -> Case:
    """Answer a dispute that a bad rating brought back. What was agreed or ended stays as it is.

    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.ANSWER, seen=seen)
    require_state(dispute, *AGREED, *ENDED)
    if not case.in_hand:
        raise WrongState(_("There is nothing to answer: no bad rating brought this matter back."))
    answer = text_of(answer, field="answer", message=_("Write the answer that the resident will read."))
    give_answer(case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Outcome.ANSWERED, answer=answer)
    return case
