"""The common steps of every act on a petition: lock case and petition, policy, save both."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import WrongState
from liangdian.casework.selectors import Case, Event
from liangdian.casework.services.clocks import limit_in_force, stop_clocks
from liangdian.casework.services.promising import give, make_promise, newest_promise
from liangdian.casework.services.record import current_rule, locked_case
from liangdian.casework.states import PromiseReason
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import Accused, Petition
from liangdian.desks.petitions.states import Step
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.limits import Limit
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.accounts import selectors as accounts

OWN_CLOCKS = ("petitions.objection", "petitions.accept_simply", "petitions.report")


def locked(*, actor: Actor, case_id: int, seen: int | None) -> tuple[Case, Petition]:
    """Case and petition, both locked. Raises NotFound (hidden equals missing) and Stale."""
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    petition = Petition.objects.select_for_update(of=("self",)).select_related("of__case").filter(pk=case.pk)
    found = petition.first()
    if found is None:
        raise NotFound(_("There is no such petition, or it is not yours to see."))
    found.case = case
    return case, found


def at_work(*, actor: Actor, case_id: int, seen: int | None, in_hand: bool = True) -> tuple[Case, Petition]:
    """The same for those who work on it. Raises NotAllowed, and WrongState when it is answered."""
    case, petition = locked(actor=actor, case_id=case_id, seen=seen)
    policy.require(policy.works_on(actor, case), actor, petition, case)
    if in_hand:
        require_in_hand(case)
    return case, petition


def require_in_hand(case: Case) -> None:
    """Raises WrongState when the petition is answered or over."""
    if not case.in_hand:
        raise WrongState(_("This petition has been answered. Reload the page to see what can be done."))


def move(petition: Petition, target: Step) -> None:
    """The next step, in memory. Raises WrongState."""
    rules.check_step(petition.step, target)
    petition.step = target


def promised(
    case: Case, code: str, *, actor: Actor, at: datetime, reason: PromiseReason,
    start: datetime | None = None, limit: Limit | None = None, legal: Limit | None = None,
) -> Event:  # fmt: skip
    """A new promise by rule ``code`` (``limit`` where it is another) that follows the last; its event."""
    rule = current_rule(code, on=at)
    promise = make_promise(
        case, limit=limit or rule.limit, rule_code=code, rule_version=rule.version, at=start or at,
        reason=reason, legal=legal,
    )  # fmt: skip
    promise.made_at = at
    return give(case, promise, actor=actor, at=at, before=newest_promise(case))


def stop_own_clocks(case: Case, *, at: datetime) -> None:
    """End the clocks of the desk on this case."""
    stop_clocks(case, *OWN_CLOCKS, at=at)


def notice_due(at: datetime) -> datetime:
    """When the petitioner has to be told whether it is accepted: 15 days (Art. 22, 23)."""
    return limit_in_force(rules.PROMISE, at=at).at


def check_assignable(petition: Petition, case: Case, user_id: int) -> None:
    """Nobody handles what is about him or his unit, or what he keeps away from (Art. 28, 46).

    Raises Invalid.
    """
    if user_id in policy.away_from(petition):
        raise Invalid(
            _("This colleague keeps away from the petition, or handled it before (Art. 46). Choose another."),
            field="to_user",
        )
    if user_id in set(petition.accused.filter(user__isnull=False).values_list("user", flat=True)):
        raise _about("to_user")
    user = accounts.user_by_id(user_id)
    paths = [grant.path for grant in accounts.actor_of(user).grants]
    if any(rules.is_within(path, closed_paths(petition, case)) for path in paths):
        raise _about("to_user")


def check_target(petition: Petition, case: Case, path: str) -> None:
    """Nothing is passed to the unit complained about or below it (Art. 28, 30). Raises Invalid."""
    if rules.is_within(path, closed_paths(petition, case)):
        raise _about("to_unit")


def closed_paths(petition: Petition, case: Case) -> list[str]:
    """The units that must not have it. The unit of a person is left out where everybody belongs to it."""
    rows = Accused.objects.filter(petition=petition, unit__isnull=False).select_related("unit")
    return [
        row.unit.path for row in rows
        if row.unit and not (row.through_user and case.origin.path.startswith(row.unit.path))
    ]  # fmt: skip


def _about(field: str) -> Invalid:
    return Invalid(
        _("The petition is about this colleague or unit, so it must not go there (Art. 30). Choose another."),
        field=field,
    )


def heads_of(case: Case) -> list[int]:
    """The heads of the unit where the case lies, nearest first; those from whom it is hidden hear nothing."""
    return [user.pk for user in accounts.holders_reaching(Role.LEADER, case.unit.path)]


def in_charge(case: Case) -> list[int]:
    """The petition office of the unit where the case lies."""
    for role in policy.WORKING:
        if found := accounts.holders_reaching(role, case.unit.path):
            return [user.pk for user in found]
    return []
