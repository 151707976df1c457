"""A petition from registration to the end of its re-review, and what the law says at each step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.casework import services as casework
from liangdian.casework.models import Case, CaseNotice
from liangdian.casework.rules import WrongState
from liangdian.desks.petitions import services
from liangdian.desks.petitions.models import Extension, Petition, Recusal, Transfer
from liangdian.foundation.refused import Invalid, NotAllowed
from tests.casework.conftest import NOW
from tests.desks.petitions.conftest import Office

DAY = timedelta(days=1)


def _due(case: Case) -> str:
    return Case.objects.get(pk=case.pk).promises.latest("seq").due_day.isoformat()


def test_art_22_and_23_the_notice_is_due_within_15_days(office: Office) -> None:
    case = office.petition()
    # Registered on 18 September; the 3rd of October lies in the holidays, so the next working day.
    assert _due(case) == "2026-10-08"
    assert not Petition.objects.get(pk=case.pk).unclear


def test_art_34_the_answer_is_due_60_days_after_acceptance(office: Office) -> None:
    case = office.petition()
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW + 3 * DAY)
    promise = case.promises.latest("seq")
    assert promise.due_day.isoformat() == "2026-11-20"
    assert promise.rule_code == "petitions.answer"
    assert CaseNotice.objects.get(case=case).kind == "petitions.accepted"


def test_art_23_no_notice_when_name_or_address_is_unclear(office: Office) -> None:
    case = office.petition(resident_name="", phone="", address="", unclear=True)
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW)
    assert not CaseNotice.objects.filter(case=case).exists()
    with pytest.raises(Invalid) as refused:
        office.petition(resident_name="", phone="", address="")
    assert refused.value.field == "resident_name"


def test_art_19_what_was_said_is_read_back_and_confirmed(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.petition(read_back=False)
    assert refused.value.field == "read_back"
    assert not Case.objects.filter(kind="petition").exists()


def test_art_20_a_group_has_at_most_five_representatives(office: Office) -> None:
    six = tuple((f"代表{n}", "") for n in range(6))
    with pytest.raises(Invalid) as refused:
        office.petition(people=30, representatives=six)
    assert refused.value.field == "representatives"
    with pytest.raises(Invalid):
        office.petition(people=30)
    case = office.petition(people=30, representatives=six[:5])
    rows = Petition.objects.get(pk=case.pk).representatives.all()
    assert len(rows) == 5
    assert "代表" not in "".join(row.name_sealed for row in rows)


def test_art_31_a_request_has_a_route_and_the_others_none(office: Office) -> None:
    for changes in ({"route": ""}, {"sort": "suggestion", "route": "opinion"}):
        with pytest.raises(Invalid) as refused:
            office.petition(**changes)
        assert refused.value.field == "route"


def test_simplified_handling_is_accepted_in_3_and_answered_in_10_working_days(office: Office) -> None:
    case = office.petition(simplified=True)
    clock = case.clocks.get(kind="petitions.accept_simply")
    assert clock.due_at.date().isoformat() == "2026-09-22"  # 20 September is a working Sunday
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW)
    assert _due(case) == "2026-10-09"
    assert case.clocks.get(pk=clock.pk).ended_at is not None


def test_art_25_an_urgent_or_major_petition_is_reported_to_the_head_at_once(office: Office) -> None:
    case = office.petition(major=True)
    event = case.events.get(type="petitions.reported")
    assert event.data["heads"] == [office.id("leader")]
    later = office.petition(words="另一件", title="b")
    services.report_now(actor=office.actor("petition_officer"), case_id=later.pk, text="墙要倒了", at=NOW)
    assert later.events.filter(type="petitions.reported").count() == 1


def _transferred(office: Office, at: object = NOW, **changes: object) -> Case:
    case = office.petition()
    given: dict[str, object] = {
        "actor": office.actor("petition_officer"), "case_id": case.pk, "to_unit_id": office.bureau.pk,
        "text": "属贵单位职责", "report_by": None, "at": at,
    }  # fmt: skip
    services.transfer(**{**given, **changes})
    return Case.objects.get(pk=case.pk)


def test_art_23_the_receiver_has_15_days_from_the_transfer(office: Office) -> None:
    case = _transferred(office, NOW + 5 * DAY)
    assert (case.unit_id, case.handler_id, _due(case)) == (office.bureau.pk, None, "2026-10-08")
    services.accept(actor=office.actor("clerk_of_bureau"), case_id=case.pk, at=NOW + 6 * DAY)
    assert office.step(case) == "accepted"
    assert CaseNotice.objects.filter(case=case).values_list("kind", flat=True).first()


def test_art_23_an_objection_comes_within_5_working_days_and_with_a_reason(office: Office) -> None:
    case = _transferred(office)
    receiver = office.actor("clerk_of_bureau")
    with pytest.raises(Invalid):
        services.object_to_transfer(actor=receiver, case_id=case.pk, text=" ", at=NOW)
    late = Transfer.objects.get().object_by + timedelta(seconds=1)
    with pytest.raises(WrongState):
        services.object_to_transfer(actor=receiver, case_id=case.pk, text="不属我单位", at=late)
    services.object_to_transfer(
        actor=receiver, case_id=case.pk, text="不属我单位", at=Transfer.objects.get().object_by
    )
    assert office.step(case) == "objected"


def test_art_23_it_is_returned_only_when_the_sender_agrees(office: Office) -> None:
    sender, receiver = office.actor("petition_officer"), office.actor("clerk_of_bureau")
    case = _transferred(office)
    services.object_to_transfer(actor=receiver, case_id=case.pk, text="不属我单位", at=NOW)
    with pytest.raises(NotAllowed):
        services.decide_objection(actor=receiver, case_id=case.pk, agreed=True, words="退", at=NOW)
    services.decide_objection(actor=sender, case_id=case.pk, agreed=False, words="属你单位", at=NOW)
    case.refresh_from_db()
    assert (office.step(case), case.unit_id) == ("transferred", office.bureau.pk)
    with pytest.raises(WrongState):
        services.object_to_transfer(actor=receiver, case_id=case.pk, text="仍不属", at=NOW)
    other = _transferred(office)
    services.object_to_transfer(actor=receiver, case_id=other.pk, text="不属我单位", at=NOW)
    services.decide_objection(actor=sender, case_id=other.pk, agreed=True, words="同意", at=NOW)
    other.refresh_from_db()
    assert (office.step(other), other.unit_id) == ("registered", office.house.street.pk)


def test_art_19_what_is_pending_above_is_not_accepted_with_the_reason_on_paper(office: Office) -> None:
    case = office.petition()
    officer = office.actor("petition_officer")
    with pytest.raises(Invalid) as refused:
        services.refuse(
            actor=officer, case_id=case.pk, ground="pending_above", where="", text="正在办理", at=NOW
        )
    assert refused.value.field == "where"
    services.refuse(
        actor=officer, case_id=case.pk, ground="pending_above", where="区信访局", text="正在办理", at=NOW
    )
    notice = CaseNotice.objects.get(case=case)
    assert notice.kind == "petitions.not_accepted"
    assert "区信访局" in str(notice.content)
    assert Case.objects.get(pk=case.pk).state == "resolved"


def test_art_34_an_extension_is_approved_by_the_head_and_told(office: Office) -> None:
    case = office.accepted()
    officer, head = office.actor("petition_officer"), office.actor("leader")
    for days in (0, 31):
        with pytest.raises(Invalid):
            services.ask_extension(actor=officer, case_id=case.pk, days=days, reason="案情复杂", at=NOW)
    services.ask_extension(actor=officer, case_id=case.pk, days=30, reason="案情复杂", at=NOW + 50 * DAY)
    with pytest.raises(WrongState):
        services.ask_extension(actor=officer, case_id=case.pk, days=5, reason="再次", at=NOW + 50 * DAY)
    with pytest.raises(NotAllowed):
        services.decide_extension(
            actor=office.actor("officer2"), case_id=case.pk, approved=True, words="同意", at=NOW + 50 * DAY
        )
    services.decide_extension(actor=head, case_id=case.pk, approved=True, words="同意", at=NOW + 51 * DAY)
    assert _due(case) == "2026-12-17"  # 90 days after acceptance
    notice = CaseNotice.objects.get(case=case, kind="petitions.extended")
    assert "案情复杂" in str(notice.content)


def test_art_34_only_written_opinions_are_extended(office: Office) -> None:
    officer = office.actor("petition_officer")
    for changes in ({"sort": "suggestion", "route": ""}, {"route": "arbitration"}, {"simplified": True}):
        case = office.accepted(**changes)
        with pytest.raises(WrongState):
            services.ask_extension(actor=officer, case_id=case.pk, days=5, reason="忙", at=NOW)
    assert not Extension.objects.exists()


def test_art_32_an_opinion_has_four_parts_and_an_outcome(office: Office) -> None:
    case = office.accepted()
    whole = {
        "request": "疏通", "facts": "属实", "opinion": "疏通", "basis": "条例", "outcome": "supported",
        "settled": "lane",
    }  # fmt: skip
    for field in whole:
        with pytest.raises(Invalid) as refused:
            services.give_opinion(
                actor=office.actor("petition_officer"), case_id=case.pk, at=NOW, **{**whole, field: ""}
            )
        assert refused.value.field == field
    services.give_opinion(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW, **whole)
    notice = CaseNotice.objects.get(case=case, kind="petitions.opinion")
    assert {"属实", "条例"} <= {value for _name, value in notice.content["rows"]}
    assert Petition.objects.get(pk=case.pk).review_until.isoformat() == "2026-10-19"


def test_art_29_to_31_what_needs_no_opinion_gets_a_reply(office: Office) -> None:
    officer = office.actor("petition_officer")
    case = office.accepted(sort="suggestion", route="")
    with pytest.raises(WrongState):
        office.opinion(case, at=NOW)
    services.reply(actor=officer, case_id=case.pk, answer="采纳", settled="community", at=NOW)
    assert office.step(case) == "replied"
    request = office.accepted(words="另一件")
    with pytest.raises(WrongState):
        services.reply(actor=officer, case_id=request.pk, answer="答复", settled="lane", at=NOW)


def _reviewed(office: Office, case: Case, *, by: str = "petition_officer", at: object = NOW) -> Case:
    return services.ask_review(
        actor=office.actor(by), case_id=case.pk, words="不同意处理意见", to_unit_id=office.house.street.pk,
        at=at,
    )  # fmt: skip


def test_art_35_a_review_is_asked_within_30_days_and_answered_within_30(office: Office) -> None:
    case = office.answered()
    last = Petition.objects.get(pk=case.pk).review_until
    assert last.isoformat() == "2026-10-19"
    with pytest.raises(WrongState):
        _reviewed(office, case, at=NOW + 32 * DAY)
    review = _reviewed(office, case, at=NOW + 30 * DAY)
    assert _due(review) == "2026-11-17"
    assert office.step(case) == "review_asked"
    with pytest.raises(WrongState):
        _reviewed(office, case, at=NOW + 30 * DAY)


def test_art_46_whoever_handled_it_does_not_review_it(office: Office) -> None:
    review = _reviewed(office, office.answered())
    with pytest.raises(NotAllowed):
        office.opinion(review, at=NOW)
    with pytest.raises(Invalid):
        services.assign(
            actor=office.actor("officer2"), case_id=review.pk, to_user_id=office.id("petition_officer"),
            text="复查", free=True, at=NOW,
        )  # fmt: skip
    office.opinion(review, at=NOW, by="officer2")
    assert office.step(review) == "opinion"


def _in_rereview(office: Office) -> Case:
    review = _reviewed(office, office.answered())
    office.opinion(review, at=NOW, by="officer2")
    return _reviewed(office, review, by="officer3")


def test_art_36_the_rereview_is_the_last_and_the_same_facts_are_not_accepted_again(office: Office) -> None:
    again = _in_rereview(office)
    office.opinion(again, at=NOW, by="coordinator")
    assert office.step(again) == "final"
    with pytest.raises(WrongState):
        _reviewed(office, again)
    repeated = office.petition(words="还是那件事", title="同一件事")
    officer = office.actor("petition_officer")
    assert Petition.objects.get(pk=repeated.pk).found == "repeated"
    with pytest.raises(WrongState):
        services.accept(actor=officer, case_id=repeated.pk, at=NOW)
    services.refuse(actor=officer, case_id=repeated.pk, ground="final", where="", text="已经复核终结", at=NOW)
    fresh = office.petition(words="有新的事实", title="新事实")
    services.decide_label(actor=officer, case_id=fresh.pk, label="first", earlier="", at=NOW)
    services.accept(actor=officer, case_id=fresh.pk, at=NOW)
    assert office.step(fresh) == "accepted"


def test_art_36_the_time_of_a_hearing_is_not_counted(office: Office) -> None:
    again = _in_rereview(office)
    by = office.actor("coordinator")
    before = _due(again)
    services.open_hearing(
        actor=by, case_id=again.pk, text="9月25日听证", until=(NOW + 7 * DAY).date(), at=NOW + DAY
    )
    with pytest.raises(WrongState):
        office.opinion(again, at=NOW + 2 * DAY, by="coordinator")
    services.close_hearing(actor=by, case_id=again.pk, text="听证结束", at=NOW + 6 * DAY)
    assert _due(again) > before
    office.opinion(again, at=NOW + 7 * DAY, by="coordinator")


def test_only_a_rereview_has_a_hearing(office: Office) -> None:
    case = office.accepted()
    with pytest.raises(WrongState):
        services.open_hearing(
            actor=office.actor("petition_officer"), case_id=case.pk, text="x", until=NOW.date(), at=NOW
        )


def test_first_or_repeated_is_found_and_decided_by_the_officer(office: Office) -> None:
    first, second = office.petition(), office.petition(words="又来")
    found = Petition.objects.get(pk=second.pk)
    assert (found.found, found.earlier_id, found.label) == ("repeated", first.pk, "")
    officer = office.actor("petition_officer")
    with pytest.raises(Invalid):
        services.decide_label(actor=officer, case_id=second.pk, label="repeated", earlier="X-1", at=NOW)
    services.decide_label(actor=officer, case_id=second.pk, label="repeated", earlier=first.reference, at=NOW)
    assert Petition.objects.get(pk=second.pk).label == "repeated"


def test_a_second_press_registers_nothing_twice(office: Office) -> None:
    first = office.petition(submission_key="k")
    assert office.petition(submission_key="k").pk == first.pk
    assert Petition.objects.count() == 1


def test_a_bad_rating_is_explained_and_the_opinion_stands(office: Office) -> None:
    case = office.answered()
    casework.record_call_back(
        actor=office.actor("coordinator"), case_id=case.pk, grade="1", comment="不满意", at=NOW
    )
    case.refresh_from_db()
    assert (case.state, office.step(case)) == ("handling", "opinion")
    casework.choose_repair(
        actor=office.actor("coordinator"), case_id=case.pk, way="explain", text="说明", until=None, at=NOW
    )
    services.explain(actor=office.actor("petition_officer"), case_id=case.pk, answer="再次说明", at=NOW)
    case.refresh_from_db()
    assert (case.state, office.step(case)) == ("resolved", "opinion")


def test_who_keeps_away_hands_it_back_and_cannot_do_anything(office: Office) -> None:
    case = office.accepted()
    officer = office.actor("officer2")
    services.recuse(actor=officer, case_id=case.pk, user_id=None, ground="other", text="邻居", at=NOW)
    assert Recusal.objects.get().user_id == officer.user_id
    for call in (
        lambda: office.opinion(case, at=NOW, by="officer2"),
        lambda: services.ask_extension(actor=officer, case_id=case.pk, days=3, reason="x", at=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    with pytest.raises(Invalid):
        services.assign(
            actor=office.actor("petition_officer"), case_id=case.pk, to_user_id=officer.user_id, text="办",
            free=True, at=NOW,
        )  # fmt: skip


def test_assigning_asks_for_relatives_and_interests_first(office: Office) -> None:
    case = office.accepted()
    with pytest.raises(Invalid) as refused:
        services.assign(
            actor=office.actor("petition_officer"), case_id=case.pk, to_user_id=office.id("officer2"),
            text="办", free=False, at=NOW,
        )  # fmt: skip
    assert refused.value.field == "free"
