"""Role × act, cell by cell: a role opens an act for its own unit and below, and nowhere else."""

from __future__ import annotations

import pytest

from liangdian.desks.duty import policy
from liangdian.desks.duty.policy import Act
from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role, resident
from liangdian.foundation.refused import NotAllowed, NotFound

ACTS = (
    Act.SEE, Act.SIGN, Act.PLAN, Act.PROMISE, Act.CALL_ROLL, Act.DECIDE, Act.SCREEN, Act.ANNOUNCE,
    Act.SEE_SHEET, Act.MAKE_SHEET, Act.APPROVE_SHEET, Act.SET_ALLOWANCE,
)  # fmt: skip
_WORKS, _NOTHING = "yy..........", "............"
EXPECTED = {
    Role.CLERK: _WORKS,
    Role.HANDLER: _WORKS,
    Role.MEDIATOR: _WORKS,
    Role.PETITION_OFFICER: _WORKS,
    Role.SECRETARY: "yyyyyyyyyy..",
    Role.COORDINATOR: "yyyyyyyyyyyy",
    Role.LEADER: "yy.y.y.yy.yy",
    Role.INSPECTOR: "y.......y...",
    Role.AUDITOR: _NOTHING,
    Role.ADMINISTRATOR: _NOTHING,
    Role.SECURITY: _NOTHING,
}
CELLS = [
    (role, act, cell == "y") for role, line in EXPECTED.items() for act, cell in zip(ACTS, line, strict=True)
]


def holder(role: Role, path: str = "/1/4/") -> Actor:
    return Actor(user_id=7, name="x", unit_id=4, grants=(Grant(role, 4, path),))


def test_the_table_has_every_role_and_every_act():
    assert set(EXPECTED) == set(Role)
    assert set(ACTS) == set(Act) == set(policy.MATRIX)


@pytest.mark.parametrize(("role", "act", "allowed"), CELLS)
def test_what_a_role_may(role, act, allowed):
    actor = holder(role)
    assert policy.may(actor, act, "/1/4/") is allowed
    assert policy.may(actor, act, "/1/4/9/") is allowed
    for elsewhere in ("/1/", "/1/5/", "/1/40/"):
        assert not policy.may(actor, act, elsewhere)
        with pytest.raises(NotFound):
            policy.require(actor, act, elsewhere)
    if allowed:
        policy.require(actor, act, "/1/4/")
    elif EXPECTED[role] != _NOTHING:
        with pytest.raises(NotAllowed):
            policy.require(actor, act, "/1/4/")


@pytest.mark.parametrize("act", ACTS)
def test_the_system_may_and_a_resident_may_not(act):
    assert policy.may(SYSTEM, act, "/1/")
    assert not policy.may(resident("王桂兰"), act, "/1/")


def test_nobody_decides_what_concerns_himself():
    with pytest.raises(NotAllowed):
        policy.require_another(holder(Role.LEADER), 3, 7)
    policy.require_another(holder(Role.LEADER), 3, None)
