"""Random acts of random people in random order: what must hold of every case holds after every act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from liangdian.casework import chain, rules, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case, CaseRelation, Clock, LimitRule, Pause, Promise
from liangdian.casework.stages import ANSWERED
from liangdian.casework.states import BAD_GRADES, Ending, EventType, Grade, PauseReason, State
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Due
from liangdian.foundation.refused import Refused
from liangdian.foundation.workdays import due_of
from liangdian.foundation.worktime import working_time_between
from liangdian.registers.calendar import selectors as calendar
from tests.casework.conftest import NOW, PEOPLE, House

# Most steps are sensible people; a few are anybody.
PERSON = st.sampled_from([*["coordinator", "secretary", "clerk"] * 6, "stranger", *[p for p, *_ in PEOPLE]])
HOURS = st.integers(0, 60)
UNIT = st.sampled_from(["street", "community", "other", "section"])


class CaseMachine(RuleBasedStateMachine):
    """One case and everybody who could do something with it."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now: datetime = NOW
        self.promises: list[tuple] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(
        kind=st.sampled_from(["service", "service", "complaint", "help"]), complete=st.booleans(),
        channel=st.sampled_from(["window", "web"]),
    )  # fmt: skip
    def register(self, kind: str, complete: bool, channel: str) -> None:
        item = self.house.item.pk if kind == "service" else None
        self.pk = self.house.case(
            kind=kind, item_version_id=item, documents_complete=complete, channel=channel
        ).pk
        # Another resident's matter about the same thing, promised for another day.
        self.twin_pk = self.house.case(
            kind="consultation", item_version_id=None, resident_name="李秀英", phone="13812342212"
        ).pk

    @property
    def stage(self) -> str:
        """Where the matter stands: rules that would be refused there anyway are tried less often."""
        return self.case.stage if hasattr(self, "pk") else ""

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def act(self, who: str, hours: int, service: Callable[..., Any], **given: object) -> None:
        """Do it a while later; refused means: with a sentence, and nothing was written."""
        self.now += timedelta(hours=hours)
        before = self.case.last_seq
        try:
            with transaction.atomic():
                service(actor=self.house.actor(who), case_id=self.pk, at=self.now, **given)
        except Refused as refused:
            assert str(refused)
            assert self.case.last_seq == before, "refused, and yet something was written"
        else:
            assert self.case.last_seq > before

    @rule(who=PERSON, hours=HOURS, act=st.sampled_from(["start", "accept_referral", "supply_late_papers"]))
    def plain(self, who: str, hours: int, act: str) -> None:
        self.act(who, hours, getattr(services, act))

    @rule(
        who=PERSON, hours=HOURS,
        act=st.sampled_from(["add_note", "contact_resident", "ask_resident", "resident_supplied", "resume"]),
    )  # fmt: skip
    def with_text(self, who: str, hours: int, act: str) -> None:
        self.act(who, hours, getattr(services, act), text="说明")

    @precondition(lambda self: self.stage == "special")
    @rule(who=PERSON, hours=HOURS)
    def resume(self, who: str, hours: int) -> None:
        self.act(who, hours, services.resume, text="鉴定完成")

    @rule(who=PERSON, hours=HOURS, act=st.sampled_from([*["escalate"] * 6, "withdraw", "end_matter"]))
    def with_reason(self, who: str, hours: int, act: str) -> None:
        self.act(who, hours, getattr(services, act), reason="理由")

    @rule(who=PERSON, hours=HOURS, unit=UNIT)
    def refer(self, who: str, hours: int, unit: str) -> None:
        self.act(who, hours, services.refer, to_unit_id=getattr(self.house, unit).pk, reason="请办")

    @rule(who=PERSON, hours=HOURS, to=st.sampled_from(["clerk2", "secretary", "handler"]))
    def transfer(self, who: str, hours: int, to: str) -> None:
        self.act(who, hours, services.transfer, to_user_id=self.house.id(to), reason="休假")

    @precondition(lambda self: self.stage in {"received", "correction"})
    @rule(who=PERSON, hours=HOURS, late=st.booleans())
    def admit(self, who: str, hours: int, late: bool) -> None:
        self.act(who, hours, services.admit, late_papers=["照片"] if late else [], signed=late)

    @precondition(lambda self: self.stage in {"received", "correction"})
    @rule(who=PERSON, hours=HOURS)
    def ask_papers(self, who: str, hours: int) -> None:
        self.act(who, hours, services.ask_papers, papers=["户口簿"])

    @precondition(lambda self: self.stage in {"received", "correction"})
    @rule(who=PERSON, hours=HOURS, ground=st.sampled_from(["not_competent", "not_needed"]))
    def refuse(self, who: str, hours: int, ground: str) -> None:
        self.act(who, hours, services.refuse, ground=ground, where="医保局", text="不归我们办")

    @precondition(lambda self: self.stage in {"accepted", "examining", "received"})
    @rule(who=PERSON, hours=HOURS, reason=st.sampled_from(list(PauseReason)), days=st.integers(0, 30))
    def pause(self, who: str, hours: int, reason: PauseReason, days: int) -> None:
        until: date = (self.now + timedelta(hours=hours, days=days)).astimezone(HALL_ZONE).date()
        self.act(who, hours, services.pause, reason=str(reason), text="要鉴定", until=until)

    @rule(who=PERSON, hours=HOURS, amount=st.integers(1, 10))
    def ask_extension(self, who: str, hours: int, amount: int) -> None:
        self.act(who, hours, services.ask_extension, amount=amount, reason="复杂")

    @precondition(lambda self: self.stage in {"accepted", "examining", "received", "decided"})
    @rule(who=PERSON, hours=HOURS, approved=st.booleans())
    def decide_extension(self, who: str, hours: int, approved: bool) -> None:
        self.act(who, hours, services.decide_extension, approved=approved, words="意见")

    @precondition(lambda self: self.stage in {"accepted", "examining", "received"})
    @rule(who=PERSON, hours=HOURS, granted=st.booleans())
    def decide(self, who: str, hours: int, granted: bool) -> None:
        self.act(who, hours, services.decide, granted=granted, reasons="理由", remedies="复议")

    @rule(who=PERSON, hours=HOURS)
    def resolve(self, who: str, hours: int) -> None:
        self.act(who, hours, services.resolve, answer="已办好")

    @precondition(lambda self: self.stage == "completed")
    @rule(who=PERSON, hours=HOURS)
    def deliver(self, who: str, hours: int) -> None:
        self.act(who, hours, services.deliver, how="当面")

    @rule(
        who=PERSON,
        hours=HOURS,
        kind=st.sampled_from(["service", "help", "consultation"]),
        urgent=st.booleans(),
    )
    def reclassify(self, who: str, hours: int, kind: str, urgent: bool) -> None:
        item = self.house.item.pk if kind == "service" else None
        due = self.case.due_at
        self.act(
            who, hours, services.reclassify, kind=kind, item_version_id=item, urgent=urgent, reason="归类"
        )
        assert self.case.due_at <= due, "sorting anew made the promise later"

    @precondition(lambda self: self.stage in ANSWERED)
    @rule(who=PERSON, hours=HOURS, grade=st.sampled_from(list(Grade)))
    def call_back(self, who: str, hours: int, grade: Grade) -> None:
        self.act(who, hours, services.record_call_back, grade=str(grade), comment="")

    @precondition(lambda self: self.stage in ANSWERED)
    @rule(hours=HOURS, grade=st.sampled_from(list(Grade)))
    def rate(self, hours: int, grade: Grade) -> None:
        def by_link(*, actor: object, case_id: int, at: datetime) -> None:
            services.rate_by_link(
                token=rating_token(self.case.reference, self.case.round), grade=str(grade), comment="", at=at
            )

        self.act("clerk", hours, by_link)

    @rule(who=PERSON, hours=HOURS, leads=st.booleans())
    def merge(self, who: str, hours: int, leads: bool) -> None:
        """The case leads its twin or follows it. What follows keeps everything that it had."""
        pks = (self.twin_pk, self.pk) if leads else (self.pk, self.twin_pk)
        follower, leader = (Case.objects.get(pk=pk) for pk in pks)
        self.together(who, hours, services.merge, pks[0], other=leader.reference)
        after = Case.objects.get(pk=follower.pk)
        if after.merged_into_id is not None and follower.merged_into_id is None:
            assert (after.state, after.stage, after.due_at) == (
                follower.state,
                follower.stage,
                follower.due_at,
            )
            leader.refresh_from_db()
            assert leader.due_at <= after.due_at, "the earliest promise wins"

    @rule(who=PERSON, hours=HOURS, own=st.booleans())
    def unmerge(self, who: str, hours: int, own: bool) -> None:
        pk = self.pk if own else self.twin_pk
        before = Case.objects.get(pk=pk)
        self.together(who, hours, services.unmerge, pk)
        after = Case.objects.get(pk=pk)
        assert (after.state, after.stage, after.due_at) == (before.state, before.stage, before.due_at)

    def together(self, who: str, hours: int, service: Callable[..., Any], pk: int, **given: object) -> None:
        """Do it to one of the two a while later; refused means: nothing was written to either."""
        self.now += timedelta(hours=hours)
        before = self.written()
        try:
            with transaction.atomic():
                service(actor=self.house.actor(who), case_id=pk, at=self.now, reason="同一件事", **given)
        except Refused as refused:
            assert str(refused)
            assert self.written() == before
        else:
            assert all(now > then for now, then in zip(self.written(), before, strict=True)), "both are told"

    def written(self) -> list[int]:
        return [Case.objects.get(pk=pk).last_seq for pk in (self.pk, self.twin_pk)]

    @invariant()
    def what_follows_stands_still(self) -> None:
        if not hasattr(self, "pk"):
            return
        for pk in (self.pk, self.twin_pk):
            case = Case.objects.get(pk=pk)
            recorded = CaseRelation.objects.filter(case=case, kind="merged", ended_at__isnull=True).first()
            assert case.merged_into_id == (recorded.other_id if recorded else None)
            if case.merged_into_id is not None:
                assert case.merged_into.merged_into_id is None
            if case.follows:
                assert case.next_due_at is None
                assert not Clock.objects.filter(case=case, ended_at__isnull=True).exists()
                assert case.merged_into.in_hand, "nobody works for a matter that follows"

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        services.sweep(at=self.now)
        seq = self.case.last_seq
        services.sweep(at=self.now)
        assert self.case.last_seq == seq, "the clock did something twice"

    @invariant()
    def the_first_handler_stays(self) -> None:
        if hasattr(self, "pk"):
            assert self.case.first_handler_id == self.house.id("clerk")

    @invariant()
    def promises_are_only_added(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        rows = Promise.objects.filter(case=case).order_by("seq")
        found = list(rows.values_list("seq", "due_at", "start_at", "legal_due_at", "reason"))
        assert found[: len(self.promises)] == self.promises, "a promise was changed or lost"
        assert [row[0] for row in found] == list(range(1, len(found) + 1))
        assert case.due_at == found[-1][1]
        told = case.events.filter(type=EventType.PROMISED, public=True).count()
        assert told == len(found), "a promise that nobody told the resident"
        self.promises = found

    @invariant()
    def running_and_paused_time_make_up_all_time(self) -> None:
        if not hasattr(self, "pk"):
            return
        case, hours = self.case, calendar.working_hours()
        end = case.closed_at or self.now
        still = running = timedelta()
        since = case.registered_at
        for pause in Pause.objects.filter(case=case).order_by("from_at", "id"):
            assert pause.from_at >= since, "two pauses overlap"
            running += working_time_between(since, pause.from_at, hours)
            since = pause.ended_at or end
            still += working_time_between(pause.from_at, since, hours)
        running += working_time_between(since, end, hours)
        assert running + still == working_time_between(case.registered_at, end, hours)
        open_pause = Pause.objects.filter(case=case, ended_at__isnull=True).first()
        assert case.paused_at == (open_pause.from_at if open_pause else None)

    @invariant()
    def closed_only_by_the_rules(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        assert (case.closed_at is not None) == (case.ending != "") == (not case.is_open)
        rated = case.ratings.filter(round=case.round)
        if case.ending == Ending.SATISFIED:
            assert rated.exclude(grade__in=BAD_GRADES).exists()
        if case.ending == Ending.NOT_RATED:
            assert not rated.exists()
        if case.state == State.RESOLVED:
            assert case.resolutions.filter(round=case.round).exists()
        assert case.round == 1 + case.events.filter(type=EventType.REOPENED).count()

    @invariant()
    def the_next_clock_is_the_earliest_open_one(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        if not case.is_open:
            assert case.next_due_at is None
            return
        wanted = list(
            Clock.objects.filter(case=case, ended_at__isnull=True, rung_at__isnull=True).values_list(
                "due_at", flat=True
            )
        )
        if case.in_hand and not case.follows and case.paused_at is None and case.alarms_done < 3:
            wanted.append(self._alarm(case))
        assert case.next_due_at == min(wanted, default=None)

    def _alarm(self, case: Case) -> datetime:
        promise = case.promises.order_by("-seq").first()
        due = Due(at=promise.due_at, day=promise.due_day, provisional=promise.provisional)
        if case.alarms_done == 0:
            return rules.warn_at(start=promise.made_at, due=due, days=calendar.calendar_days())
        step = LimitRule.objects.get(code="escalation.step").limit
        again = due_of(step, due.at, calendar.calendar_days(), HALL_ZONE).at
        return due.at if case.alarms_done == 1 else again

    @invariant()
    def a_clock_runs_exactly_as_long_as_what_it_measures(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        running = set(Clock.objects.filter(case=case, ended_at__isnull=True).values_list("kind", flat=True))
        if case.follows:
            return  # what_follows_stands_still
        assert ("pause" in running) == (case.stage == "special")
        assert ("correction" in running) == (case.stage == "correction")
        assert ("rating" in running) == (case.state == State.RESOLVED)
        assert ("referral" in running) == case.referrals.filter(state="offered").exists()
        assert ("first_contact" in running) == (case.first_contact_at is None and case.in_hand)
        if case.stage != "received" or not case.in_hand:
            assert "acceptance" not in running
        if not case.in_hand:
            assert running <= {"rating", "delivery"}

    @invariant()
    def the_history_is_whole(self) -> None:
        if hasattr(self, "pk"):
            assert list(chain.verify()) == []
            assert self.case.events.count() == self.case.last_seq


def test_no_order_of_acts_breaks_a_case(house: House) -> None:
    machine = type("Machine", (CaseMachine,), {"house": house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )  # fmt: skip
