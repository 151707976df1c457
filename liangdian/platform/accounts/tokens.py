"""Making, ending and recognising the personal tokens of the API."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Grant, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.foundation.text import clean
from liangdian.foundation.tokens import digest
from liangdian.platform.accounts.events import Administered, administered
from liangdian.platform.accounts.models import ApiToken, User
from liangdian.platform.accounts.token_model import Scope

PREFIX = "ld_"
LONGEST_DAYS = 366
LONGEST_NAME = 100
TOKENS_AT_MOST = 20
_NOTED_EVERY = timedelta(minutes=1)

_HOLDER = """
SELECT t.id, t.scopes, t.last_used_at, u.id, u.name, u.unit_id, u.language, u.demonstration,
       g.role, g.unit_id, g.unit_path
FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
LEFT JOIN accounts_rolegrant g
    ON g.user_id = u.id AND g.since <= %(at)s AND (g.until IS NULL OR g.until > %(at)s)
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND t.expires_at > %(at)s
  AND u.is_active AND NOT u.must_change_password
ORDER BY g.since, g.id
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands behind a token, and what the token may be used for."""

    token_id: int
    scopes: frozenset[str]
    actor: Actor
    language: str


@transaction.atomic
def make_token(
    *, actor: Actor, name: str, scopes: Sequence[str], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """A new token of the actor himself, valid for ``days`` calendar days, and its secret.

    The secret (256 bits) is returned here and never again. Raises Invalid and NotAllowed.
    """
    if actor.user_id is None:
        raise NotAllowed(_("Only members of staff have tokens."))
    name = " ".join(clean(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_("Give the token a name of at most 100 characters."), field="name")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Invalid(_("Choose what the token may be used for."), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("A token is valid for at most a year."), field="days")
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if len(usable_tokens(user_id=user.pk, at=at)) >= TOKENS_AT_MOST:
        raise Invalid(_("You have 20 tokens. Revoke one that you no longer use."), field="name")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, scopes=sorted(set(scopes)), digest=digest(secret), created_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    _tell("token_made", actor, f"{name}: {' '.join(token.scopes)}", at)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int, at: datetime) -> ApiToken:
    """End one of the actor's own tokens at once. Raises NotFound: those of others do not exist for him."""
    own = ApiToken.objects.select_for_update().filter(user_id=actor.user_id or 0)
    token = own.filter(pk=token_id).first()
    if token is None:
        raise NotFound(_("There is no such token among yours."))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _tell("token_revoked", actor, token.name, at)
    return token


def tokens_of(*, user_id: int) -> list[ApiToken]:
    """All tokens of a person, the newest first; ended ones too."""
    return list(ApiToken.objects.filter(user_id=user_id).order_by("-pk")[:100])


def usable_tokens(*, user_id: int, at: datetime) -> list[ApiToken]:
    """The tokens of a person that open the API at ``at``."""
    return list(ApiToken.objects.filter(user_id=user_id, revoked_at__isnull=True, expires_at__gt=at))


def holder_of(*, secret: str, at: datetime) -> Holder | None:
    """Who presents ``secret``, None when it opens nothing (unknown, ended, or its owner may not sign in).

    One statement; one more at most once a minute, which notes the use.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, {"digest": digest(secret), "at": at})
        rows = cursor.fetchall()
    if not rows or (rows[0][7] and not settings.DEMONSTRATION):
        return None
    token_id, scopes, last_used_at, user_id, name, unit_id, language = rows[0][:7]
    if last_used_at is None or at - last_used_at >= _NOTED_EVERY:
        _note_use(token_id, at)
    grants = tuple(Grant(Role(role), unit, path) for *_holder, role, unit, path in rows if role is not None)
    home = unit_id or (grants[0].unit_id if grants else None)
    actor = Actor(user_id=user_id, name=name, unit_id=home, grants=grants)
    return Holder(token_id=token_id, scopes=frozenset(scopes), actor=actor, language=language)


def _note_use(token_id: int, at: datetime) -> None:
    """Of several requests in one instant only one writes."""
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - _NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token_id).update(last_used_at=at)


def _tell(act: str, actor: Actor, detail: str, at: datetime) -> None:
    assert actor.user_id is not None
    administered.send(sender=ApiToken, event=Administered(act, actor, actor.user_id, detail, at))
