"""Who may draw areas: the secretary and the administrator, each for their units. Everybody may read them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed

DRAWERS = (Role.SECRETARY, Role.ADMINISTRATOR)


def may_draw(actor: Actor, path: str) -> bool:
    return actor.is_system or actor.holds(*DRAWERS, path=path)


def require_draw(actor: Actor, path: str) -> None:
    if not may_draw(actor, path):
        raise NotAllowed(
            _("Only the secretary or the administrator of this community draws its areas. Please ask them.")
        )
