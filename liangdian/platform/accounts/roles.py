"""The names of the roles, and which roles one person must not hold together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role

ROLE_LABELS = [
    (Role.CLERK.value, _("Window clerk")),
    (Role.HANDLER.value, _("Handler")),
    (Role.MEDIATOR.value, _("Mediator")),
    (Role.PETITION_OFFICER.value, _("Petition officer")),
    (Role.SECRETARY.value, _("Community secretary")),
    (Role.COORDINATOR.value, _("Sub-district coordinator")),
    (Role.LEADER.value, _("Sub-district leader")),
    (Role.INSPECTOR.value, _("Inspector")),
    (Role.AUDITOR.value, _("Auditor")),
    (Role.ADMINISTRATOR.value, _("System administrator")),
    (Role.SECURITY.value, _("Security administrator")),
]
LABEL = dict(ROLE_LABELS)

# GB/T 22239-2019: system, security and audit are administered by three people. Who gives out the
# roles holds none beside it: otherwise he would open the matters to himself.
APART = {
    Role.AUDITOR: frozenset({Role.ADMINISTRATOR, Role.SECURITY}),
    Role.ADMINISTRATOR: frozenset({Role.AUDITOR, Role.SECURITY}),
    Role.SECURITY: frozenset(Role) - {Role.SECURITY},
}


def apart_from(role: Role) -> frozenset[Role]:
    """The roles that nobody may hold beside ``role``."""
    return APART.get(role, frozenset({Role.SECURITY}))
