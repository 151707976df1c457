"""The table of states: every pair decided, by the rule, by the database, and by every act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.db import DatabaseError, transaction

from liangdian.casework import rules, selectors, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case
from liangdian.casework.policy import Act
from liangdian.casework.states import NEXT, Ending, State
from liangdian.foundation.refused import Refused
from tests.casework.conftest import NOW, House

# Written out by hand: the rows of the table are what the case may become.
ALLOWED = {
    "received": {"handling", "waiting", "resolved", "withdrawn"},
    "handling": {"waiting", "resolved", "withdrawn"},
    "waiting": {"handling", "resolved", "withdrawn"},
    "resolved": {"closed", "handling"},
    "closed": set(),
    "withdrawn": set(),
}
PAIRS = [(State(a), State(b)) for a, b in product(State.values, State.values)]


@pytest.mark.parametrize(("state", "target"), PAIRS)
def test_every_pair_is_decided_by_the_rule(state: State, target: State) -> None:
    if target.value in ALLOWED[state.value]:
        rules.check_move(state, target)
    else:
        with pytest.raises(rules.WrongState):
            rules.check_move(state, target)


def test_the_table_knows_every_state() -> None:
    assert set(NEXT) == set(State)
    assert {state.value: {t.value for t in targets} for state, targets in NEXT.items()} == ALLOWED


_STAGES = {State.RESOLVED: "completed", State.CLOSED: "archived", State.WITHDRAWN: "withdrawn"}
_STAGES |= dict.fromkeys((State.RECEIVED, State.HANDLING, State.WAITING), "examining")


def _columns(state: State) -> dict[str, object]:
    """What the columns beside the state must hold so that only the move itself can be refused."""
    ended = state in {State.CLOSED, State.WITHDRAWN}
    return {
        "state": state,
        "closed_at": NOW if ended else None,
        "ending": {State.CLOSED: Ending.SATISFIED, State.WITHDRAWN: Ending.WITHDRAWN}.get(state, ""),
        "resolved_at": NOW if state == State.RESOLVED else None,
        "stage": _STAGES[state],
    }


def _moves(case: Case, target: State) -> bool:
    try:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**_columns(target))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_every_pair_is_decided_by_the_database(house: House) -> None:
    case = house.case()
    wrong = []
    for number, state in enumerate(State):
        for name, value in _columns(state).items():
            setattr(case, name, value)
        case.pk, case.reference = None, f"XD-2026-9{number:05d}"
        case.save(force_insert=True)
        for target in State:
            # Staying is no move: the row may be written again in the same state.
            expected = target == state or target.value in ALLOWED[state.value]
            if _moves(case, target) != expected:
                wrong.append((state.value, target.value))
    assert wrong == []


def _reach(house: House, state: str) -> Case:
    """A matter of the community in this state, reached by the verbs alone."""
    case, clerk = house.case(), house.actor("clerk")
    steps: dict[str, tuple[Callable[[], object], ...]] = {
        "received": (),
        "handling": (lambda: services.start(actor=clerk, case_id=case.pk, at=NOW),),
        "waiting": (lambda: services.ask_resident(actor=clerk, case_id=case.pk, text="缺照片", at=NOW),),
        "resolved": (lambda: services.resolve(actor=clerk, case_id=case.pk, answer="办好了", at=NOW),),
        "withdrawn": (lambda: services.withdraw(actor=clerk, case_id=case.pk, reason="不办了", at=NOW),),
        "offered": (
            lambda: services.refer(
                actor=clerk, case_id=case.pk, to_unit_id=house.other.pk, reason="请办", at=NOW
            ),
        ),
        "accepted": (
            lambda: services.refer(
                actor=clerk, case_id=case.pk, to_unit_id=house.other.pk, reason="请办", at=NOW
            ),
            lambda: services.accept_referral(actor=house.actor("stranger"), case_id=case.pk, at=NOW),
        ),
        "closed": (
            lambda: services.resolve(actor=clerk, case_id=case.pk, answer="办好了", at=NOW),
            lambda: services.rate_by_link(
                token=rating_token(case.reference, case.round), grade="5", comment="", at=NOW
            ),
        ),
    }
    for step in steps[state]:
        step()
    return case


IN_WORK = {"received", "handling", "waiting", "offered", "accepted"}
# What works where; everything that is not named is refused with a sentence.
WORKS: dict[Act, set[str]] = {
    Act.NOTE: {*IN_WORK, "resolved", "closed", "withdrawn"},
    Act.CONTACT: IN_WORK,
    Act.START: {"received", "handling", "waiting", "accepted"},
    Act.ASK: {"received", "handling", "offered", "accepted"},
    Act.SUPPLY: {"waiting"},
    Act.REFER: IN_WORK,
    Act.ACCEPT: {"offered"},
    Act.RETURN: {"offered"},
    Act.TRANSFER: IN_WORK,
    Act.ESCALATE: IN_WORK,
    Act.RESOLVE: {"received", "handling", "waiting", "accepted"},
    Act.CALL_BACK: {"resolved"},
    Act.WITHDRAW: IN_WORK,
    # The matters here were accepted with all papers; the stages before and after have a test of their own.
    Act.ADMIT: set(),
    Act.CORRECT: set(),
    Act.SUPPLY_LATE: set(),
    Act.REFUSE: set(),
    Act.RESUME: set(),
    Act.DECIDE_EXTENSION: set(),
    Act.PAUSE: {"received", "handling", "waiting", "accepted"},
    Act.EXTEND: IN_WORK,
    Act.RECLASSIFY: IN_WORK,
    Act.DECIDE: {"received", "handling", "waiting", "accepted"},
    Act.END: {"received", "handling", "waiting", "accepted"},
    Act.DELIVER: {"resolved"},
    Act.NEEDS: IN_WORK,
    Act.VISIT: IN_WORK,
    Act.GREEN: IN_WORK,
    Act.NOT_GREEN: set(),
    # Another matter in hand leads; what ties do to a matter is in test_merging and test_relating.
    Act.MERGE: {"received", "handling", "waiting", "accepted"},
    Act.UNMERGE: set(),
    Act.LINK: IN_WORK,
    Act.UNLINK: set(),
    # The coordinator supervises nobody; the rest is in test_supervision.
    Act.SUPERVISE: set(),
    Act.ANSWER_SUPERVISION: set(),
    Act.DECIDE_SUPERVISION: set(),
    Act.MEET: IN_WORK,
    Act.ASK_ASSIST: {"received", "handling", "waiting", "accepted"},
    # What follows when help was asked for is in test_assist.
    Act.ACCEPT_ASSIST: set(),
    Act.ANSWER_ASSIST: set(),
    Act.USE_ASSIST: set(),
    Act.REMIND_ASSIST: set(),
    Act.WITHDRAW_ASSIST: set(),
    # What a bad rating sets going is in test_repair.
    Act.CALL_RATED: set(),
    Act.CALL_MISSED: set(),
    Act.REPAIR: set(),
    Act.APPEAL: set(),
    Act.DECIDE_APPEAL: set(),
}


def _attempt(house: House, case: Case, act: Act) -> bool:
    """Try the act as the coordinator, who may do everything everywhere; undone afterwards."""
    common = {"actor": house.actor("coordinator"), "case_id": case.pk, "at": NOW + timedelta(hours=1)}
    calls: dict[Act, Callable[[], object]] = {
        Act.NOTE: lambda: services.add_note(text="记", **common),
        Act.CONTACT: lambda: services.contact_resident(text="已告知", **common),
        Act.START: lambda: services.start(**common),
        Act.ASK: lambda: services.ask_resident(text="缺照片", **common),
        Act.SUPPLY: lambda: services.resident_supplied(text="照片", **common),
        Act.REFER: lambda: services.refer(to_unit_id=house.section.pk, reason="请办", **common),
        Act.ACCEPT: lambda: services.accept_referral(**common),
        Act.RETURN: lambda: services.return_referral(why="unclear", reason="非我单位", **common),
        Act.TRANSFER: lambda: services.transfer(
            to_user_id=house.id("stranger" if case.unit_id == house.other.pk else "clerk2"),
            reason="休假",
            **common,
        ),
        Act.ESCALATE: lambda: services.escalate(reason="协调", **common),
        Act.RESOLVE: lambda: services.resolve(answer="办好了", **common),
        Act.CALL_BACK: lambda: services.record_call_back(grade="5", comment="", **common),
        Act.WITHDRAW: lambda: services.withdraw(reason="不办了", **common),
        Act.ADMIT: lambda: services.admit(**common),
        Act.CORRECT: lambda: services.ask_papers(papers=["照片"], **common),
        Act.SUPPLY_LATE: lambda: services.supply_late_papers(**common),
        Act.REFUSE: lambda: services.refuse(ground="not_needed", where="", text="不用办", **common),
        Act.RESUME: lambda: services.resume(text="鉴定完成", **common),
        Act.DECIDE_EXTENSION: lambda: services.decide_extension(approved=True, words="同意", **common),
        Act.PAUSE: lambda: services.pause(
            reason="appraisal", text="需要鉴定", until=NOW.date() + timedelta(days=9), **common
        ),
        Act.EXTEND: lambda: services.ask_extension(amount=5, reason="案情复杂", **common),
        Act.RECLASSIFY: lambda: services.reclassify(
            kind="help", item_version_id=None, urgent=False, reason="归类有误", **common
        ),
        Act.DECIDE: lambda: services.decide(granted=True, reasons="", remedies="", **common),
        Act.END: lambda: services.end_matter(reason="事项已不存在", **common),
        Act.DELIVER: lambda: services.deliver(how="当面交给本人", **common),
        Act.NEEDS: lambda: services.note_needs(needs=["cannot_walk"], helper_id=None, **common),
        Act.VISIT: lambda: services.visit_home(text="上门办理", **common),
        Act.GREEN: lambda: services.put_first(reason="over_80", text="", **common),
        Act.NOT_GREEN: lambda: services.take_out(reason="情况有变", **common),
        Act.MERGE: lambda: services.merge(other=house.case().reference, reason="重复", **common),
        Act.UNMERGE: lambda: services.unmerge(reason="不是一件事", **common),
        Act.LINK: lambda: services.link(other=house.case().reference, how="related", reason="一家", **common),
        Act.UNLINK: lambda: services.unlink(other=house.case().reference, reason="弄错了", **common),
        Act.CALL_RATED: lambda: services.call_rated(text="不满意", **common),
        Act.CALL_MISSED: lambda: services.call_missed(text="", **common),
        Act.REPAIR: lambda: services.choose_repair(way="fix", text="重办", until=None, **common),
        Act.APPEAL: lambda: services.appeal_rating(ground="mistaken", reason="评错了", **common),
        Act.SUPERVISE: lambda: services.supervise(text="为何", **common),
        Act.ANSWER_SUPERVISION: lambda: services.answer_supervision(text="已办", **common),
        Act.DECIDE_SUPERVISION: lambda: services.decide_supervision(accepted=True, words="好", **common),
        Act.MEET: lambda: services.record_meeting(
            held_on=NOW.date(),
            unit_ids=[house.street.pk, house.community.pk],
            people="",
            decision="民政科牵头",
            lead_id=house.section.pk,
            until=NOW.date() + timedelta(days=9),
            helper_ids=[],
            task="",
            **common,
        ),
        Act.ASK_ASSIST: lambda: services.ask_assist(to_unit_id=house.section.pk, text="请核实", **common),
        Act.ACCEPT_ASSIST: lambda: services.accept_assist(**common),
        Act.ANSWER_ASSIST: lambda: services.answer_assist(text="已核实", **common),
        Act.USE_ASSIST: lambda: services.use_assist(assist_id=1, **common),
        Act.REMIND_ASSIST: lambda: services.remind_assist(assist_id=1, text="请尽快", **common),
        Act.WITHDRAW_ASSIST: lambda: services.withdraw_assist(assist_id=1, reason="不用了", **common),
        Act.DECIDE_APPEAL: lambda: services.decide_appeal(excluded=True, words="评错了", **common),
    }
    try:
        with transaction.atomic():
            calls[act]()
            transaction.set_rollback(True)
    except Refused as refused:
        assert str(refused)
        return False
    return True


def test_every_act_in_every_state_is_done_or_refused_as_the_table_says(house: House) -> None:
    wrong, misleading = [], []
    for state in (
        "received",
        "handling",
        "waiting",
        "offered",
        "accepted",
        "resolved",
        "closed",
        "withdrawn",
    ):
        case = _reach(house, state)
        page = selectors.case_page(actor=house.actor("coordinator"), reference=case.reference, now=NOW)
        case.refresh_from_db()
        for act, states in WORKS.items():
            done = _attempt(house, case, act)
            if done != (state in states):
                wrong.append((act.value, state, done))
            if act in page.acts and not done:
                misleading.append((act.value, state))
    assert wrong == []
    assert misleading == [], "a button was shown for an act that is refused"
