"""Mediators chosen by the parties or assigned by the committee (Art. 19); recusal checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.selectors import Case
from liangdian.casework.services.record import worker
from liangdian.desks.mediation.models import Assignment, Dispute, Member, Party, Recusal, Representative
from liangdian.desks.mediation.policy import Act
from liangdian.desks.mediation.rules import check_free
from liangdian.desks.mediation.services.record import (
    at_work,
    locked_dispute,
    mediators_of,
    move,
    note,
    require_state,
    seated,
    text_of,
)
from liangdian.desks.mediation.states import TALKING, Chosen, DisputeState, Openness
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotAllowed


@transaction.atomic
def assign(
    *, actor: Actor, case_id: int, members: Sequence[int], how: str, openness: str, at: datetime,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Choose one or more mediators; those who mediated before and are not chosen again are relieved.

    The first one becomes the handler of the case. Raises WrongState, NotAllowed (recusal), Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.ASSIGN, seen=seen)
    require_state(dispute, DisputeState.CONSENTED, DisputeState.MEDIATING)
    if how not in Chosen.values:
        raise Invalid(_("Choose whether the parties chose the mediators."), field="how")
    if openness not in Openness.values:
        raise Invalid(_("Choose whether the sessions are open."), field="openness")
    chosen = [seated(dispute, member_id, at=at) for member_id in dict.fromkeys(members)]
    if not chosen:
        raise Invalid(_("Choose at least one mediator."), field="members")
    names = names_around(dispute)
    recused = set(Recusal.objects.filter(dispute=dispute).values_list("member__user_id", flat=True))
    for member in chosen:
        check_free(
            name=member.user.name, others=names, recused=member.user_id in recused,
            about=member.user_id == case.about_user_id,
        )  # fmt: skip
    _replace(dispute, chosen, how=how, by=worker(actor), at=at)
    dispute.openness = openness
    dispute.save(update_fields=["openness"])
    if dispute.state == DisputeState.CONSENTED:
        move(dispute, DisputeState.MEDIATING, at=at)
    fields = ["handler", *at_work(case)]
    case.handler_id = chosen[0].user_id
    data: dict[str, object] = {"names": [member.user.name for member in chosen], "how": how}
    note(case, "assigned", actor=actor, at=at, data=data, fields=fields)
    return case


def _replace(dispute: Dispute, chosen: Iterable[Member], *, how: str, by: int, at: datetime) -> None:
    wanted = {member.pk for member in chosen}
    present = {row.member_id for row in mediators_of(dispute)}
    ending = Assignment.objects.filter(dispute=dispute, ended_at__isnull=True)
    ending.exclude(member__in=wanted).update(ended_at=at)
    Assignment.objects.bulk_create(
        Assignment(dispute=dispute, member=member, how=how, at=at, by_id=by)
        for member in chosen
        if member.pk not in present
    )


def names_around(dispute: Dispute) -> list[str]:
    """The names of all parties and of those who act for them."""
    parties = Party.objects.filter(dispute=dispute).values_list("name", flat=True)
    agents = Representative.objects.filter(party__dispute=dispute).values_list("name", flat=True)
    return [*parties, *agents]


@transaction.atomic
def recuse(
    *, actor: Actor, case_id: int, member_id: int, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """A mediator takes no part in this dispute from now on: his own wish, a party's, or a tie to a party.

    Written down for good. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, dispute = locked_dispute(actor=actor, case_id=case_id, act=Act.RECUSE, seen=seen)
    require_state(dispute, DisputeState.REGISTERED, *TALKING)
    member = seated(dispute, member_id, at=at)
    reason = text_of(reason, field="reason", message=_("Write why this mediator takes no part."))
    try:
        with transaction.atomic():
            Recusal.objects.create(
                dispute=dispute, member=member, reason=reason[:300], at=at, by_id=worker(actor)
            )
    except IntegrityError as error:
        raise NotAllowed(_("It is written down already that he takes no part.")) from error
    Assignment.objects.filter(dispute=dispute, member=member, ended_at__isnull=True).update(ended_at=at)
    fields = []
    if case.handler_id == member.user_id:
        left = mediators_of(dispute)
        case.handler_id = left[0].member.user_id if left else None
        fields = ["handler"]
    data: dict[str, object] = {"names": [member.user.name], "text": reason}
    note(case, "recused", actor=actor, at=at, data=data, public=False, fields=fields)
    return case
