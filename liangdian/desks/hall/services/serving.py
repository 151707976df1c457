"""At the window: begin, interrupt, go on, set aside, move, finish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework import selectors as cases
from liangdian.casework import services as casework
from liangdian.desks.hall import policy, rules
from liangdian.desks.hall.models import VisitItem, WindowSession
from liangdian.desks.hall.services.record import (
    Told,
    at_my_window,
    item_at,
    locked_item,
    moved,
    save_item,
    settle_visit,
    touched,
)
from liangdian.desks.hall.states import PRESENT, EventKind, State
from liangdian.desks.hall.wording import WINDOW_BUSY
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.ui.dates import day_words
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.organisation import selectors as organisation

REASON_LIMIT = 500


@transaction.atomic
def start(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """The person who was called has come to the window."""
    return _at_window(actor, item_id, State.SERVING, EventKind.SERVING, at, only_from=State.CALLED)


@transaction.atomic
def hold(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """Interrupt the service for a moment, such as for a copy; the window can call others meanwhile."""
    return _at_window(actor, item_id, State.HELD, EventKind.HELD, at)


@transaction.atomic
def go_on(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """The interrupted person is at the window again. Raises WrongState while another one is there."""
    return _at_window(actor, item_id, State.SERVING, EventKind.RESUMED, at, only_from=State.HELD)


@transaction.atomic
def park(*, actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """Set aside until the person is back with what is missing; nobody waits for him meanwhile."""
    return _at_window(actor, item_id, State.PARKED, EventKind.PARKED, at)


def _at_window(
    actor: Actor, item_id: int, to: State, kind: EventKind, at: datetime, only_from: State | None = None
) -> VisitItem:
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    if only_from is not None and item.state != only_from:
        raise rules.wrong_state(item.state)
    present = item_at(session.window_id)
    if to == State.SERVING and present is not None and present.pk != item.pk:
        raise rules.WrongState(WINDOW_BUSY % {"ticket": present.visit.ticket})
    told = Told(session.hall_id)
    item.user_id = session.user_id
    moved(item, to, told=told, at=at, window_id=session.window_id, user_id=session.user_id)
    save_item(item, "user")
    settle_visit(item.visit, at=at)
    touched(session, at=at)
    _tell(told, kind, session, item, at)
    told.write()
    return item


def _tell(told: Told, kind: EventKind, session: WindowSession, item: VisitItem, at: datetime) -> None:
    told.event(
        kind, at=at, item=item, window_id=session.window_id, user_id=session.user_id,
        data={"window": session.window.number},
    )  # fmt: skip


def _movable(actor: Actor, item_id: int, at: datetime) -> VisitItem:
    """The locked item, when the actor has it at his window or leads the hall. Raises WrongState."""
    item = locked_item(item_id=item_id, day_of=at)
    policy.require_serve(actor, item.hall)
    if item.state not in PRESENT:
        raise rules.WrongState(_("This person does not wait at the moment."))
    if item.state != State.WAITING and item.user_id != actor.user_id:
        policy.require_lead(actor, item.hall)
    return item


@transaction.atomic
def move_to_window(*, actor: Actor, item_id: int, window_id: int | None, at: datetime) -> VisitItem:
    """The person waits for this window alone, or again for every one that serves him (None).

    His place stays: it counts from when it counted before. Raises NotFound, WrongState, Invalid.
    """
    item = _movable(actor, item_id, at)
    number = None
    if window_id is not None:
        window = organisation.window_by_id(window_id)
        if window.unit_id != item.hall.unit_id or not window.active:
            raise Invalid(_("Choose a window of this hall."), field="window")
        number = window.number
    told = Told(item.hall_id)
    item.only_window_id, item.window_id, item.user_id = window_id, None, None
    moved(item, State.WAITING, told=told, at=at, user_id=actor.user_id)
    save_item(item, "only_window", "window", "user")
    told.event(
        EventKind.MOVED, at=at, item=item, window_id=window_id, user_id=actor.user_id, data={"window": number}
    )
    told.write()
    return item


@transaction.atomic
def move_to_item(*, actor: Actor, item_id: int, item_version_id: int, at: datetime) -> VisitItem:
    """It is another matter than the slip says: the visit goes on with a new item and the same place,
    at once at this window when that serves it.

    The old item ends as transferred, its time is kept. Returns the new one. Raises NotFound, WrongState.
    """
    item = _movable(actor, item_id, at)
    version = catalogue.item_version(item_version_id)
    codes = {category.pk: category.code for category in catalogue.categories()}
    category = codes[version.item.category_id]
    here = item.state == State.SERVING and item.user_id == actor.user_id and _serves(item.window, category)
    told = Told(item.hall_id)
    moved(item, State.TRANSFERRED, told=told, at=at, window_id=item.window_id, user_id=actor.user_id)
    save_item(item)
    last = item.visit.items.order_by("-seq").values_list("seq", flat=True)[0]
    new = VisitItem(
        visit=item.visit, hall=item.hall, day=item.day, seq=last + 1, item_version=version,
        category=category, at_once=version.kind == "at_once", rank=item.rank, turn_at=item.turn_at,
        state=State.SERVING if here else State.WAITING, changed_at=item.changed_at, last_segment=1,
        window=item.window if here else None, user_id=item.user_id if here else None,
    )  # fmt: skip
    new.save()
    new.last_segment = 0
    told.segment(new, window_id=new.window_id, user_id=actor.user_id)
    told.event(
        EventKind.TRANSFERRED, at=at, item=new, window_id=new.window_id, user_id=actor.user_id,
        data={"from": item.pk},
    )  # fmt: skip
    told.write()
    return new


def _serves(window: Any, category: str) -> bool:
    return window is not None and (not category or category in window.serves)


@transaction.atomic
def link_case(*, actor: Actor, item_id: int, reference: str, at: datetime) -> VisitItem:
    """The matter that the intake at this window registered, or one that the person came about.

    Raises NotFound for a matter that the actor does not see, WrongState when there is one already.
    """
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    case = cases.case_for(actor=actor, reference=reference)
    _link(session, item, case, at)
    return item


def _link(session: WindowSession, item: VisitItem, case: Any, at: datetime) -> None:
    if item.case_id is not None and item.case_id != case.pk:
        raise rules.WrongState(_("There is a matter for this item already."))
    item.case = case
    item.save(update_fields=["case"])
    if item.visit.resident_id is None and case.resident_id is not None:
        item.visit.resident_id = case.resident_id
        item.visit.save(update_fields=["resident"])
    touched(session, at=at)


@transaction.atomic
def register_matter(*, actor: Actor, item_id: int, intake: casework.Intake, at: datetime) -> VisitItem:
    """The intake of the main job at the window: the matter is registered and linked in one step.

    A second press returns the same matter. Raises WrongState while the person is not being served.
    """
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    if item.state != State.SERVING:
        raise rules.WrongState(
            _("Press “Is here” first: a matter is registered with the resident before you.")
        )
    case = casework.register(actor=actor, intake=intake, at=at)
    _link(session, item, case, at)
    return item


@transaction.atomic
def answer_and_finish(*, actor: Actor, item_id: int, answer: str, at: datetime) -> VisitItem | None:
    """An at-once item done: the answer is given to the resident and the item ends as served."""
    _session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    if item.case_id is None:
        raise rules.WrongState(_("Register the matter first."))
    casework.resolve(actor=actor, case_id=item.case_id, answer=answer, at=at)
    return finish(actor=actor, item_id=item_id, at=at)


@transaction.atomic
def finish(
    *, actor: Actor, item_id: int, at: datetime, no_case_reason: str = "", not_done_reason: str = "",
    not_done_until: date | None = None,
) -> VisitItem | None:  # fmt: skip
    """The item was served. What was registered stays linked; otherwise ``no_case_reason`` says why not.

    An at-once item ends only with its matter answered, or with a reason and a day that are promised to
    the resident. Returns the visit's next item when it goes on at this window, None otherwise: it waits
    for its own window with the place that the person has. Raises WrongState, Invalid.
    """
    session, item = at_my_window(actor=actor, item_id=item_id, at=at)
    rules.check_move(item.state, State.SERVED)
    item.no_case_reason = _one_line(no_case_reason)[:200]
    item.not_done_reason, item.not_done_until = _one_line(not_done_reason), not_done_until
    item.done_at_once = _is_answered(item) if item.at_once else None
    rules.check_finish(
        registered=item.case_id is not None, no_case_reason=item.no_case_reason, at_once=item.at_once,
        done=bool(item.done_at_once), reason=item.not_done_reason, until=not_done_until,
        today=business_date(at),
    )  # fmt: skip
    if item.case_id is not None and item.at_once and not item.done_at_once:
        _promise_later(actor, item, at)
    else:
        item.not_done_reason, item.not_done_until = "", None
    told = Told(session.hall_id)
    moved(item, State.SERVED, told=told, at=at, window_id=session.window_id, user_id=session.user_id)
    save_item(item, "no_case_reason", "not_done_reason", "not_done_until", "done_at_once")
    touched(session, at=at)
    _tell(told, EventKind.SERVED, session, item, at)
    following = _following(session, item, told=told, at=at)
    settle_visit(item.visit, at=at)
    told.write()
    return following


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())[:REASON_LIMIT]


def _is_answered(item: VisitItem) -> bool:
    return item.case is not None and item.case.resolved_at is not None


def _promise_later(actor: Actor, item: VisitItem, at: datetime) -> None:
    """Why it was not done at once, and by when it will be, stand in the history that the resident reads."""
    assert item.case is not None and item.not_done_until is not None  # checked before
    with translation.override(item.visit.language):
        text = gettext("This could not be finished at once: %(reason)s We promise it by %(day)s.") % {
            "reason": item.not_done_reason, "day": day_words(item.not_done_until),
        }  # fmt: skip
    casework.contact_resident(actor=actor, case_id=item.case.pk, text=text, at=at)


def _following(
    session: WindowSession, item: VisitItem, *, told: Told, at: datetime
) -> VisitItem | None:  # fmt: skip
    """The next thing for which the person came: at once here when this window serves it, else he waits."""
    rows = item.visit.items.select_for_update(of=("self",)).select_related("visit", "item_version__item")
    planned = rows.filter(state=State.PLANNED).order_by("seq").first()
    if planned is None:
        return None
    here = _serves(session.window, planned.category)
    if here:
        planned.window_id, planned.user_id = session.window_id, session.user_id
    to = State.SERVING if here else State.WAITING
    moved(planned, to, told=told, at=item.changed_at, window_id=planned.window_id, user_id=planned.user_id)
    save_item(planned, "window", "user")
    if here:
        _tell(told, EventKind.SERVING, session, planned, at)
    else:
        told.event(EventKind.MOVED, at=at, item=planned, user_id=session.user_id)
    return planned if here else None
