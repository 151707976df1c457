"""Who may look after accounts: an administrator, for the units that he administers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.platform.accounts.models import RoleGrant, User


def may_administer(actor: Actor, path: str) -> bool:
    """True when accounts and roles of the unit at ``path`` are this person's to look after."""
    return actor.is_system or actor.holds(Role.ADMINISTRATOR, path=path)


def require_administer(actor: Actor, path: str) -> None:
    if not may_administer(actor, path):
        raise NotAllowed(_("Only the administrator of this unit may do this. Please ask the administrator."))


def may_administer_user(actor: Actor, user: User, grant_paths: list[str], home_path: str | None) -> bool:
    """An account belongs to whoever administers every unit for which it holds a role.

    Without a role it belongs to the administrator of the unit where the person works, and without
    such a unit to every administrator.
    """
    if actor.is_system:
        return True
    paths = grant_paths or ([home_path] if home_path else [])
    if not paths:
        return actor.holds(Role.ADMINISTRATOR)
    return all(actor.holds(Role.ADMINISTRATOR, path=path) for path in paths)


def require_administer_user(actor: Actor, user: User, home_path: str | None) -> None:
    paths = list(RoleGrant.objects.filter(user=user, until__isnull=True).values_list("unit_path", flat=True))
    if not may_administer_user(actor, user, paths, home_path):
        raise NotAllowed(
            _("This person also works outside your units. Please ask the administrator of the unit above.")
        )
