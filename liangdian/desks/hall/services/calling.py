"""Calling: the next one, again, and those who do not come. Never two windows the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import policy, queues, rules
from liangdian.desks.hall.models import VisitItem, WindowSession
from liangdian.desks.hall.rules import Choice
from liangdian.desks.hall.services.record import (
    Told,
    at_my_window,
    item_at,
    locked_item,
    locked_session,
    moved,
    save_item,
    settle_visit,
    touched,
)
from liangdian.desks.hall.states import EventKind, State
from liangdian.desks.hall.wording import WINDOW_BUSY
from liangdian.foundation.actor import Actor

# Eight clerks press at one instant; nobody loses more rounds than there are windows.
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Call:
    """Who was called to the actor's window, and why it was his turn (a code of ``rules.Why``)."""

    item: VisitItem
    why: str


@transaction.atomic
def call_next(*, actor: Actor, at: datetime, press_key: str = "") -> Call | None:
    """Call the next person whom the actor's window serves; None when nobody waits.

    The same ``press_key`` again returns who was called by the first press. Raises WrongState when the
    actor sits at no open window or has somebody before him.
    """
    session = locked_session(actor=actor, at=at, open_only=True)
    present = item_at(session.window_id)
    if present is not None:
        if press_key and press_key == session.last_press:
            return Call(present, "")
        raise rules.WrongState(WINDOW_BUSY % {"ticket": present.visit.ticket})
    choice = _take(session, at=at)
    if choice is None:
        touched(session, at=at)
        return None
    item = VisitItem.objects.select_related("visit").get(pk=choice.person.id)  # locked by the choice
    session.streak, session.last_press = choice.streak, press_key[:64]
    _call(session, item, why=str(choice.why), at=at)
    return Call(item, str(choice.why))


def _take(session: WindowSession, *, at: datetime) -> Choice | None:
    """Choose by the rule and lock; whoever is being taken by a colleague at this instant is left to him."""
    hall, taken = session.hall, list[int]()
    for _round in range(_ROUNDS):
        waiting = queues.heads(
            hall_id=hall.pk, day=session.day, window_id=session.window_id, serves=session.window.serves,
            taken=taken,
        )  # fmt: skip
        if not waiting:
            return None
        wanted = rules.preferences(
            waiting, at=at, streak=session.streak, ratio=hall.ratio, cap=hall.cap, limit=8
        )
        found = queues.lock_first([choice.person.id for choice in wanted])
        if found is not None:
            return next(choice for choice in wanted if choice.person.id == found)
        taken += [choice.person.id for choice in wanted]
    return None


@transaction.atomic
def call_this(*, actor: Actor, item_id: int, at: datetime) -> Call:
    """Call one chosen person to the actor's window; only whoever leads the hall may go out of turn."""
    session = locked_session(actor=actor, at=at, open_only=True)
    policy.require_lead(actor, session.hall)
    present = item_at(session.window_id)
    if present is not None:
        raise rules.WrongState(WINDOW_BUSY % {"ticket": present.visit.ticket})
    item = locked_item(item_id=item_id, hall_id=session.hall_id, day_of=at)
    _call(session, item, why="chosen", at=at)
    return Call(item, "chosen")


def _call(session: WindowSession, item: VisitItem, *, why: str, at: datetime) -> None:
    told = Told(session.hall_id)
    item.window_id, item.user_id = session.window_id, session.user_id
    moved(item, State.CALLED, told=told, at=at, window_id=session.window_id, user_id=session.user_id)
    save_item(item, "window", "user")
    touched(session, "streak", "last_press", at=at)
    waited = max(0, int((at - item.turn_at).total_seconds()))
    told.event(
        EventKind.CALLED, at=at, item=item, window_id=session.window_id, user_id=session.user_id,
        data={"why": why, "window": session.window.number, "waited": waited, "rank": item.rank,
              "reason": item.visit.reason},
    )  # fmt: skip
    told.write()


@transaction.atomic
def recall(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """Call the same person once more: an event of its own, so that every board sounds again."""
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    if item.state != State.CALLED:
        raise rules.WrongState(_("Only somebody who was called and has not come is called again."))
    touched(session, at=at)
    told = Told(session.hall_id)
    told.event(
        EventKind.RECALLED, at=at, item=item, window_id=session.window_id, user_id=actor.user_id,
        data={"window": session.window.number},
    )  # fmt: skip
    told.write()
    return item


@transaction.atomic
def miss(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """The person did not come when called. He may come back today; it is not counted as served."""
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    told = Told(session.hall_id)
    moved(item, State.MISSED, told=told, at=at, window_id=session.window_id, user_id=actor.user_id)
    save_item(item)
    settle_visit(item.visit, at=at)
    touched(session, at=at)
    told.event(
        EventKind.MISSED, at=at, item=item, window_id=session.window_id, user_id=actor.user_id,
        data={"window": session.window.number},
    )  # fmt: skip
    told.write()
    return item
