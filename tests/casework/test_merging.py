"""Duplicates: one leads, the other stands still, the earlier promise holds, all are told; undone whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.casework import chain, rules, selectors, services, worklists
from liangdian.casework.links import link_token, rating_token
from liangdian.casework.models import Case, CaseRelation, Clock, Promise
from liangdian.casework.states import EventType, PromiseReason, State
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Stale
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused
from tests.casework.test_messages import newest, told

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LAMP = {"kind": "help", "item_version_id": None, "documents_complete": False, "channel": "web"}


def leader_of(house: House, **changes: object) -> Case:
    """The lamp, as the first neighbour told it: ten working days."""
    return house.case(**{**LAMP, "words": "楼道的灯坏了。", **changes})


def follower_of(house: House, **changes: object) -> Case:
    """The same lamp, told by the second neighbour as a consultation: two working days."""
    given = {**LAMP, "kind": "consultation", "words": "楼道灯不亮，什么时候修？", "resident_name": "李秀英",
             "phone": "13812342212", **changes}  # fmt: skip
    return house.case(**given)


def merged(house: House, *, by: str = "clerk", **changes: object) -> tuple[Case, Case]:
    leader, follower = leader_of(house), follower_of(house, **changes)
    services.merge(
        actor=house.actor(by), case_id=follower.pk, other=leader.reference, reason="同一盏灯", at=NOW + HOUR
    )
    leader.refresh_from_db()
    follower.refresh_from_db()
    return leader, follower


def open_clocks(case: Case) -> list[tuple]:
    rows = Clock.objects.filter(case=case, ended_at__isnull=True).order_by("kind")
    return list(rows.values_list("kind", "key", "start_at", "due_at", "rung_at"))


def unmerge(house: House, case: Case, *, by: str = "clerk", at=NOW + 2 * HOUR) -> Case:
    return services.unmerge(actor=house.actor(by), case_id=case.pk, reason="不是同一盏", at=at)


def test_one_leads_and_the_other_stands_still(house: House) -> None:
    leader, follower = merged(house)
    assert follower.merged_into_id == leader.pk
    assert follower.state == State.RECEIVED
    assert (follower.next_due_at, open_clocks(follower)) == (None, [])
    clerk = house.actor("clerk")
    for worklist in (Worklist.TODO, Worklist.ANSWER, Worklist.UNIT, Worklist.LATE):
        rows = worklists.page_of(worklist, clerk, Filters(), now=NOW + 30 * DAY).rows
        assert [row.pk for row in rows] == [leader.pk], worklist
    everything = worklists.page_of(Worklist.ALL, clerk, Filters(), now=NOW).rows
    assert {row.pk for row in everything} == {leader.pk, follower.pk}
    services.sweep(at=NOW + 30 * DAY)
    assert not follower.events.filter(type__in=[EventType.OVERDUE, EventType.ESCALATED]).exists()
    assert list(chain.verify()) == []


def test_the_earlier_promise_holds_and_no_promise_is_lost(house: House) -> None:
    leader, follower = merged(house)
    rows = list(Promise.objects.filter(case=leader).order_by("seq"))
    assert [row.reason for row in rows] == [PromiseReason.REGISTERED, PromiseReason.MERGED]
    assert rows[1].due_at == leader.due_at == follower.due_at < rows[0].due_at
    page = selectors.case_page(actor=house.actor("clerk"), reference=leader.reference, now=NOW)
    assert page.due_day == rows[1].due_day
    # The other way round the leader's own promise is the earlier one, and stays.
    late, early = leader_of(house), follower_of(house)
    services.merge(actor=house.actor("clerk"), case_id=late.pk, other=early.reference, reason="同", at=NOW)
    assert Promise.objects.filter(case=early).count() == 1
    assert Promise.objects.filter(case=late).count() == 1


def test_both_residents_and_both_sides_are_told(house: House) -> None:
    second = {"first_handler_id": house.id("clerk2")}
    leader, follower = merged(house, by="secretary", **second)
    assert told(leader)[-1] == told(follower)[-1] == "matters_joined"
    assert newest(leader)["day"] == newest(follower)["day"]
    assert newest(follower)["reference"] == follower.reference
    for name, case in (("clerk", leader), ("clerk2", follower)):
        kinds = [n.kind for n in bell.latest(house.actor(name)) if case.reference in n.url]
        assert "merged" in kinds, name
    unmerge(house, follower, by="secretary")
    assert told(leader)[-1] == told(follower)[-1] == "matters_parted"


def test_neither_resident_reads_of_the_other(house: House) -> None:
    leader, follower = merged(house)
    for own, other in ((leader, follower), (follower, leader)):
        page = selectors.resident_page(token=link_token(own.reference), now=NOW)
        said = " ".join(f"{e.title} {e.text}" for e in page.entries)
        assert other.reference not in said
        assert "同一盏灯" not in said
        assert page.ties == []


def test_the_answer_is_given_to_both_and_each_rates_his_own(house: House) -> None:
    leader, follower = merged(house)
    services.resolve(actor=house.actor("clerk"), case_id=leader.pk, answer="灯换好了", at=NOW + DAY)
    page = selectors.resident_page(token=link_token(follower.reference), now=NOW + DAY)
    assert page.answer == "灯换好了"
    assert told(follower)[-1] == "answered"
    services.rate_by_link(
        token=rating_token(leader.reference, leader.round), grade="5", comment="", at=NOW + DAY
    )
    follower.refresh_from_db()
    assert follower.state == State.RESOLVED
    services.rate_by_link(
        token=rating_token(follower.reference, follower.round), grade="1", comment="没亮", at=NOW + DAY
    )
    leader.refresh_from_db()
    follower.refresh_from_db()
    assert (leader.state, follower.state) == (State.CLOSED, State.HANDLING)
    assert follower.merged_into_id is None
    assert not CaseRelation.objects.filter(ended_at__isnull=True).exists()


def test_a_service_matter_that_was_only_received_is_answered_with_the_leading_one(house: House) -> None:
    leader, follower = house.case(), house.case(documents_complete=False)
    clerk = house.actor("clerk")
    services.merge(actor=clerk, case_id=follower.pk, other=leader.reference, reason="重复", at=NOW)
    services.end_matter(actor=clerk, case_id=leader.pk, reason="事项已不存在", at=NOW)
    follower.refresh_from_db()
    assert (follower.state, follower.stage) == ("resolved", "ended")


def test_withdrawn_by_the_leaders_resident_the_other_goes_on(house: House) -> None:
    leader, follower = merged(house)
    services.withdraw(actor=house.actor("clerk"), case_id=leader.pk, reason="不用了", at=NOW + DAY)
    follower.refresh_from_db()
    assert follower.merged_into_id is None
    assert follower.next_due_at is not None
    assert told(follower)[-1] == "matters_parted"
    assert told(leader)[-1] == "matters_joined", "who withdrew is not told of the other"


def test_unmerge_restores_state_clocks_and_promise(house: House) -> None:
    follower = follower_of(house)
    services.ask_resident(actor=house.actor("clerk"), case_id=follower.pk, text="哪栋楼？", at=NOW)
    follower.refresh_from_db()
    before = (follower.state, follower.stage, follower.due_at, follower.next_due_at, follower.alarms_done)
    clocks = open_clocks(follower)
    assert clocks
    leader = leader_of(house)
    services.merge(
        actor=house.actor("clerk"), case_id=follower.pk, other=leader.reference, reason="同一盏灯", at=NOW
    )
    unmerge(house, follower)
    follower.refresh_from_db()
    after = (follower.state, follower.stage, follower.due_at, follower.next_due_at, follower.alarms_done)
    assert after == before
    assert open_clocks(follower) == clocks
    leader.refresh_from_db()
    assert leader.due_at == follower.due_at, "what the leader's resident was told is not taken back"


def test_a_first_contact_while_merged_is_not_asked_for_again(house: House) -> None:
    _leader, follower = merged(house)
    services.contact_resident(
        actor=house.actor("clerk"), case_id=follower.pk, text="已告知", at=NOW + 2 * HOUR
    )
    unmerge(house, follower, at=NOW + 3 * HOUR)
    assert "first_contact" not in {kind for kind, *_ in open_clocks(follower)}


def test_what_ran_out_meanwhile_rings_after_it_is_parted(house: House) -> None:
    _leader, follower = merged(house)
    unmerge(house, follower, at=NOW + 20 * DAY)
    services.sweep(at=NOW + 20 * DAY)
    late = follower.events.filter(type=EventType.OVERDUE).values_list("data__clock", flat=True)
    assert {"promise", "first_contact"} <= set(late)


def test_what_rang_already_does_not_ring_again_on_the_leader(house: House) -> None:
    follower = follower_of(house)
    services.sweep(at=NOW + 6 * DAY)
    follower.refresh_from_db()
    assert follower.alarms_done >= 2
    leader = leader_of(house, at=NOW + 6 * DAY)
    services.merge(
        actor=house.actor("clerk"), case_id=follower.pk, other=leader.reference, reason="同", at=NOW + 6 * DAY
    )
    services.sweep(at=NOW + 6 * DAY + HOUR)
    assert not leader.events.filter(type=EventType.OVERDUE).exists()


def test_while_merged_only_what_concerns_its_resident_is_done(house: House) -> None:
    leader, follower = merged(house)
    clerk = house.actor("clerk")
    for act in (
        lambda: services.resolve(actor=clerk, case_id=follower.pk, answer="好", at=NOW + DAY),
        lambda: services.start(actor=clerk, case_id=follower.pk, at=NOW + DAY),
        lambda: services.merge(
            actor=clerk, case_id=follower.pk, other=leader.reference, reason="x", at=NOW + DAY
        ),
        lambda: services.refer(
            actor=clerk, case_id=follower.pk, to_unit_id=house.street.pk, reason="x", at=NOW + DAY
        ),
    ):
        with pytest.raises(rules.WrongState):
            act()
    services.add_note(actor=clerk, case_id=follower.pk, text="又来电话", at=NOW + DAY)
    services.withdraw(actor=clerk, case_id=follower.pk, reason="不用了", at=NOW + DAY)


def test_what_cannot_be_merged_is_refused_with_a_reason(house: House) -> None:
    clerk, leader, follower = house.actor("clerk"), leader_of(house), follower_of(house)

    def merge(
        case: Case = follower, other: str = leader.reference, reason: str = "同", **more: object
    ) -> None:
        services.merge(**{"actor": clerk, "case_id": case.pk, "other": other, "reason": reason,
                          "at": NOW + HOUR, **more})  # fmt: skip

    for given in ({"other": "XD-2026-999999"}, {"other": ""}, {"other": follower.reference}, {"reason": " "}):
        with pytest.raises(Invalid):
            merge(**given)
    with pytest.raises(Stale):
        merge(seen=1)
    elsewhere = house.case(by="stranger", unit_id=house.other.pk, first_handler_id=house.id("stranger"))
    with pytest.raises(Invalid):
        merge(other=elsewhere.reference)  # hidden equals missing
    with pytest.raises(NotAllowed):
        merge(actor=house.actor("inspector"))
    with pytest.raises(NotFound):
        merge(actor=house.actor("stranger"))
    third = leader_of(house)
    merge(case=third)
    with pytest.raises(Invalid):
        merge(other=third.reference)  # it follows itself
    with pytest.raises(rules.WrongState):
        merge(case=leader, other=follower.reference)  # it leads
    services.resolve(actor=clerk, case_id=leader.pk, answer="好", at=NOW + HOUR)
    with pytest.raises(Invalid):
        merge()


def test_a_complaint_is_merged_only_with_one_about_the_same_colleague(house: House) -> None:
    about = {"kind": "complaint", "about_user_id": house.id("clerk2")}
    plain, against = leader_of(house), follower_of(house, **about)
    for case, other in ((against, plain), (plain, against)):
        with pytest.raises(Invalid):
            services.merge(
                actor=house.actor("secretary"), case_id=case.pk, other=other.reference, reason="同", at=NOW
            )
    again = follower_of(house, **about)
    services.merge(
        actor=house.actor("secretary"), case_id=again.pk, other=against.reference, reason="同", at=NOW
    )


def test_what_stands_still_or_waits_elsewhere_is_not_merged(house: House) -> None:
    clerk, leader = house.actor("clerk"), leader_of(house)
    paused, offered = follower_of(house), follower_of(house)
    until = (NOW + 9 * DAY).date()
    services.pause(actor=clerk, case_id=paused.pk, reason="appraisal", text="鉴定", until=until, at=NOW)
    services.refer(actor=clerk, case_id=offered.pk, to_unit_id=house.street.pk, reason="r", at=NOW)
    for case in (paused, offered):
        with pytest.raises(rules.WrongState):
            services.merge(
                actor=house.actor("coordinator"), case_id=case.pk, other=leader.reference, reason="同", at=NOW
            )


def test_who_leads_is_a_link_only_for_who_may_see_it(house: House) -> None:
    leader, follower = merged(house)
    page = selectors.case_page(actor=house.actor("clerk"), reference=follower.reference, now=NOW)
    assert [(t.role, t.reference) for t in page.ties] == [("leader", leader.reference)]
    page = selectors.case_page(actor=house.actor("clerk"), reference=leader.reference, now=NOW)
    assert [(t.role, t.reference) for t in page.ties] == [("follower", follower.reference)]
    services.refer(
        actor=house.actor("clerk"), case_id=leader.pk, to_unit_id=house.other.pk, reason="r", at=NOW + DAY
    )
    page = selectors.case_page(actor=house.actor("stranger"), reference=leader.reference, now=NOW)
    assert page.ties == []


def test_the_database_merges_nothing_without_a_record(house: House) -> None:
    leader, follower = leader_of(house), follower_of(house)
    row = Case.objects.filter(pk=follower.pk)
    assert refused(lambda: row.update(merged_into=leader)) == CHECK
    assert refused(lambda: row.update(merged_into=follower)) == CHECK
    services.merge(
        actor=house.actor("clerk"), case_id=follower.pk, other=leader.reference, reason="同", at=NOW
    )
    assert refused(lambda: row.update(merged_into=None)) == CHECK
    made = {"kind": "merged", "case": follower, "other": leader, "reason": "x", "at": NOW,
            "by_id": house.id("clerk")}  # fmt: skip
    assert refused(CaseRelation(**made).save) == UNIQUE
    for wrong in ({"kind": "friend"}, {"other": follower}, {"reason": ""}, {"end_reason": "x"}):
        assert refused(CaseRelation(**{**made, "case": follower, **wrong}).save) in {CHECK, UNIQUE}, wrong
    relation = CaseRelation.objects.filter(case=follower)
    assert refused(lambda: relation.update(reason="anders")) == RESTRICT
    assert refused(lambda: relation._raw_delete(relation.db)) == RESTRICT
    third = leader_of(house)
    CaseRelation.objects.create(**{**made, "case": leader, "other": third})
    assert refused(lambda: Case.objects.filter(pk=leader.pk).update(merged_into=third)) == CHECK
    CaseRelation.objects.create(**{**made, "case": third, "other": follower})
    assert refused(lambda: Case.objects.filter(pk=third.pk).update(merged_into=follower)) == CHECK
    against = follower_of(house, kind="complaint", about_user_id=house.id("clerk2"))
    CaseRelation.objects.create(**{**made, "case": against, "other": third})
    assert refused(lambda: Case.objects.filter(pk=against.pk).update(merged_into=third)) == CHECK
