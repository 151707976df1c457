"""The common steps of the desk's verbs: lock case and help, ask the policy, move the help."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.stages import Stage
from liangdian.casework.states import State
from liangdian.desks.assistance import policy
from liangdian.desks.assistance.models import Help, Placement
from liangdian.desks.assistance.policy import Act
from liangdian.desks.assistance.rules import WrongState, check_move
from liangdian.desks.assistance.states import HelpState
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean

OVER = frozenset({HelpState.SETTLED, HelpState.HELPED, HelpState.DECLINED, HelpState.ENDED})


def locked_help(*, actor: Actor, case_id: int, act: Act, seen: int | None = None) -> tuple[Case, Help]:
    """Case and help, locked, after the policy of ``act``. Raises NotFound, Stale, NotAllowed."""
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    help = Help.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if help is None:
        raise NotFound(_("This matter is no livelihood help."))
    policy.require(actor, act, case, help.helper_id)
    return case, help


def require_state(help: Help, *states: HelpState) -> None:
    """Raises WrongState unless the help is in one of ``states``."""
    if help.state not in states:
        raise WrongState(
            _("This help is at “%(state)s”, so this cannot be done now.")
            % {"state": HelpState(help.state).label}
        )


def move(help: Help, target: HelpState, *, at: datetime) -> None:
    """Move a locked help and save it. Raises WrongState."""
    check_move(help.state, target)
    help.state = target
    if target in OVER:
        help.ended_at = at
    help.save(update_fields=["state", "ended_at", "way_out"])


def at_work(case: Case) -> list[str]:
    """A locked case that only waited is being worked on now; returns the columns that changed."""
    fields = []
    if case.state == State.RECEIVED:
        case.state = State.HANDLING
        fields.append("state")
    if case.stage == Stage.RECEIVED:
        case.stage = Stage.EXAMINING
        fields.append("stage")
    return fields


def note(
    case: Case, help: Help, type: str, *, actor: Actor, at: datetime, data: dict[str, object] | None = None,
    public: bool = True, fields: list[str] | None = None,
) -> None:  # fmt: skip
    """Write one event of the desk, with the changed columns of the case; handlers and helper are told."""
    event = chained(case, type=f"assistance.{type}", actor=actor, at=at, data=data, public=public)
    save_with(case, [event], *(fields or []))
    tell([case.first_handler_id, case.handler_id, help.helper_id], case=case, event=event, but=actor)


def words_of(text: str, *, field: str, message: object, limit: int = 500) -> str:
    """``text`` cleaned; refused when empty or too long. Raises Invalid."""
    text = clean(text)
    if not text:
        raise Invalid(message, field=field)
    if len(text) > limit:
        raise Invalid(
            _("The text has %(n)s characters; %(limit)s fit.") % {"n": len(text), "limit": limit}, field=field
        )
    return text


def running(help: Help) -> Placement | None:
    """The placement that runs; None when there is none."""
    rows = Placement.objects.select_for_update(of=("self",)).select_related("offer")
    return rows.filter(help=help, ended_on__isnull=True).first()
