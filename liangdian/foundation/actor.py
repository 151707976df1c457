"""Who acts: one immutable object that every service and selector receives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is entitled to do; always held for a unit, reaching its subtree."""

    CLERK = "clerk"
    HANDLER = "handler"
    MEDIATOR = "mediator"
    PETITION_OFFICER = "petition_officer"
    SECRETARY = "secretary"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held for one unit. ``path`` is the unit's place in the tree, such as ``/1/4/9/``."""

    role: Role
    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member of staff, the system itself, or a resident who follows a link.

    ``user_id`` is None for the system and for residents.
    """

    user_id: int | None
    name: str
    kind: str = "staff"
    unit_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def holds(self, *roles: Role, path: str | None = None) -> bool:
        """True when one of ``roles`` is held for a unit that contains ``path`` (any unit when None)."""
        return any(g.role in roles and (path is None or path.startswith(g.path)) for g in self.grants)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """The unit paths for which one of ``roles`` (any role when none is given) is held."""
        return tuple(sorted({g.path for g in self.grants if not roles or g.role in roles}))

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def is_resident(self) -> bool:
        return self.kind == "resident"


SYSTEM = Actor(user_id=None, name="system", kind="system")


def resident(name: str = "") -> Actor:
    """A resident known only by the secret link that he holds."""
    return Actor(user_id=None, name=name, kind="resident")
