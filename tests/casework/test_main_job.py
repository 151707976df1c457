"""The main job, verb by verb: registered, promised, referred, answered, rated, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.casework import chain, rules, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case, Event, Promise
from liangdian.casework.states import Ending, State
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Stale
from tests.casework.conftest import NOW, House


def test_a_registered_matter_has_a_first_handler_a_number_and_a_dated_promise(house: House) -> None:
    case = house.case()
    promise = case.promises.get()
    assert case.reference == "XD-2026-000001"
    assert case.first_handler_id == house.id("clerk")
    # Five working days from Friday 18 September: the 20th works, the 25th to 27th rest (rules §9).
    assert promise.due_day.isoformat() == "2026-09-24"
    assert case.due_at == promise.due_at
    assert NOW < case.next_due_at < promise.due_at


def test_the_whole_way_to_satisfied(house: House) -> None:
    case = house.case()
    clerk, coordinator = house.actor("clerk"), house.actor("coordinator")
    at = NOW
    services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.street.pk, reason="请街道核对", at=at)
    services.return_referral(actor=coordinator, case_id=case.pk, why="unclear", reason="缺近期照片", at=at)
    case.refresh_from_db()
    assert (case.handler_id, case.unit_id, case.returned) == (house.id("clerk"), house.community.pk, True)
    services.refer(actor=clerk, case_id=case.pk, to_unit_id=house.street.pk, reason="照片已补", at=at)
    services.accept_referral(actor=coordinator, case_id=case.pk, at=at)
    services.resolve(actor=coordinator, case_id=case.pk, answer="优待证已办好。", at=at)
    case = services.rate_by_link(token=rating_token(case.reference, 1), grade="2", comment="没收到", at=at)
    assert (case.state, case.round, case.level, case.first_handler_id) == (
        State.HANDLING, 2, 1, house.id("clerk"),
    )  # fmt: skip
    assert case.promises.count() == 2
    services.start(actor=coordinator, case_id=case.pk, at=at)
    house.put_right(case, by="coordinator", at=at)
    services.resolve(actor=coordinator, case_id=case.pk, answer="已送到家中。", at=at)
    case = services.rate_by_link(token=rating_token(case.reference, 2), grade="4", comment="", at=at)
    assert (case.state, case.ending) == (State.CLOSED, Ending.SATISFIED)
    assert list(chain.verify()) == []


def test_silence_closes_as_not_rated_never_as_satisfied(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="已办好。", at=NOW)
    services.sweep(at=NOW + timedelta(days=2))
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    services.sweep(at=NOW + timedelta(days=20))
    case.refresh_from_db()
    assert (case.state, case.ending) == (State.CLOSED, Ending.NOT_RATED)


def test_a_second_press_of_the_button_registers_nothing(house: House) -> None:
    first = house.case(submission_key="k1")
    again = house.case(submission_key="k1")
    assert first.pk == again.pk
    assert Case.objects.count() == 1


def test_a_stale_form_is_refused_and_changes_nothing(house: House) -> None:
    case = house.case()
    seen = case.last_seq
    services.add_note(actor=house.actor("clerk2"), case_id=case.pk, text="已打电话", at=NOW)
    with pytest.raises(Stale):
        services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW, seen=seen)
    case.refresh_from_db()
    assert case.state == State.RECEIVED


def test_a_stranger_does_not_even_learn_that_the_matter_exists(house: House) -> None:
    case = house.case()
    with pytest.raises(NotFound):
        services.add_note(actor=house.actor("stranger"), case_id=case.pk, text="看看", at=NOW)


def test_nobody_records_the_rating_of_his_own_work(house: House) -> None:
    case = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好了", at=NOW)
    with pytest.raises(NotAllowed):
        services.record_call_back(actor=house.actor("clerk"), case_id=case.pk, grade="5", comment="", at=NOW)
    case = services.record_call_back(
        actor=house.actor("clerk2"), case_id=case.pk, grade="5", comment="", at=NOW
    )
    assert case.state == State.CLOSED


def test_nobody_registers_handles_or_sees_a_complaint_about_himself(house: House) -> None:
    about = {"kind": "complaint", "item_version_id": None, "about_user_id": house.id("clerk")}
    with pytest.raises(NotAllowed):
        house.case(**about)
    case = house.case(by="clerk2", first_handler_id=house.id("clerk2"), **about)
    with pytest.raises(NotFound):
        services.add_note(actor=house.actor("clerk"), case_id=case.pk, text="?", at=NOW)
    with pytest.raises(NotAllowed):
        services.transfer(
            actor=house.actor("clerk2"), case_id=case.pk, to_user_id=house.id("clerk"), reason="请办", at=NOW
        )


def test_the_clock_warns_then_says_overdue_and_tells_the_superior_once(house: House) -> None:
    case = house.case()
    for day in range(1, 40):
        services.sweep(at=NOW + timedelta(days=day))
        services.sweep(at=NOW + timedelta(days=day))
    types = list(Event.objects.filter(case=case).order_by("seq").values_list("type", flat=True))
    assert types == [
        "registered",
        "promised",
        "accepted",
        "warned",
        "overdue",
        "escalated",
        "overdue",
        "escalated",
    ]
    assert list(chain.verify()) == []


def test_escalation_where_nobody_stands_above_is_visible(house: House) -> None:
    case = house.case(by="coordinator", unit_id=house.street.pk, first_handler_id=house.id("coordinator"))
    case = services.escalate(actor=house.actor("coordinator"), case_id=case.pk, reason="要市里协调", at=NOW)
    assert case.no_superior
    assert case.unit_id == house.street.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "\x00 "}, "words"),
        ({"words": "长" * 20_001}, "words"),
        ({"resident_name": "名" * 5_000}, "resident_name"),
        ({"identity": "11010519491231002A"}, "identity"),
        ({"identity": "110105194902310021"}, "identity"),
        ({"phone": "12"}, "phone"),
        ({"item_version_id": None}, "item"),
        ({"kind": "nonsense"}, "kind"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_half_saved(
    house: House, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        house.case(**changes)
    assert refused.value.field == field
    assert Case.objects.count() == Event.objects.count() == Promise.objects.count() == 0


def test_emoji_and_a_hundred_character_name_are_welcome(house: House) -> None:
    case = house.case(words="谢谢🙏", resident_name="阿" * 100)
    assert case.detail.words == "谢谢🙏"
    assert business_date(case.registered_at).isoformat() == "2026-09-18"
    assert rules.promise_rule_code(kind="help", urgent=True) == "promise.urgent"
