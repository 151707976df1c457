"""Every pair of states of a dispute is decided: by the rule, by the database, and by every act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import DatabaseError, transaction

from liangdian.casework.models import Case
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Assignment, Dispute, Obligation
from liangdian.desks.mediation.rules import WrongState, check_move, check_obligation_move
from liangdian.desks.mediation.services import Hand
from liangdian.desks.mediation.states import NEXT, DisputeState, ObligationState
from liangdian.foundation.refused import Refused
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import STROKES, Desk

# Written out by hand: what a dispute may become.
ALLOWED = {
    "registered": {"consented", "refused"},
    "consented": {"mediating", "failed"},
    "mediating": {"signing", "effective", "failed"},
    "signing": {"mediating", "effective", "failed"},
    "effective": {"fulfilled", "unfulfilled"},
    "unfulfilled": {"fulfilled"},
    "fulfilled": set(),
    "failed": set(),
    "refused": set(),
}
PAIRS = [(DisputeState(a), DisputeState(b)) for a, b in product(DisputeState.values, DisputeState.values)]
OBLIGATIONS = {
    "due": {"kept", "broken", "excused"},
    "broken": {"kept", "excused"},
    "kept": set(),
    "excused": set(),
}


def test_the_table_knows_every_state() -> None:
    assert {state.value: {t.value for t in targets} for state, targets in NEXT.items()} == ALLOWED


@pytest.mark.parametrize(("state", "target"), PAIRS)
def test_every_pair_is_decided_by_the_rule(state: DisputeState, target: DisputeState) -> None:
    if target.value in ALLOWED[state.value]:
        check_move(state, target)
    else:
        with pytest.raises(WrongState):
            check_move(state, target)


@pytest.mark.parametrize("state", DisputeState.values)
def test_the_database_refuses_every_move_that_the_table_lacks(desk: Desk, state: str) -> None:
    case = desk.to(state)
    for target in DisputeState.values:
        if target == state or target in ALLOWED[state]:
            continue
        with pytest.raises(DatabaseError), transaction.atomic():
            Dispute.objects.filter(pk=case.pk).update(state=target, way_out="no_agreement")
    assert desk.state(case) == state


@pytest.mark.parametrize(("state", "target"), list(product(ObligationState.values, ObligationState.values)))
def test_what_became_of_an_obligation_is_decided_by_the_rule(state: str, target: str) -> None:
    if target in OBLIGATIONS[state]:
        check_obligation_move(state, target)
    else:
        with pytest.raises(WrongState):
            check_obligation_move(state, target)


Attempt = Callable[[Desk, Case], object]
LATER = NOW + timedelta(days=120)


def _sign(desk: Desk, case: Case) -> object:
    hand = Hand("screen", party_id=desk.party(case, 1).pk, strokes=STROKES)
    return services.sign(actor=desk.actor("mediator"), case_id=case.pk, hand=hand, at=NOW)


def _record(desk: Desk, case: Case) -> object:
    mediator = Assignment.objects.filter(dispute=case.pk, ended_at__isnull=True).first()
    came = [f"party:{desk.party(case, n).pk}" for n in (1, 2)]
    came += [f"mediator:{mediator.pk}"] if mediator else []
    return services.record_session(
        actor=desk.actor("mediator"), case_id=case.pk, came=came, record="谈了", place="调解室", at=NOW
    )


def _fulfil(desk: Desk, case: Case) -> object:
    owed = Obligation.objects.filter(agreement__dispute=case.pk).exclude(state="kept").first()
    return services.record_fulfilment(
        actor=desk.actor("mediator"), case_id=case.pk, obligation_id=owed.pk if owed else 0, state="kept",
        done_on=date(2026, 11, 1), words="", at=LATER,
    )  # fmt: skip


def _by(who: str, verb: Callable[..., object], **given: object) -> Attempt:
    return lambda desk, case: verb(actor=desk.actor(who), case_id=case.pk, at=NOW, **given)


WORKS: dict[str, tuple[set[str], Attempt]] = {
    "consent": ({"registered"}, lambda desk, case: desk.consent(case)),
    "assign": ({"consented", "mediating"}, lambda desk, case: desk.assign(case, "mediator2")),
    "recuse": (
        {"registered", "consented", "mediating", "signing"},
        lambda desk, case: services.recuse(
            actor=desk.actor("secretary"), case_id=case.pk, member_id=desk.member("mediator2").pk,
            reason="是当事人的亲属", at=NOW,
        ),
    ),
    "invite": (
        {"mediating", "signing"},
        _by("mediator", services.plan_session, held_at=NOW + timedelta(days=2), place="调解室"),
    ),
    "record": ({"mediating", "signing"}, _record),
    "caucus": (
        {"mediating", "signing"},
        lambda desk, case: services.note_caucus(
            actor=desk.actor("mediator"), case_id=case.pk, party_id=desk.party(case, 1).pk, text="底线一万",
            at=NOW,
        ),
    ),
    "offer": (
        {"mediating", "signing"},
        lambda desk, case: services.make_offer(
            actor=desk.actor("mediator"), case_id=case.pk, party_id=desk.party(case, 1).pk, text="分期",
            amount="", at=NOW,
        ),
    ),
    "draft": ({"mediating"}, lambda desk, case: desk.draft(case)),
    "duty": (
        {"signing"},
        lambda desk, case: services.add_duty(
            actor=desk.actor("mediator"), case_id=case.pk, duty=desk.duty(case), at=NOW
        ),
    ),
    "redraft": ({"signing"}, _by("mediator", services.back_to_talks, reason="改期限")),
    "sign": ({"signing"}, _sign),
    "seal": ({"signing"}, lambda desk, case: desk.seal(case)),
    "more_time": (
        {"consented", "mediating", "signing"},
        lambda desk, case: services.more_time(
            actor=desk.actor("mediator"), case_id=case.pk, days=10, how="phone", reason="等证据", at=NOW,
            parties=[desk.party(case, n).pk for n in (1, 2)],
        ),
    ),
    "fail": (
        {"consented", "mediating", "signing"},
        _by("secretary", services.fail, way_out="party_ends", words="不谈了"),
    ),
    "fulfil": ({"effective", "unfulfilled"}, _fulfil),
    "court": (
        {"effective", "fulfilled", "unfulfilled"},
        _by("mediator", services.ask_confirmation, asked_on=date(2026, 9, 18)),
    ),
    "report": (
        set(DisputeState.values),
        _by("mediator", services.report_risk, risk="violence", words="扬言动手，已打电话"),
    ),
}  # fmt: skip


class _Undo(Exception):
    """Takes back what an act did, so that the next one finds the same state."""


@pytest.mark.parametrize("state", DisputeState.values)
def test_every_act_works_exactly_where_it_may(desk: Desk, state: str) -> None:
    case = desk.to(state)
    for act, (states, attempt) in WORKS.items():
        # Nobody mediates yet who could write down more time.
        works = state in states and not (act == "more_time" and state == "consented")
        expected: type[Exception] = _Undo if works else Refused
        with pytest.raises(expected), transaction.atomic():
            attempt(desk, case)
            raise _Undo
        assert desk.state(case) == state, act
