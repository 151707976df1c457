"""The appeal against a mistaken or malicious rating: by the one who was rated, decided by a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, rules
from liangdian.casework.models import Case, RatingAppeal, Repair
from liangdian.casework.policy import Act
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.services.repairing import end_repair
from liangdian.casework.states import AppealGround, EventType, RepairEnd
from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.accounts import selectors as accounts


@transaction.atomic
def appeal_rating(
    *, actor: Actor, case_id: int, ground: str, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Appeal against the newest bad rating of one's own work, once. It goes on being put right meanwhile.

    Raises NotAllowed (somebody else's rating), WrongState, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=None, seen=seen)
    rules.check_not_about(actor_id=actor.user_id, about_user_id=case.about_user_id)
    repair = newest_repair(case)
    if repair is None:
        raise rules.WrongState(_("There is no bad rating to appeal against."))
    policy.require_appeal(actor, rated_id=repair.rated_id)
    if RatingAppeal.objects.filter(repair=repair).exists():
        raise rules.WrongState(_("You appealed against this rating already."))
    if ground not in AppealGround.values:
        raise Invalid(_("Choose why the rating should not count."), field="ground")
    reason = required_text(reason, field="reason", message=_("Write what shows it."))
    RatingAppeal.objects.create(repair=repair, ground=ground, reason=reason, by_id=worker(actor), at=at)
    data: dict[str, object] = {"ground": ground, "text": reason}
    event = chained(case, type=EventType.RATING_APPEALED, actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    tell(_deciders(case), case=case, event=event, but=actor)
    return case


@transaction.atomic
def decide_appeal(
    *, actor: Actor, case_id: int, excluded: bool, words: str, at: datetime, seen: int | None = None
) -> Case:
    """Exclude the rating from the figures, or let it stand. Excluded, its repair is over; the matter goes on.

    Never by who appealed, handles the matter or received it. The rating stays visible.
    Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case = locked_case(actor=actor, case_id=case_id, act=Act.DECIDE_APPEAL, seen=seen)
    appeal = (
        RatingAppeal.objects.select_for_update(of=("self",))
        .select_related("repair")
        .filter(repair__case=case, excluded__isnull=True)
        .first()
    )
    if appeal is None:
        raise rules.WrongState(_("No appeal waits to be decided here."))
    if actor.user_id in {appeal.by_id, appeal.repair.rated_id, case.handler_id, case.first_handler_id}:
        raise NotAllowed(_("An appeal is decided by somebody who has no part in the matter."))
    words = required_text(words, field="words", message=_("Write why you decide so."))
    appeal.excluded, appeal.words = excluded, words
    appeal.decided_by_id, appeal.decided_at = actor.user_id, at
    appeal.save(update_fields=["excluded", "words", "decided_by", "decided_at"])
    if excluded and appeal.repair.ended_at is None:
        end_repair(case, appeal.repair, end=RepairEnd.EXCLUDED, at=at)
        refresh_clock(case, now=at)
    data: dict[str, object] = {"excluded": excluded, "text": words}
    # The one who rated is told that his rating does not count, and why; that it stands changes nothing.
    event = chained(case, type=EventType.APPEAL_DECIDED, actor=actor, at=at, data=data, public=excluded)
    save_with(case, [event], "to_call", "next_due_at")
    tell([appeal.by_id, case.first_handler_id, case.handler_id], case=case, event=event, but=actor)
    return case


def newest_repair(case: Case) -> Repair | None:
    """The repair of the newest bad rating, done or not."""
    return Repair.objects.filter(case=case).order_by("-id").first()


def _deciders(case: Case) -> list[int]:
    """Those who decide about the unit that received the matter: its inspectors, else its leaders."""
    for role in (Role.INSPECTOR, Role.LEADER):
        if people := accounts.holders_reaching(role, case.origin.path):
            return [user.pk for user in people]
    return []
