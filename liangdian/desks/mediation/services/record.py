"""The common steps of the desk's verbs: lock case and dispute, ask the policy, move the dispute."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import chained, locked_case, save_with, tell
from liangdian.casework.stages import Stage
from liangdian.casework.states import State
from liangdian.desks.mediation import policy
from liangdian.desks.mediation.models import Agreement, Assignment, Dispute, Member, Party
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import WrongState, check_move
from liangdian.desks.mediation.states import DisputeState
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean

TEXT_LIMIT = 5_000


def mediators_of(dispute: Dispute) -> list[Assignment]:
    """Who mediates now, in the order in which they came."""
    rows = Assignment.objects.filter(dispute=dispute, ended_at__isnull=True)
    return list(rows.select_related("member__user").order_by("pk"))


def locked_dispute(*, actor: Actor, case_id: int, act: Act, seen: int | None = None) -> tuple[Case, Dispute]:
    """Case and dispute, locked, after the policy of ``act``. Raises NotFound, Stale, NotAllowed."""
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    dispute = Dispute.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if dispute is None:
        raise NotFound(_("This matter is no dispute before the mediation committee."))
    policy.require(actor, act, case, {row.member.user_id for row in mediators_of(dispute)})
    return case, dispute


def require_state(dispute: Dispute, *states: DisputeState) -> None:
    """Raises WrongState unless the dispute is in one of ``states``."""
    if dispute.state not in states:
        raise WrongState(
            _("This dispute is at “%(state)s”, so this cannot be done now.")
            % {"state": DisputeState(dispute.state).label}
        )


def move(dispute: Dispute, target: DisputeState, *, at: datetime) -> None:
    """Move a locked dispute and save it. Raises WrongState."""
    check_move(dispute.state, target)
    dispute.state = target
    fields = ["state", "way_out"]
    if target in {DisputeState.FAILED, DisputeState.REFUSED, DisputeState.EFFECTIVE}:
        dispute.ended_at = at
        fields.append("ended_at")
    dispute.save(update_fields=fields)


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
    case: Case, type: str, *, actor: Actor, at: datetime, data: dict[str, object] | None = None,
    public: bool = True, fields: list[str] | None = None,
) -> None:  # fmt: skip
    """Write one event of the desk, with the changed columns of the case, and tell those who mediate."""
    event = chained(case, type=f"mediation.{type}", actor=actor, at=at, data=data, public=public)
    save_with(case, [event], *(fields or []))
    told = Assignment.objects.filter(dispute_id=case.pk, ended_at__isnull=True)
    mediating = told.values_list("member__user_id", flat=True)
    tell([case.first_handler_id, case.handler_id, *mediating], case=case, event=event, but=actor)


def text_of(text: str, *, field: str, message: object) -> str:
    """``text`` cleaned; refused when empty or longer than 5,000 characters. Raises Invalid."""
    text = clean(text)
    if not text:
        raise Invalid(message, field=field)
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            _("The text has %(n)s characters; %(limit)s fit.") % {"n": len(text), "limit": TEXT_LIMIT},
            field=field,
        )
    return text


def party_of(dispute: Dispute, party_id: int | None, *, field: str = "party") -> Party:
    """A party of this dispute. Raises Invalid."""
    party = Party.objects.filter(dispute=dispute, pk=party_id).first() if party_id else None
    if party is None:
        raise Invalid(_("Choose a party of this dispute."), field=field)
    return party


def seated(dispute: Dispute, member_id: int, *, at: datetime) -> Member:
    """A member of the committee's running term. Raises Invalid."""
    today = at.date()
    found = Member.objects.select_related("user").filter(
        pk=member_id, term__committee=dispute.committee_id, left__isnull=True, term__starts__lte=today,
        term__ends__gte=today,
    )  # fmt: skip
    member = found.first()
    if member is None:
        raise Invalid(_("Choose mediators from the committee's running term."), field="members")
    return member


def agreement_of(dispute: Dispute) -> Agreement | None:
    """The agreement that counts; None when there is none."""
    return Agreement.objects.filter(dispute=dispute, dropped_at__isnull=True).first()
