"""Several units, one lead: asked, answered in part, reminded; who says "not us" says who it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from liangdian.casework import chain, policy, selectors, services, worklists
from liangdian.casework.links import link_path
from liangdian.casework.models import Assist, Case, Clock, Referral, Resolution
from liangdian.casework.policy import Act
from liangdian.casework.rules import WrongState
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.notifications import selectors as bell
from tests.casework.conftest import NOW, House
from tests.casework.test_guards import CHECK, RESTRICT, UNIQUE, refused

LATER = NOW + timedelta(hours=2)


def _ask(house: House, case: Case, unit: str = "section") -> Assist:
    services.ask_assist(
        actor=house.actor("clerk"),
        case_id=case.pk,
        to_unit_id=getattr(house, unit).pk,
        text="请核实户籍",
        at=NOW,
    )
    return case.assists.latest("pk")


def _answer(house: House, case: Case, name: str = "handler") -> Case:
    return services.answer_assist(actor=house.actor(name), case_id=case.pk, text="户籍属实", at=LATER)


def _resolve(house: House, case: Case, **more: object) -> Case:
    return services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="办好了", at=LATER, **more)


def _sign_in(house: House, name: str) -> Client:
    client = Client()
    client.force_login(house.staff[name])
    return client


def test_a_unit_that_helps_sees_that_matter_and_no_other_and_its_answer_goes_to_the_lead(
    house: House,
) -> None:
    case, other = house.case(), house.case()
    handler = house.actor("handler")
    with pytest.raises(NotFound):
        selectors.case_for(actor=handler, reference=case.reference)
    _ask(house, case)
    listed = worklists.page_of(Worklist.HELP, handler, Filters(), now=NOW).rows
    assert [row.reference for row in listed] == [case.reference]
    assert worklists.counts(handler, now=NOW)[Worklist.HELP] == 1
    with pytest.raises(NotFound):
        selectors.case_for(actor=handler, reference=other.reference)
    services.accept_assist(actor=handler, case_id=case.pk, at=NOW)
    _answer(house, case)
    assist = case.assists.get()
    assert (assist.state, assist.accepted_by_id, assist.answered_by_id) == (
        "answered", house.id("handler"), house.id("handler"),
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.unit_id, case.handler_id) == (house.community.pk, house.id("clerk"))
    assert bell.unread_count(house.actor("clerk")) >= 2
    assert not Clock.objects.filter(kind="assist", ended_at__isnull=True).exists()
    assert list(chain.verify()) == []


def test_the_resident_reads_a_partial_answer_only_when_the_lead_passes_it_on(house: House) -> None:
    case = house.case()
    assist = _ask(house, case)
    _answer(house, case)
    page = Client().get(link_path(case.reference)).content.decode()
    assert "户籍属实" not in page and "请核实户籍" not in page
    with pytest.raises(NotAllowed):
        services.use_assist(actor=house.actor("handler"), case_id=case.pk, assist_id=assist.pk, at=LATER)
    services.use_assist(actor=house.actor("clerk"), case_id=case.pk, assist_id=assist.pk, at=LATER)
    page = Client().get(link_path(case.reference)).content.decode()
    assert "户籍属实" in page and "请核实户籍" not in page
    with pytest.raises(WrongState):
        services.use_assist(actor=house.actor("clerk"), case_id=case.pk, assist_id=assist.pk, at=LATER)


def test_nobody_answers_for_the_unit_that_helps(house: House) -> None:
    case = house.case()
    assist = _ask(house, case)
    for name in ("clerk", "secretary", "stranger", "inspector"):
        with pytest.raises((NotAllowed, NotFound)):
            _answer(house, case, name)
        sent = _sign_in(house, name).post(
            f"/cases/{case.reference}/answer_assist/", {"text": "属实", "seen": case.last_seq + 1}
        )
        assert sent.status_code in {403, 404}
    Case.objects.filter(pk=case.pk).update(handler=house.id("coordinator"))
    with pytest.raises(NotAllowed):
        _answer(house, case, "coordinator")
    row = Assist.objects.filter(pk=assist.pk)
    whole = {
        "state": "answered",
        "answer": "属实",
        "answered_by": house.id("coordinator"),
        "answered_at": NOW,
    }
    assert refused(lambda: row.update(**whole)) == CHECK


def test_a_complaint_is_not_helped_with_by_whom_it_is_about(house: House) -> None:
    case = house.case(kind="complaint", item_version_id=None, about_user_id=house.id("handler"))
    _ask(house, case)
    with pytest.raises(NotFound):
        _answer(house, case)
    assert not Case.objects.filter(policy.visible_to(house.actor("handler"))).exists()


def test_the_lead_answers_without_the_help_only_when_he_says_why(house: House) -> None:
    case = house.case()
    _ask(house, case)
    with pytest.raises(Invalid) as told:
        _resolve(house, case)
    assert told.value.field == "without_help"
    with pytest.raises(WrongState):
        services.end_matter(actor=house.actor("clerk"), case_id=case.pk, reason="不办了", at=LATER)
    case.refresh_from_db()
    client = _sign_in(house, "clerk")
    sent = client.post(f"/cases/{case.reference}/resolve/", {"answer": "办好了", "seen": case.last_seq})
    assert sent.status_code == 422 and "办好了" in sent.content.decode()
    whole = {
        "case": case, "round": 1, "promise": case.promises.get(), "answer": "好", "at": NOW, "kept": True,
    }  # fmt: skip
    assert refused(lambda: Resolution.objects.create(**whole)) == CHECK
    _resolve(house, case, without_help="材料已齐，不必再核实")
    assert case.assists.get().withdrawn_why == "材料已齐，不必再核实"
    page = Client().get(link_path(case.reference)).content.decode()
    assert "不必再核实" not in page


def test_a_reminder_by_hand_comes_once_a_day_and_the_clock_reminds_by_itself(house: House) -> None:
    case = house.case()
    assist = _ask(house, case)

    def remind(hours: int) -> Case:
        return services.remind_assist(
            actor=house.actor("clerk"), case_id=case.pk, assist_id=assist.pk, text="请尽快",
            at=NOW + timedelta(hours=hours),
        )  # fmt: skip

    remind(1)
    with pytest.raises(WrongState):
        remind(24)
    row = Assist.objects.filter(pk=assist.pk)
    soon = {"reminders": 2, "reminded_at": NOW + timedelta(hours=20)}
    assert refused(lambda: row.update(**soon)) == CHECK
    remind(25)
    assert assist.due_at.date().isoformat() == "2026-09-22"
    for _ in range(12):
        services.sweep(at=NOW + timedelta(days=4 * (_ + 1)))
    assist.refresh_from_db()
    late = case.events.filter(type="overdue", data__clock="assist")
    assert assist.overdue == late.count() == 3
    assert not late.filter(public=True).exists()


def test_asked_once_at_a_time_and_only_of_another_unit(house: House) -> None:
    case = house.case()
    for unit in ("community", "section", "section"):
        if unit == "section" and not case.assists.exists():
            _ask(house, case, unit)
            continue
        with pytest.raises(Invalid):
            _ask(house, case, unit)
    with pytest.raises(NotFound):
        services.ask_assist(actor=house.actor("clerk"), case_id=case.pk, to_unit_id=10**9, text="请", at=NOW)
    own = {"unit": house.community, "text": "请", "due_at": LATER, "asked_by_id": house.id("clerk")}
    assert refused(lambda: case.assists.create(asked_at=NOW, **own)) == CHECK
    again = {**own, "unit": house.section}
    assert refused(lambda: case.assists.create(asked_at=NOW, **again)) == UNIQUE
    row = Assist.objects.filter(case=case)
    assert refused(lambda: row.update(text="别的")) == RESTRICT
    assert refused(row.delete) == RESTRICT
    _ask(house, case, "other")
    assert case.assists.count() == 2


def test_withdrawn_the_unit_sees_the_matter_no_more(house: House) -> None:
    case = house.case()
    assist = _ask(house, case)
    services.withdraw_assist(
        actor=house.actor("clerk"), case_id=case.pk, assist_id=assist.pk, reason="已找到", at=LATER
    )
    with pytest.raises(NotFound):
        selectors.case_for(actor=house.actor("handler"), reference=case.reference)
    assert bell.unread_count(house.actor("handler")) == 0  # nobody is in charge of the section but the street
    assert bell.unread_count(house.actor("coordinator")) >= 2


def test_the_matter_over_or_led_by_the_unit_itself_the_help_is_over(house: House) -> None:
    over, led = house.case(), house.case()
    for case in (over, led):
        _ask(house, case)
    services.withdraw(actor=house.actor("clerk"), case_id=over.pk, reason="不办了", at=LATER)
    services.refer(
        actor=house.actor("clerk"), case_id=led.pk, to_unit_id=house.section.pk, reason="请办", at=LATER
    )
    assert set(Assist.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert list(chain.verify()) == []


def _refer(house: House, case: Case, unit: str = "section") -> None:
    services.refer(
        actor=house.actor("clerk"), case_id=case.pk, to_unit_id=getattr(house, unit).pk, reason="请办", at=NOW
    )


def _not_us(house: House, case: Case, name: str = "handler", **changes: object) -> Case:
    given: dict[str, object] = {
        "why": "not_responsible", "reason": "不归我们", "responsible_unit_id": house.other.pk,
        "ground": "三定方案第五条", **changes,
    }  # fmt: skip
    return services.return_referral(actor=house.actor(name), case_id=case.pk, at=LATER, **given)


def test_not_us_names_who_it_is_and_on_what_ground(house: House) -> None:
    case = house.case()
    _refer(house, case)
    for changes in (
        {"responsible_unit_id": None}, {"ground": " "}, {"responsible_unit_id": house.section.pk},
        {"why": ""}, {"why": "nonsense"}, {"reason": ""},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            _not_us(house, case, **changes)
    case.refresh_from_db()
    client = _sign_in(house, "handler")
    form = {"why": "not_responsible", "reason": "不归我们", "seen": case.last_seq}
    assert client.post(f"/cases/{case.reference}/return/", form).status_code == 422
    row = Referral.objects.filter(case=case)
    back = {"state": "returned", "return_reason": "不归我们"}
    assert refused(lambda: row.update(**back)) == CHECK
    assert refused(lambda: row.update(return_why="not_responsible", **back)) == CHECK
    assert refused(lambda: row.update(responsible=house.section)) == CHECK
    _not_us(house, case)
    assert row.get().responsible == house.other


def test_the_first_handler_refers_it_to_the_one_named_with_one_press(house: House) -> None:
    case = house.case()
    _refer(house, case)
    _not_us(house, case)
    case.refresh_from_db()
    client = _sign_in(house, "clerk")
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert house.other.label in page and "三定方案第五条" in page
    assert f'name="to_unit" value="{house.other.pk}"' in page
    form = {"to_unit": house.other.pk, "reason": "三定方案第五条", "seen": case.last_seq}
    assert client.post(f"/cases/{case.reference}/refer/", form).status_code == 302
    case.refresh_from_db()
    assert (case.unit_id, case.returned) == (house.other.pk, False)


def test_a_body_outside_the_centre_is_named_in_words(house: House) -> None:
    case = house.case()
    _refer(house, case)
    _not_us(house, case, responsible_unit_id=None, responsible_body="市自来水公司")
    page = selectors.case_page(actor=house.actor("clerk"), reference=case.reference, now=LATER)
    assert page.responsible is not None
    assert (page.responsible.unit_id, page.responsible.name) == (None, "市自来水公司")


def test_sent_round_three_times_it_goes_up_to_the_coordinator(house: House) -> None:
    case = house.case()
    for number in range(3):
        case.refresh_from_db()
        assert (case.unit_id, case.level) == (house.community.pk, 0), number
        _refer(house, case)
        _not_us(house, case)
    case.refresh_from_db()
    assert (case.unit_id, case.level, case.handler_id) == (house.street.pk, 1, None)
    kinds = [notice.kind for notice in bell.latest(house.actor("coordinator"))]
    assert "escalated" in kinds
    page = selectors.case_page(actor=house.actor("coordinator"), reference=case.reference, now=LATER)
    assert {Act.START, Act.REFER} <= page.acts


def test_incomplete_is_no_quarrel_about_who_is_responsible(house: House) -> None:
    case = house.case()
    for _ in range(4):
        _refer(house, case)
        services.return_referral(
            actor=house.actor("handler"), case_id=case.pk, why="unclear", reason="缺照片", at=LATER
        )
    case.refresh_from_db()
    assert (case.unit_id, case.level) == (house.community.pk, 0)
