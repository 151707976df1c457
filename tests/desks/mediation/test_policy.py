"""Who may do what with a dispute: every act for everybody in the house, written out by hand."""

from __future__ import annotations

import pytest

from liangdian.casework.models import Case
from liangdian.desks.mediation.policy import MATRIX, Act, may, may_set_up, require
from liangdian.desks.mediation.selectors import mediator_ids
from liangdian.foundation.refused import NotAllowed
from tests.desks.mediation.conftest import Desk

# ``mediator`` handles and mediates the dispute, ``mediator2`` is another member of the committee.
EVERY = {"mediator", "mediator2", "secretary", "coordinator"}
ALLOWED: dict[Act, set[str]] = {
    Act.CONSENT: EVERY, Act.ASSIGN: EVERY, Act.RECUSE: EVERY, Act.REPORT: EVERY, Act.FOLLOW_UP: EVERY,
    Act.ANSWER: EVERY, Act.TALK: {"mediator"}, Act.CAUCUS: {"mediator"}, Act.AGREE: {"mediator"},
    Act.SIGN: {"mediator"}, Act.MORE_TIME: {"mediator"}, Act.SEAL: {"secretary", "coordinator"},
    Act.END: {"mediator", "secretary", "coordinator"},
}  # fmt: skip


def test_every_act_is_decided() -> None:
    assert set(MATRIX) == set(Act) == set(ALLOWED)


@pytest.mark.parametrize("act", list(Act))
def test_each_act_is_for_those_alone(desk: Desk, act: Act) -> None:
    case = desk.to("mediating")
    ids = mediator_ids(case.pk)
    for who in desk.house.staff:
        if who == "mediator3":
            continue  # the same as mediator2
        actor = desk.actor(who)
        assert may(actor, act, case, ids) == (who in ALLOWED[act]), who
        if who not in ALLOWED[act]:
            with pytest.raises(NotAllowed):
                require(actor, act, case, ids)


def test_whom_the_matter_is_about_has_no_part_in_it(desk: Desk) -> None:
    case = desk.to("mediating")
    case.about_user_id = desk.house.id("mediator")
    assert not any(may(desk.actor("mediator"), act, case, mediator_ids(case.pk)) for act in Act)


def test_the_committee_is_set_up_by_those_in_charge_of_the_unit(desk: Desk) -> None:
    path = Case.objects.get(pk=desk.dispute().pk).unit.path
    found = {who for who in desk.house.staff if may_set_up(desk.actor(who), path=path)}
    assert found == {"secretary", "coordinator"}
