"""Role × act × where the matter lies, cell by cell; and what a person does not see, he cannot count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.casework import policy, selectors, services, worklists
from liangdian.casework.models import Case
from liangdian.casework.policy import Act
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role, resident
from liangdian.foundation.refused import NotAllowed, NotFound
from liangdian.registers.organisation.models import Unit
from tests.casework.conftest import NOW, House

ACTS = (
    Act.SEE, Act.NOTE, Act.CALL_BACK, Act.CONTACT, Act.SUPPLY, Act.ESCALATE, Act.WITHDRAW,
    Act.START, Act.ASK, Act.REFER, Act.ACCEPT, Act.RETURN, Act.TRANSFER, Act.RESOLVE, Act.REGISTER,
    Act.ADMIT, Act.CORRECT, Act.SUPPLY_LATE, Act.DELIVER, Act.REFUSE, Act.PAUSE, Act.RESUME, Act.EXTEND,
    Act.RECLASSIFY, Act.DECIDE, Act.END, Act.DECIDE_EXTENSION,
    Act.NEEDS, Act.VISIT, Act.CALL_RATED, Act.CALL_MISSED, Act.REPAIR, Act.APPEAL, Act.DECIDE_APPEAL,
    Act.GREEN, Act.NOT_GREEN,
    Act.MERGE, Act.UNMERGE, Act.LINK, Act.UNLINK,
    Act.ASK_ASSIST, Act.USE_ASSIST, Act.REMIND_ASSIST, Act.WITHDRAW_ASSIST,
    Act.ACCEPT_ASSIST, Act.ANSWER_ASSIST,
    Act.ANSWER_SUPERVISION, Act.SUPERVISE, Act.DECIDE_SUPERVISION, Act.MEET,
    Act.HAND_OVER,
)  # fmt: skip
# Where the matter stands to the person, in this order:
#   handler   he handles it, far from his unit      first     he is its first handler, another handles it
#   unit      it lies in his unit                   below     it lies in a unit below his
#   origin    his unit received it, it lies above   other     nothing of the kind
PLACES = ("handler", "first", "unit", "below", "origin", "other")
_ALWAYS, _NEVER = "yyyyy.", "......"
_WIDE = "yyyy.."  # the act of the unit, kept by the first handler
_WORK = "y.yy.."  # the act of the unit, passed on with the work
_LOOK = "yyyyy."  # also where the matter came from
_OWN_KEPT = "yy...."
_OWN_WORK = "y....."
_UNIT_OF_NOTHING_OWN = "y.yy.."
_WINDOW = (
    _LOOK, _LOOK, "y.yyy.", _OWN_KEPT, _OWN_KEPT, _OWN_KEPT, _OWN_KEPT,
    _WORK, _OWN_WORK, _OWN_WORK, _WORK, _WORK, _OWN_WORK, _OWN_WORK, _WORK,
    _WORK, _WORK, _WIDE, _LOOK, *[_OWN_WORK] * 7, _NEVER,
    _WIDE, _WIDE,
    "y.yyy.", "y.yyy.", _OWN_WORK, _NEVER, _NEVER,
)  # fmt: skip
_SPECIALIST = (
    _OWN_KEPT, _OWN_KEPT, _OWN_WORK, _OWN_KEPT, _OWN_KEPT, _OWN_KEPT, _OWN_KEPT,
    _OWN_WORK, _OWN_WORK, _OWN_WORK, _WORK, _WORK, _OWN_WORK, _OWN_WORK, _WORK,
    _OWN_WORK, _OWN_WORK, _OWN_KEPT, _OWN_KEPT, *[_OWN_WORK] * 7, _NEVER,
    _OWN_KEPT, _OWN_KEPT, _OWN_WORK, _OWN_WORK, _OWN_WORK, *[_NEVER] * 4,
    *[_OWN_WORK] * 4,
)  # fmt: skip
_IN_CHARGE = (
    _LOOK, _LOOK, "y.yyy.", _WIDE, _WIDE, _WIDE, _WIDE,
    _WORK, _WORK, _WORK, _WORK, _WORK, _WORK, _WORK, _WORK,
    _WORK, _WORK, _WIDE, _LOOK, *[_WORK] * 8,
    _WIDE, _WIDE, "y.yyy.", "y.yyy.", _WORK, _NEVER, _NEVER, _WORK, _WORK,
    *[_WORK] * 4,
)  # fmt: skip
# Who leads the matter asks others to help; a unit that helps speaks for itself, wherever the matter lies.
_LEAD, _HELP = (_OWN_WORK,) * 4, (_NEVER,) * 2
# The unit answers the inspector; those above it bring units together.
_SUPERVISED = (_OWN_WORK, _NEVER, _NEVER, _NEVER)
_ABOVE = (_WORK, _NEVER, _NEVER, _WORK)
EXPECTED: dict[Role, tuple[str, ...]] = {
    Role.CLERK: (*_WINDOW, _WORK, _WORK, *[_WORK] * 4, *_LEAD, *_HELP, *_SUPERVISED, _NEVER),
    Role.HANDLER: (*_WINDOW, _NEVER, _NEVER, *[_WORK] * 4, *_LEAD, *_HELP, *_SUPERVISED, _NEVER),
    Role.MEDIATOR: (*_SPECIALIST, *_LEAD, *_HELP, *_SUPERVISED, _NEVER),
    Role.PETITION_OFFICER: (*_SPECIALIST, *_LEAD, *_HELP, *_SUPERVISED, _NEVER),
    Role.SECRETARY: (*_IN_CHARGE, *[_WORK] * 4, *_HELP, *_ABOVE, _LOOK),
    Role.COORDINATOR: (*_IN_CHARGE, *[_WORK] * 4, *_HELP, *_ABOVE, _LOOK),
    Role.LEADER: (
        _LOOK,
        _LOOK,
        *[_NEVER] * 3,
        _WIDE,
        *[_NEVER] * 3,
        _WORK,
        *[_NEVER] * 16,
        _WORK,
        *[_NEVER] * 6,
        "y.yyy.",
        *[_NEVER] * 2,
        *[_NEVER] * 4,
        *[_NEVER] * 7,
        "y.yyy.",
        "y.yyy.",
        _WORK,
        _NEVER,
    ),
    Role.INSPECTOR: (
        _LOOK,
        _LOOK,
        "y.yyy.",
        *[_NEVER] * 26,
        "y.yyy.",
        "y.yyy.",
        *[_NEVER] * 2,
        "y.yyy.",
        *[_NEVER] * 2,
        *[_NEVER] * 4,
        *[_NEVER] * 7,
        "y.yyy.",
        "y.yyy.",
        _NEVER,
        _NEVER,
    ),
    Role.AUDITOR: (_NEVER,) * len(ACTS),
    Role.ADMINISTRATOR: (_NEVER,) * len(ACTS),
    Role.SECURITY: (_NEVER,) * len(ACTS),
}
ME, OTHER = 7, 8


def _unit(path: str) -> Unit:
    return Unit(pk=int(path.strip("/").split("/")[-1]), name=path, path=path)


def _case(place: str) -> Case:
    """A matter that stands to the person of unit /1/2/ as ``place`` says."""
    far, mine, below, above = _unit("/1/9/"), _unit("/1/2/"), _unit("/1/2/3/"), _unit("/1/")
    unit = {"unit": mine, "below": below, "origin": above}.get(place, far)
    origin = {"unit": far, "below": far, "origin": mine}.get(place, far)
    return Case(
        reference="X", unit=unit, origin=origin,
        first_handler_id=ME if place == "first" else OTHER, handler_id=ME if place == "handler" else OTHER,
    )  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_role_act_and_place(role: Role) -> None:
    actor = Actor(user_id=ME, name="x", grants=(Grant(role, 2, "/1/2/"),))
    wrong = []
    for act, cells in zip(ACTS, EXPECTED[role], strict=True):
        for place, cell in zip(PLACES, cells, strict=True):
            case = _case(place)
            if act is Act.REGISTER:
                if place not in {"unit", "below", "other"}:
                    continue
                try:
                    policy.require_register(actor, path=case.unit.path)
                    found = True
                except NotAllowed:
                    found = False
            else:
                found = policy.may(actor, act, case)
            if found != (cell == "y"):
                wrong.append((act.value, place, found))
            if act is not Act.REGISTER and not found:
                with pytest.raises(NotAllowed):
                    policy.require(actor, act, case)
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_a_complaint_about_oneself_is_nobodys_own(role: Role) -> None:
    actor = Actor(user_id=ME, name="x", grants=(Grant(role, 2, "/1/2/"),))
    for place in ("unit", "below", "origin"):
        case = _case(place)
        case.about_user_id = ME
        assert not any(policy.may(actor, act, case) for act in Act)


def test_the_matrix_knows_every_role_and_act() -> None:
    assert set(policy.MATRIX) == set(Role)
    assert all(set(acts) == set(Act) for acts in policy.MATRIX.values())
    assert set(ACTS) == set(Act)


def _five(house: House) -> list[Case]:
    """Here; here about clerk2; gone to the street; of another unit; accepted by another unit."""
    about = {"kind": "complaint", "item_version_id": None, "about_user_id": house.id("clerk2")}
    here = house.case()
    against = house.case(**about)
    gone = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=gone.pk, to_unit_id=house.street.pk, reason="r", at=NOW
    )
    elsewhere = house.case(by="stranger", unit_id=house.other.pk, first_handler_id=house.id("stranger"))
    crossed = house.case()
    services.refer(
        actor=house.actor("clerk"), case_id=crossed.pk, to_unit_id=house.other.pk, reason="r", at=NOW
    )
    services.accept_referral(actor=house.actor("stranger"), case_id=crossed.pk, at=NOW)
    return [here, against, gone, elsewhere, crossed]


# Who sees which of the five above.
SEES = {
    "clerk": {0, 1, 2, 4},
    "clerk2": {0, 2, 4},
    "secretary": {0, 1, 2, 4},
    "handler": set(),
    "mediator": set(),
    "petition_officer": set(),
    "stranger": {3, 4},
    "coordinator": {0, 1, 2, 3, 4},
    "leader": {0, 1, 2, 3, 4},
    "inspector": {0, 1, 2, 3, 4},
    "auditor": set(),
    "administrator": set(),
    "security": set(),
}


def test_what_is_hidden_is_in_no_page_no_total_and_no_door(house: House) -> None:
    cases = _five(house)
    actors = {name: house.actor(name) for name in SEES}
    actors["nobody"] = Actor(user_id=house.id("clerk"), name="x")
    actors["resident"] = resident("王桂兰")
    later = NOW + timedelta(days=60)
    for name, actor in actors.items():
        expected = {cases[i].pk for i in SEES.get(name, set())}
        visible = Case.objects.filter(policy.visible_to(actor))
        assert set(visible.values_list("pk", flat=True)) == expected, name
        assert visible.count() == len(expected), name
        if name in SEES:
            rows = worklists.page_of(Worklist.ALL, actor, Filters(), now=NOW).rows
            assert {row.pk for row in rows} == expected, name
            assert worklists.counts(actor, now=later)[Worklist.LATE] == len(expected), name
            by_words = worklists.page_of(Worklist.ALL, actor, Filters(text="王桂兰"), now=NOW).rows
            assert {row.pk for row in by_words} == expected, name
        for case in cases:
            case.refresh_from_db()
            assert policy.may(actor, Act.SEE, case) == (case.pk in expected), (name, case.reference)
            if case.pk not in expected:
                with pytest.raises(NotFound):
                    selectors.case_for(actor=actor, reference=case.reference)
    assert Case.objects.filter(policy.visible_to(SYSTEM)).count() == 5


def test_counts_on_the_lists_equal_their_pages(house: House) -> None:
    _five(house)
    for name in SEES:
        actor = house.actor(name)
        for worklist, number in worklists.counts(actor, now=NOW).items():
            rows = worklists.page_of(worklist, actor, Filters(), now=NOW).rows
            assert number == len(rows), (name, worklist)


def test_a_role_that_has_ended_opens_nothing(house: House) -> None:
    case = house.case()
    gone = Actor(user_id=house.id("clerk"), name="clerk")
    with pytest.raises(NotFound):
        services.add_note(actor=gone, case_id=case.pk, text="?", at=NOW)
