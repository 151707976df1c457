"""Sessions of people who are signed in, and ending them."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.models import User
from liangdian.platform.accounts.services.telling import locked, locked_for, tell


def sign_out_everywhere(user: User) -> int:
    """End every session of this person. Returns how many there were."""
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def end_session(*, actor: Actor, session_id: int, at: datetime) -> None:
    """End one of the actor's own sessions. Raises NotFound: those of others do not exist for him."""
    session = UserSession.objects.filter(pk=session_id, user_id=actor.user_id).first()
    if session is None:
        raise NotFound(_("This sign-in is no longer in the list. Please open the page again."))
    session.end()
    tell("session_ended", actor, session.user, "1", at)


@transaction.atomic
def end_other_sessions(*, actor: Actor, keep: str, at: datetime) -> int:
    """End the actor's own sessions except the one with the key ``keep``. Returns how many there were."""
    assert actor.user_id is not None
    others = list(UserSession.objects.filter(user_id=actor.user_id).exclude(session_key=keep))
    for session in others:
        session.end()
    if others:
        tell("session_ended", actor, locked(actor.user_id), str(len(others)), at)
    return len(others)


@transaction.atomic
def end_sessions_of(*, actor: Actor, user_id: int, at: datetime) -> int:
    """The security administrator signs somebody out everywhere. Returns how many sessions there were."""
    user = locked_for(actor, user_id)
    ended = sign_out_everywhere(user)
    tell("sessions_ended", actor, user, str(ended), at)
    return ended
