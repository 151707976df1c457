"""Sessions of people who are signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from liangdian.platform.accounts.models import User


def sign_out_everywhere(user: User) -> int:
    """End every session of this person. Returns how many there were."""
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)
