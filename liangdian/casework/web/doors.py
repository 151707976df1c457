"""The room's doors in the rail and the top bar."""

from django.utils.translation import gettext_lazy as _

from liangdian.casework.policy import IN_CHARGE, Act, Reach, roles_for
from liangdian.casework.states import EventType
from liangdian.casework.worklists import LABELS, Worklist
from liangdian.foundation.actor import Role
from liangdian.platform.notifications.kinds import name_kinds
from liangdian.platform.ui.navigation import Entry, Section, register

_ICONS = {
    Worklist.ANSWER: "shield-check",
    Worklist.TODO: "checklist",
    Worklist.UNIT: "building-community",
    Worklist.LATE: "alarm",
    Worklist.RETURNED: "arrow-back-up",
    Worklist.WAITING: "hourglass",
    Worklist.HELP: "users-group",
    Worklist.SUPERVISED: "eye-exclamation",
    Worklist.NOTES: "eye-check",
    Worklist.TO_CALL: "phone-call",
    Worklist.NO_SUPERIOR: "arrow-bar-to-up",
    Worklist.ALL: "list-search",
}
_READERS = (*roles_for(Act.SEE, Reach.UNIT), *roles_for(Act.SEE, Reach.OWN))
_WORKERS = (*roles_for(Act.ANSWER_SUPERVISION, Reach.UNIT), *roles_for(Act.ANSWER_SUPERVISION, Reach.OWN))
_OVERSEERS = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, Role.SECRETARY)

_ROLES = {
    Worklist.NO_SUPERIOR: _OVERSEERS,
    Worklist.HELP: roles_for(Act.ACCEPT, Reach.UNIT),
    Worklist.SUPERVISED: _WORKERS,
    Worklist.NOTES: roles_for(Act.SUPERVISE, Reach.UNIT),
    Worklist.TO_CALL: roles_for(Act.CALL_BACK, Reach.UNIT),
}


def open_doors() -> None:
    """Register the worklists, the search, the button for a new matter, and the words of the notices."""
    name_kinds({kind.value: kind.label for kind in EventType})
    for order, worklist in enumerate(Worklist):
        roles = _ROLES.get(worklist, _READERS)
        register(
            Entry(LABELS[worklist], "casework:list", _ICONS[worklist], roles, order, Section.WORK,
                  query={"list": worklist.value})
        )  # fmt: skip
    register(
        Entry(_("Search numbers, names or words"), "casework:search", "search", _READERS, 0, Section.SEARCH),
        Entry(_("Hand everything over"), "casework:hand-over", "users-group", IN_CHARGE, 20, Section.WORK),
        Entry(_("New matter"), "casework:new", "plus", roles_for(Act.REGISTER, Reach.UNIT), 0, Section.ACT),
    )
