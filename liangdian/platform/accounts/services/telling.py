"""What every verb on an account begins and ends with: the locked row, and the telling."""

from __future__ import annotations

from datetime import datetime

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import policy, units
from liangdian.platform.accounts.events import Administered, administered
from liangdian.platform.accounts.models import User
from liangdian.platform.accounts.wording import NO_SUCH_PERSON


def locked(user_id: int) -> User:
    """The account, locked until the transaction ends. Raises ``NotFound``."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound(NO_SUCH_PERSON)
    return user


def locked_for(actor: Actor, user_id: int) -> User:
    """The account, locked, when ``actor`` looks after it. Raises ``NotFound``, ``NotAllowed``."""
    user = locked(user_id)
    policy.require_administer_user(actor, user, units.known().path(user.unit_id) if user.unit_id else None)
    return user


def tell(act: str, actor: Actor, user: User, detail: str, at: datetime) -> None:
    """Let the rooms above know, in the same transaction."""
    administered.send(sender=User, event=Administered(act, actor, user.pk, detail, at))


def tell_rule(act: str, actor: Actor, detail: str, at: datetime) -> None:
    """The same for a rule that concerns everybody: it is told about the person who made it."""
    administered.send(sender=User, event=Administered(act, actor, actor.user_id or 0, detail, at))
