"""Who may look after accounts and roles: the security administrator, for the units of his role.

The system administrator may not (GB/T 22239-2019): who keeps the machine running gives nobody rights.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import NotAllowed
from liangdian.platform.accounts.models import RoleGrant, User


def may_administer(actor: Actor, path: str) -> bool:
    """True when accounts and roles of the unit at ``path`` are this person's to look after."""
    return actor.is_system or actor.holds(Role.SECURITY, path=path)


def require_administer(actor: Actor, path: str) -> None:
    if not may_administer(actor, path):
        raise NotAllowed(
            _(
                "Only the security administrator of this unit may do this. "
                "Please ask the security administrator."
            )
        )


def may_administer_user(actor: Actor, user: User, grant_paths: list[str], home_path: str | None) -> bool:
    """An account belongs to whoever administers every unit for which it holds a role.

    Without a role it belongs to the security administrator of the unit where the person works, and
    without such a unit to every one.
    """
    if actor.is_system:
        return True
    paths = grant_paths or ([home_path] if home_path else [])
    if not paths:
        return actor.holds(Role.SECURITY)
    return all(actor.holds(Role.SECURITY, path=path) for path in paths)


def require_administer_user(actor: Actor, user: User, home_path: str | None) -> None:
    paths = list(RoleGrant.objects.filter(user=user, until__isnull=True).values_list("unit_path", flat=True))
    if not may_administer_user(actor, user, paths, home_path):
        raise NotAllowed(
            _(
                "This person also works outside your units. "
                "Please ask the security administrator of the unit above."
            )
        )


def require_whole_installation(actor: Actor) -> None:
    """Rules for everybody's sign-in are made by a security administrator of the unit at the top."""
    if not actor.is_system and not any(path.count("/") == 2 for path in actor.paths(Role.SECURITY)):
        raise NotAllowed(
            _("Only the security administrator of the whole centre may do this. Please ask there.")
        )
