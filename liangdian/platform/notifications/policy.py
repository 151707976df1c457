"""Who looks after messages: an administrator of the whole centre, for the outbox belongs to all units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed

_TOP = 2  # slashes in the path of a unit above which there is none, such as /1/


def may_administer(actor: Actor) -> bool:
    """True for an administrator of a unit above which there is none."""
    return actor.is_system or any(path.count("/") == _TOP for path in actor.paths(Role.ADMINISTRATOR))


def require_administer(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not may_administer(actor):
        raise NotAllowed(_("Only an administrator of the whole centre looks after messages."))
