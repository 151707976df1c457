"""Everything of a colleague who leaves, or is away for a time, goes to another one in one act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Case, HandedCase, HandOver
from liangdian.casework.policy import Act
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import chained, locked_case, notice_of, save_with, worker
from liangdian.casework.states import OPEN, EventType
from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.notifications.services import Notice, notify_many


@dataclass(slots=True)
class Handed:
    """What became of an act on many matters: the numbers that were done, the others with the reason."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def lying_with(user_id: int) -> Q:
    """Open matters that this person works on or answers for, himself or in a first handler's place."""
    answering = Q(successor=user_id) | Q(first_handler=user_id, successor__isnull=True)
    return Q(state__in=[*OPEN]) & (Q(handler=user_id) | answering)


@transaction.atomic
def hand_over(
    *, actor: Actor, from_user_id: int, to_user_id: int, reason: str, until: date | None, at: datetime
) -> Handed:
    """Give everything that lies with one colleague to another, for good or to the end of the day ``until``.

    The first handler stays the first handler; his successor answers in his place. Every matter is decided
    for itself; those that could not go are named with the reason. Raises Invalid, NotAllowed.
    """
    _check_persons(actor, from_user_id, to_user_id)
    reason = required_text(reason, field="reason", message=_("Write why everything is handed over."))
    if until is not None and until < business_date(at):
        raise Invalid(_("Choose today or a later day."), field="until")
    if until is None and from_user_id == actor.user_id:
        raise Invalid(_("Say until when. For good, your secretary hands it over."), field="until")
    mine = Case.objects.filter(policy.visible_to(actor), lying_with(from_user_id)).order_by("pk")
    act = HandOver.objects.create(
        from_user_id=from_user_id,
        to_user_id=to_user_id,
        reason=reason,
        until=until,
        at=at,
        by_id=worker(actor),
    )
    handed, notices = Handed(), []
    staff = _Staff(to_user_id)
    for case_id, reference in mine.values_list("pk", "reference"):
        try:
            with transaction.atomic():
                notices.append(_hand(act, case_id, staff, actor=actor, at=at))
        except Refused as refused:
            handed.refused.append((reference, str(refused)))
        else:
            handed.done.append(reference)
    if not handed.done and not handed.refused:
        raise Invalid(_("Nothing lies with this colleague that you could hand over."), field="from_user")
    if not handed.done:
        raise NotAllowed(handed.refused[0][1])
    notify_many([*notices, _of_all(act, [from_user_id, to_user_id], actor, EventType.HANDED_OVER, at=at)])
    return handed


def _check_persons(actor: Actor, from_user_id: int, to_user_id: int) -> None:
    if from_user_id == to_user_id:
        raise Invalid(_("Choose two different colleagues."), field="to_user")
    if from_user_id != actor.user_id and not actor.holds(*policy.roles_for(Act.HAND_OVER, policy.Reach.UNIT)):
        raise NotAllowed(_("Only a secretary or coordinator hands over what lies with somebody else."))
    if to_user_id not in accounts.active_ids([to_user_id]):
        raise Invalid(_("Choose a colleague whose account is in use."), field="to_user")


class _Staff:
    """Whether one colleague works where a matter lies or came from; each unit is asked once."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self.known: dict[str, bool] = {}

    def works_in(self, path: str) -> bool:
        if path not in self.known:
            near = {user.pk for user in accounts.staff_within(path)}
            above = (user.pk for role in policy.IN_CHARGE for user in accounts.holders_reaching(role, path))
            self.known[path] = self.user_id in near or self.user_id in above
        return self.known[path]


def _hand(act: HandOver, case_id: int, staff: _Staff, *, actor: Actor, at: datetime) -> Notice:
    case = locked_case(actor=actor, case_id=case_id, act=None)
    if act.from_user_id != actor.user_id:
        policy.require(actor, Act.HAND_OVER, case)
    rules.check_not_about(actor_id=act.to_user_id, about_user_id=case.about_user_id)
    if not (staff.works_in(case.unit.path) or staff.works_in(case.origin.path)):
        raise NotAllowed(_("This colleague does not work in %(unit)s.") % {"unit": case.unit.label})
    work = case.handler_id == act.from_user_id
    answering = act.from_user_id in {case.successor_id, None if case.successor_id else case.first_handler_id}
    HandedCase.objects.create(
        hand_over=act, case=case, work=work, answering=answering, successor_before_id=case.successor_id
    )
    if work:
        case.handler_id = act.to_user_id
    if answering:
        case.successor_id = act.to_user_id if act.to_user_id != case.first_handler_id else None
    data: dict[str, object] = {
        "from_user": act.from_user_id, "to_user": act.to_user_id, "text": act.reason,
        "until": act.until.isoformat() if act.until else None,
    }  # fmt: skip
    event = chained(case, type=EventType.HANDED_OVER, actor=actor, at=at, data=data)
    save_with(case, [event], "handler", "successor")
    return notice_of(case, event, _others(case, act, actor))


def _others(case: Case, act: HandOver, actor: Actor) -> set[int | None]:
    """Who is told of each matter; the two colleagues are told once of everything."""
    people = {case.handler_id, case.first_handler_id, case.successor_id}
    return people - {act.from_user_id, act.to_user_id, actor.user_id}


def _of_all(act: HandOver, told: list[int], actor: Actor, kind: EventType, *, at: datetime) -> Notice:
    return Notice(
        user_ids=tuple(sorted(set(told) - {actor.user_id})), kind=str(kind), subject=act.reason[:200],
        url="/cases/?list=answer", key=f"hand-over:{act.pk}:{kind}", at=at,
    )  # fmt: skip


@transaction.atomic
def give_back(*, actor: Actor, hand_over_id: int, at: datetime) -> int:
    """End a stand-in: what the stand-in still has goes back. Returns how many matters went.

    By the two colleagues, whoever made it, or somebody in charge. Raises NotFound.
    """
    act = running_of(actor).select_for_update(of=("self",)).filter(pk=hand_over_id).first()
    if act is None:
        raise NotFound(_("There is no such stand-in, or it has ended."))
    return _give_back(act, actor=actor, at=at)


def give_back_due(*, at: datetime) -> int:
    """End the stand-ins whose last day is over; returns how many matters went back. By the clock."""
    over = HandOver.objects.filter(ended_at__isnull=True, until__lt=business_date(at)).order_by("pk")
    back = 0
    for key in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            act = HandOver.objects.select_for_update(skip_locked=True).filter(pk=key, ended_at=None).first()
            back += _give_back(act, actor=SYSTEM, at=at) if act is not None else 0
    return back


def running_of(actor: Actor) -> QuerySet[HandOver]:
    """The stand-ins that run now and that this person may end."""
    rows = HandOver.objects.filter(until__isnull=False, ended_at__isnull=True)
    paths = actor.paths(*policy.roles_for(Act.HAND_OVER, policy.Reach.UNIT))
    mine = Q(from_user=actor.user_id) | Q(to_user=actor.user_id) | Q(by=actor.user_id)
    below = Q(from_user__in=accounts.user_ids_within(paths)) if paths else Q(pk__in=[])
    return rows.filter(mine | below).select_related("from_user", "to_user").order_by("until", "pk")


def _give_back(act: HandOver, *, actor: Actor, at: datetime) -> int:
    act.ended_at, act.ended_by_id = at, actor.user_id
    act.save(update_fields=["ended_at", "ended_by"])
    if not accounts.active_ids([act.from_user_id]):
        return 0  # who left meanwhile gets nothing back
    notices = []
    for row in act.cases.order_by("case_id"):
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("unit", "origin").get(pk=row.case_id)
        )
        work = row.work and case.is_open and case.handler_id == act.to_user_id
        answering = row.answering and case.is_open and _still_answers(case, act)
        if not (work or answering):
            continue
        if work:
            case.handler_id = act.from_user_id
        if answering:
            case.successor_id = row.successor_before_id
        data: dict[str, object] = {"from_user": act.to_user_id, "to_user": act.from_user_id}
        event = chained(case, type=EventType.GIVEN_BACK, actor=actor, at=at, data=data)
        save_with(case, [event], "handler", "successor")
        notices.append(notice_of(case, event, _others(case, act, actor)))
    told = [act.from_user_id, act.to_user_id]
    notify_many([*notices, _of_all(act, told, actor, EventType.GIVEN_BACK, at=at)])
    return len(notices)


def _still_answers(case: Case, act: HandOver) -> bool:
    here = case.first_handler_id if case.successor_id is None else case.successor_id
    return here == act.to_user_id
