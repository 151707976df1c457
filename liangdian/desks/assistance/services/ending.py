"""Help that ends in another way than with a place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.ending import give_answer
from liangdian.casework.stages import Stage
from liangdian.casework.states import Outcome
from liangdian.desks.assistance.models import Need
from liangdian.desks.assistance.policy import Act
from liangdian.desks.assistance.rules import WrongState
from liangdian.desks.assistance.services.record import locked_help, move, note, require_state, words_of
from liangdian.desks.assistance.states import HelpState, WayOut
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid

_FOR_RESIDENT = _("Write the answer that the resident will read.")


@transaction.atomic
def help_otherwise(*, actor: Actor, case_id: int, words: str, at: datetime, seen: int | None = None) -> Case:
    """All needs were met without a place: by benefits, tools or training.

    Raises WrongState (needs are open), NotAllowed, Invalid, Stale.
    """
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ACCOMPANY, seen=seen)
    require_state(help, HelpState.SEEKING)
    needs = Need.objects.filter(help=help)
    if not needs.exists() or needs.filter(met_on__isnull=True).exists():
        raise WrongState(_("A need is still open. Write down first how it was met."))
    words = words_of(words, field="words", message=_FOR_RESIDENT, limit=5_000)
    move(help, HelpState.HELPED, at=at)
    note(case, help, "helped", actor=actor, at=at)
    if case.in_hand:
        give_answer(case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Outcome.ANSWERED, answer=words)
    return case


@transaction.atomic
def end_help(
    *, actor: Actor, case_id: int, way_out: str, words: str, at: datetime, seen: int | None = None
) -> Case:
    """End the help without a place, and say why. Raises WrongState, NotAllowed, Invalid, Stale."""
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.END, seen=seen)
    require_state(help, HelpState.SEEKING)
    if way_out not in WayOut.values:
        raise Invalid(_("Choose why the help ends."), field="way_out")
    words = words_of(words, field="words", message=_FOR_RESIDENT, limit=5_000)
    help.way_out = way_out
    move(help, HelpState.ENDED, at=at)
    note(case, help, "ended", actor=actor, at=at, data={"way_out": way_out})
    if case.in_hand:
        give_answer(case, actor=actor, at=at, stage=Stage.ENDED, outcome=Outcome.ENDED, answer=words)
    return case


@transaction.atomic
def answer_rating(*, actor: Actor, case_id: int, answer: str, at: datetime, seen: int | None = None) -> Case:
    """Answer a help that a bad rating brought back. Raises WrongState, NotAllowed, Invalid, Stale."""
    case, help = locked_help(actor=actor, case_id=case_id, act=Act.ANSWER, seen=seen)
    if help.state in {HelpState.REGISTERED, HelpState.SEEKING} or not case.in_hand:
        raise WrongState(_("There is nothing to answer: no bad rating brought this matter back."))
    answer = words_of(answer, field="answer", message=_FOR_RESIDENT, limit=5_000)
    give_answer(case, actor=actor, at=at, stage=Stage.COMPLETED, outcome=Outcome.ANSWERED, answer=answer)
    return case
