"""Merging duplicates: one matter leads, the other stands still; nothing is lost, and it can be undone.

The answer of the leading matter is given to both residents, and each of them rates his own.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Assist, Case, CaseRelation, Supervision
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.handling import require_in_hand, required_text
from liangdian.casework.services.record import locked_case, save_with, tell, worker
from liangdian.casework.services.repairing import open_repair
from liangdian.casework.services.together import (
    FOLLOWS,
    LEADS,
    joined,
    part,
    people_of,
    stop_all_clocks,
    take_over_promise,
)
from liangdian.casework.states import IN_HAND, ReferralState, RelationKind, State
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.database.facts import only_one

# One at a time, because each locks two matters. An answer locks the leading one and then its followers, so
# whoever parts them locks in the same order.
ONE_AT_A_TIME = "casework.relations"


def merge(
    *, actor: Actor, case_id: int, other: str, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Handle the matter together with number ``other``, which leads from now on; returns the follower.

    The follower stands still with its state, its stage and its promise; its clocks stop. The earlier of the
    two promises holds for the leader. Everybody is told, the residents of both too.
    Raises Invalid (other), WrongState, NotAllowed, NotFound, Stale.
    """
    with only_one(ONE_AT_A_TIME):
        case = locked_case(actor=actor, case_id=case_id, act=Act.MERGE, seen=seen)
        _check_own(case)
        leader = locked_other(actor, other, act=Act.MERGE)
        _check(case, leader)
        reason = required_text(reason, field="reason", message=_("Write why the two are the same."))
        CaseRelation.objects.create(
            kind=RelationKind.MERGED, case=case, other=leader, reason=reason, at=at, by_id=worker(actor),
            stopped=stop_all_clocks(case, at=at),
        )  # fmt: skip
        promised = take_over_promise(leader, case, actor=actor, at=at)
        case.merged_into = leader
        follows = joined(case, leader, FOLLOWS, actor=actor, at=at, reason=reason)
        leads = joined(leader, case, LEADS, actor=actor, at=at, reason=reason)
        refresh_clock(case, now=at)
        refresh_clock(leader, now=at)
        save_with(case, [follows], "merged_into", "next_due_at")
        save_with(leader, [*promised, leads], "due_at", "next_due_at", "alarms_done")
        tell(people_of(case), case=case, event=follows, but=actor)
        tell(people_of(leader), case=leader, event=leads, but=actor)
    return case


def unmerge(*, actor: Actor, case_id: int, reason: str, at: datetime, seen: int | None = None) -> Case:
    """Take a merged matter apart again: it goes on with its own clocks and promise where it stood.

    The leading matter keeps the earlier promise, because its resident was told of it.
    Raises WrongState, Invalid, NotAllowed, NotFound, Stale.
    """
    with only_one(ONE_AT_A_TIME):
        leader = (
            Case.objects.select_for_update(of=("self",))
            .select_related("unit", "origin")
            .filter(pk__in=Case.objects.filter(pk=case_id).values("merged_into"))
            .first()
        )
        case = locked_case(actor=actor, case_id=case_id, act=Act.UNMERGE, seen=seen)
        if leader is None or not case.follows:
            raise rules.WrongState(_("This matter is not handled together with another one now."))
        reason = required_text(
            reason, field="reason", message=_("Write why they are handled separately again.")
        )
        leads = part(case, leader, actor=actor, at=at, reason=reason)
        save_with(leader, [leads])
        tell(people_of(leader), case=leader, event=leads, but=actor)
    return case


def locked_other(actor: Actor, reference: str, *, act: Act | None) -> Case:
    """The other matter by its number, locked, after the policy of ``act``; told at the field ``other``."""
    number = clean(reference).upper()
    found = Case.objects.filter(policy.visible_to(actor), reference=number).values_list("pk", flat=True)
    try:
        return locked_case(actor=actor, case_id=found.first() or 0, act=act)
    except (NotFound, rules.WrongState) as refused:
        raise Invalid(refused.message, field="other") from refused


def _check_own(case: Case) -> None:
    """What keeps a matter from following any other one."""
    require_in_hand(case)
    if case.referrals.filter(state=ReferralState.OFFERED).exists():
        raise rules.WrongState(_("A referral waits here. Accept it or return it first."))
    if Case.objects.filter(merged_into=case, state__in=IN_HAND).exists():
        raise rules.WrongState(_("Other matters are handled together with this one, so it has to lead."))
    if case.assists.filter(Assist.OPEN).exists():
        raise rules.WrongState(_("Other units help here. Withdraw the requests for help first."))
    if case.supervisions.filter(Supervision.OPEN).exists():
        raise rules.WrongState(_("An inspector supervises this matter. Wait until the answer is accepted."))
    if open_repair(case) is not None:
        raise rules.WrongState(_("A bad rating waits to be put right here. Do that first."))


def _check(case: Case, leader: Case) -> None:
    if case.pk == leader.pk:
        raise Invalid(_("A matter cannot be handled together with itself."), field="other")
    if not leader.in_hand:
        raise Invalid(
            _("%(reference)s is “%(state)s”. Only a matter in hand can lead.")
            % {"reference": leader.reference, "state": State(leader.state).label},
            field="other",
        )
    if case.about_user_id != leader.about_user_id:
        raise Invalid(
            _("A complaint about a colleague is merged only with one about the same colleague."),
            field="other",
        )
    if case.paused_at is not None or leader.paused_at is not None:
        raise rules.WrongState(_("One of the two stands still. Merge them when it goes on."))
    _check_parts(case, leader)


def _check_parts(case: Case, leader: Case) -> None:
    parts = CaseRelation.objects.filter(kind=RelationKind.PART, ended_at__isnull=True)
    if parts.filter(other=case, case__state__in=IN_HAND).exists():
        raise rules.WrongState(_("This matter has parts that are not answered yet. Answer them first."))
    if parts.filter(case=case, other=leader).exists():
        raise Invalid(_("It is a part of that matter. Remove the link first."), field="other")
