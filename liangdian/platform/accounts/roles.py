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
    (Role.ADMINISTRATOR.value, _("Administrator")),
]

# GB/T 22239-2019: who administers the system does not audit it.
APART = {
    Role.AUDITOR: frozenset({Role.ADMINISTRATOR}),
    Role.ADMINISTRATOR: frozenset({Role.AUDITOR}),
}
