"""Whatever people do in whatever order: what must hold of every case holds after every act."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangdian.casework import chain, services
from liangdian.casework.links import link_token
from liangdian.casework.models import Case, Promise
from liangdian.casework.states import BAD_GRADES, IN_HAND, Ending, EventType, Grade, State
from liangdian.foundation.refused import Refused
from tests.casework.conftest import NOW, PEOPLE, House

ACTS = (
    "note", "contact", "start", "ask", "supply", "refer", "accept", "return", "transfer", "escalate",
    "resolve", "call_back", "withdraw", "rate", "sweep",
)  # fmt: skip
# Most steps are sensible people; a few are anybody.
_ACTOR = st.sampled_from(["clerk", "coordinator", "secretary", "stranger", *[name for name, *_ in PEOPLE]])
_STEP = st.tuples(
    st.sampled_from(ACTS), _ACTOR, st.sampled_from(list(Grade)), st.integers(0, 72),
    st.sampled_from(["street", "community", "other", "section"]),
)  # fmt: skip


def _do(house: House, case: Case, step: tuple, at: object) -> None:
    act, who, grade, _hours, unit = step
    common = {"actor": house.actor(who), "case_id": case.pk, "at": at}
    match act:
        case "note":
            services.add_note(text="记", **common)
        case "contact":
            services.contact_resident(text="告知", **common)
        case "start":
            services.start(**common)
        case "ask":
            services.ask_resident(text="缺", **common)
        case "supply":
            services.resident_supplied(text="有", **common)
        case "refer":
            services.refer(to_unit_id=getattr(house, unit).pk, reason="请办", **common)
        case "accept":
            services.accept_referral(**common)
        case "return":
            services.return_referral(reason="非", **common)
        case "transfer":
            services.transfer(to_user_id=house.id("clerk2"), reason="休", **common)
        case "escalate":
            services.escalate(reason="协", **common)
        case "resolve":
            services.resolve(answer="好", **common)
        case "call_back":
            services.record_call_back(grade=grade, comment="", **common)
        case "withdraw":
            services.withdraw(reason="不办", **common)
        case "rate":
            services.rate_by_link(token=link_token(case.reference), grade=grade, comment="", at=at)
        case "sweep":
            services.sweep(at=at)


def _check(case: Case, first: int, before: list[tuple]) -> list[tuple]:
    """Everything that must hold of ``case`` now; returns its promises, to be compared with the next time."""
    promises = list(
        Promise.objects.filter(case=case).order_by("seq").values_list("seq", "due_at", "start_at")
    )
    types = list(case.events.order_by("seq").values_list("type", flat=True))
    assert case.first_handler_id == first
    assert promises[: len(before)] == before, "a promise was changed or lost"
    assert len(promises) == case.round == 1 + types.count(EventType.REOPENED)
    assert len(types) == case.last_seq
    assert list(chain.verify()) == []
    assert (case.closed_at is not None) == (case.ending != "") == (not case.is_open)
    if case.ending == Ending.SATISFIED:
        assert case.ratings.filter(round=case.round).exclude(grade__in=BAD_GRADES).exists()
    if case.ending == Ending.NOT_RATED:
        assert not case.ratings.filter(round=case.round).exists()
    assert case.due_at == promises[-1][1]
    if not case.is_open:
        assert case.next_due_at is None
    elif case.state == State.RESOLVED:
        assert case.next_due_at is not None
        assert case.resolutions.filter(round=case.round).exists()
    elif case.alarms_done < 2:
        assert case.next_due_at is not None and case.next_due_at <= case.due_at
    offered = case.referrals.filter(state="offered").first()
    if offered is not None:
        assert case.state in IN_HAND and case.unit_id == offered.to_unit_id
    assert case.referrals.filter(state__in=["offered", "accepted"]).count() <= 1
    for rating in case.ratings.all():
        assert rating.recorded_by_id is None or rating.recorded_by_id not in {rating.handler_id, first}
    return promises


@settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(_STEP, min_size=8, max_size=16))
def test_no_order_of_acts_breaks_a_case(house: House, steps: list[tuple]) -> None:
    with transaction.atomic():
        case, at = house.case(), NOW
        first, promises = case.first_handler_id, []
        for step in steps:
            at += timedelta(hours=step[3])
            events = case.last_seq
            try:
                with transaction.atomic():
                    _do(house, case, step, at)
            except Refused as refused:
                assert str(refused)
                case.refresh_from_db()
                assert case.last_seq == events, "refused, and yet something was written"
            case.refresh_from_db()
            promises = _check(case, first, promises)
        transaction.set_rollback(True)
