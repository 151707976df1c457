"""The access log is read by auditors only; an administrator never holds that role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed


def may_read(actor: Actor) -> bool:
    return actor.is_system or actor.holds(Role.AUDITOR)


def require_read(actor: Actor) -> None:
    if not may_read(actor):
        raise NotAllowed(_("Only the auditor may read the access log."))
