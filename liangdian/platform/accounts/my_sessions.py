"""The list of one person's sessions, each with its browser, roughly its place, and its last sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session

from liangdian.platform.accounts.devices import coarse, describe
from liangdian.platform.accounts.models import User

SEEN = "seen"  # where the middleware notes the last sign of life, in seconds since 1970


@dataclass(frozen=True, slots=True)
class OpenSession:
    pk: int
    device: str
    place: str
    since: datetime
    seen: datetime | None
    is_this: bool


def open_sessions(*, user: User, this_key: str | None, at: datetime) -> list[OpenSession]:
    """The sessions that would be let in at ``at``, the newest first. Two queries."""
    rows = list(UserSession.objects.filter(user_id=user.pk).order_by("-created_at")[:100])
    stored = Session.objects.filter(expire_date__gt=at).in_bulk([row.session_key for row in rows])
    found = []
    for row in rows:
        session = stored.get(row.session_key)
        data = session.get_decoded() if session else {}
        # A session from before the last change of the password is not let in any more.
        if data.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
            continue
        seen = data.get(SEEN)
        found.append(
            OpenSession(
                pk=row.pk,
                device=describe(row.user_agent),
                place=coarse(row.ip),
                since=row.created_at,
                seen=datetime.fromtimestamp(seen, tz=UTC) if seen else None,
                is_this=row.session_key == this_key,
            )
        )
    return found
