"""Who sits at which window: sign on, pause, go on, hand over, sign off."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.desks.hall import policy, rules
from liangdian.desks.hall.models import Hall, WindowSession
from liangdian.desks.hall.services.record import Told, item_at, locked_session, touched
from liangdian.desks.hall.states import EventKind, PauseReason, WindowState
from liangdian.desks.hall.wording import NO_SUCH_HALL, NOT_SIGNED_ON, WINDOW_BUSY
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation

TEXT_LIMIT = 200


def sign_on(*, actor: Actor, window_id: int, at: datetime) -> WindowSession:
    """Sit down at a window. Raises NotFound, NotAllowed; WrongState when somebody sits there already,
    or the actor sits elsewhere.
    """
    try:
        with transaction.atomic():
            return _sign_on(actor=actor, user_id=actor.user_id or 0, window_id=window_id, at=at)
    except IntegrityError as taken:
        # Two sat down at one instant; the database let one of them.
        raise rules.WrongState(_TAKEN) from taken


_TAKEN = _("Somebody sits at this window already, or you are signed on elsewhere. Load the page again.")


def _sign_on(
    *, actor: Actor, user_id: int, window_id: int, at: datetime, instead_of: int | None = None
) -> WindowSession:  # fmt: skip
    window = organisation.window_by_id(window_id)
    hall = Hall.objects.select_related("unit").filter(unit=window.unit_id, active=True).first()
    if hall is None or not window.active:
        raise NotFound(NO_SUCH_HALL)
    policy.require_serve(actor, hall)
    close_old(hall_id=hall.pk, at=at)
    taken = WindowSession.objects.filter(window=window).exclude(state=WindowState.CLOSED)
    seat = taken.select_related("user").first()
    if seat is not None:
        raise rules.WrongState(
            _("%(name)s is signed on to this window. Ask for a hand-over, or choose another window.")
            % {"name": seat.user.name}
        )
    mine = WindowSession.objects.filter(user=user_id).exclude(state=WindowState.CLOSED)
    elsewhere = mine.select_related("window").first()
    if elsewhere is not None:
        raise rules.WrongState(
            _("You are still signed on to window %(number)s. Sign off there first.")
            % {"number": elsewhere.window.number}
        )
    session = WindowSession.objects.create(
        hall=hall, window=window, user_id=user_id, instead_of_id=instead_of, day=business_date(at),
        opened_at=at, changed_at=at, last_act_at=at,
    )  # fmt: skip
    told = Told(hall.pk)
    _tell(told, EventKind.WINDOW_OPENED, session, at)
    told.write()
    return session


def close_old(*, hall_id: int, at: datetime) -> int:
    """Whoever forgot to sign off on an earlier day is signed off by the system. Returns how many."""
    old = WindowSession.objects.select_for_update(of=("self",)).select_related("window")
    sessions = list(
        old.filter(hall=hall_id, day__lt=business_date(at)).exclude(state=WindowState.CLOSED).order_by("pk")
    )
    if not sessions:
        return 0
    told = Told(hall_id)
    for session in sessions:
        _close(session, told, at, by="system")
    told.write()
    return len(sessions)


def _tell(
    told: Told, kind: EventKind, session: WindowSession, at: datetime, data: dict[str, object] | None = None
) -> None:  # fmt: skip
    told.event(
        kind, at=at, window_id=session.window_id, user_id=session.user_id,
        data={"window": session.window.number, **(data or {})},
    )  # fmt: skip


@transaction.atomic
def pause(*, actor: Actor, reason: str, text: str = "", at: datetime) -> WindowSession:
    """Leave the window for a while, with the reason on the board. Raises Invalid, WrongState."""
    session = locked_session(actor=actor, at=at, open_only=True)
    if reason not in PauseReason.values:
        raise Invalid(_("Choose the reason from the list."), field="reason")
    _require_free(session)
    session.state, session.pause_reason = WindowState.PAUSED, reason
    session.pause_text, session.changed_at = clean(text)[:TEXT_LIMIT], at
    touched(session, "state", "pause_reason", "pause_text", "changed_at", at=at)
    told = Told(session.hall_id)
    _tell(told, EventKind.WINDOW_PAUSED, session, at, {"reason": reason})
    told.write()
    return session


def _require_free(session: WindowSession) -> None:
    present = item_at(session.window_id)
    if present is not None:
        raise rules.WrongState(WINDOW_BUSY % {"ticket": present.visit.ticket})


@transaction.atomic
def go_on_at_window(*, actor: Actor, at: datetime) -> WindowSession:
    """The pause is over."""
    session = locked_session(actor=actor, at=at)
    if session.state != WindowState.PAUSED:
        raise rules.WrongState(_("Your window is open already."))
    session.state, session.pause_reason, session.pause_text = WindowState.OPEN, "", ""
    session.changed_at = at
    touched(session, "state", "pause_reason", "pause_text", "changed_at", at=at)
    told = Told(session.hall_id)
    _tell(told, EventKind.WINDOW_RESUMED, session, at)
    told.write()
    return session


@transaction.atomic
def sign_off(*, actor: Actor, at: datetime) -> WindowSession:
    """Leave the window for today. Raises WrongState while somebody is before it."""
    session = locked_session(actor=actor, at=at)
    _require_free(session)
    told = Told(session.hall_id)
    _close(session, told, at)
    told.write()
    return session


@transaction.atomic
def close_window(*, actor: Actor, session_id: int, at: datetime) -> WindowSession:
    """Whoever leads the hall ends the session of a window that was left. Raises NotFound, WrongState."""
    rows = WindowSession.objects.select_for_update(of=("self",)).select_related("window", "hall__unit")
    session = rows.filter(pk=session_id).exclude(state=WindowState.CLOSED).first()
    if session is None:
        raise NotFound(NOT_SIGNED_ON)
    policy.require_lead(actor, session.hall)
    _require_free(session)
    told = Told(session.hall_id)
    _close(session, told, at, by="lead")
    told.write()
    return session


def _close(session: WindowSession, told: Told, at: datetime, by: str = "self") -> None:
    session.state, session.closed_at, session.changed_at = WindowState.CLOSED, max(at, session.opened_at), at
    session.pause_reason = session.pause_text = ""
    session.save(update_fields=["state", "closed_at", "changed_at", "pause_reason", "pause_text"])
    _tell(told, EventKind.WINDOW_CLOSED, session, at, {"by": by})


@transaction.atomic
def hand_over(*, actor: Actor, at: datetime, to_user_id: int | None = None) -> WindowSession:
    """The stand-in sits down in the actor's place; the window does not close in between.

    To the stand-in named for today, or to the colleague chosen. Raises WrongState, Invalid, NotAllowed.
    """
    session = locked_session(actor=actor, at=at)
    _require_free(session)
    if to_user_id is None:
        named = organisation.stand_in_for(session.user_id, business_date(at))
        if named is None:
            raise Invalid(
                _("No stand-in is named for you today. Name one, or choose a colleague."), field="to_user"
            )
        to_user_id = named.pk
    if to_user_id == session.user_id:
        raise Invalid(_("Choose a colleague."), field="to_user")
    colleague = accounts.actor_of(accounts.user_by_id(to_user_id), at)
    told = Told(session.hall_id)
    _tell(told, EventKind.WINDOW_HANDED, session, at, {"to": to_user_id})
    _close(session, told, at)
    told.write()
    return _sign_on(
        actor=colleague, user_id=to_user_id, window_id=session.window_id, at=at, instead_of=session.user_id
    )
