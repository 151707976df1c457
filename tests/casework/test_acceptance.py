"""From receipt to acceptance: the one-time list, deemed acceptance, papers to follow, refusal (Art. 32)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from liangdian.casework import chain, services
from liangdian.casework.links import rating_token
from liangdian.casework.models import Case, CaseNotice, CorrectionList, Resolution, Shortfall
from liangdian.casework.rules import WrongState
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.catalogue import services as catalogue
from tests.casework.conftest import NOW, House

DAY = timedelta(days=1)


def received(house: House, **changes: object) -> Case:
    return house.case(documents_complete=False, **changes)


@pytest.fixture
def item_with_papers(house: House) -> int:
    """An item with a published list: one paper is required, one can come later."""
    content = catalogue.Content(
        name="高龄津贴", promised=Limit(5, LimitUnit.WORKING_DAYS), legal=Limit(20, LimitUnit.WORKING_DAYS),
        documents=(
            catalogue.Document(name="身份证", necessity="required"),
            catalogue.Document(name="一寸照片", necessity="minor"),
        ),
    )  # fmt: skip
    return catalogue.publish_version(
        actor=SYSTEM,
        code="MZ-002",
        category=catalogue.category(code="MZ", name="民政"),
        content=content,
        at=NOW,
    ).pk


def admit(house: House, case: Case, **given: object) -> Case:
    return services.admit(**{"actor": house.actor("clerk"), "case_id": case.pk, "at": NOW, **given})


def ask(house: House, case: Case, **given: object) -> Case:
    asked = {"actor": house.actor("clerk"), "case_id": case.pk, "at": NOW, "papers": ["照片"]}
    return services.ask_papers(**{**asked, **given})


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return list(CaseNotice.objects.filter(case=case).order_by("event_seq").values_list("kind", flat=True))


def test_art_32_five_working_days_without_a_word_make_it_accepted_from_the_day_of_receipt(
    house: House,
) -> None:
    case = received(house)
    promised = case.due_at
    # Friday the 18th; the 20th is a make-up working day: the fifth working day is Thursday the 24th.
    clock = case.clocks.get(kind="acceptance")
    assert business_date(clock.due_at) == date(2026, 9, 24)
    services.sweep(at=clock.due_at - timedelta(seconds=1))
    assert fresh(case).stage == "received"
    services.sweep(at=clock.due_at)
    services.sweep(at=clock.due_at + DAY)
    case = fresh(case)
    assert (case.stage, case.due_at) == ("accepted", promised)
    event = case.events.get(type="accepted")
    assert event.data == {"by": "deemed", "day": "2026-09-18"}
    assert event.actor_id is None
    assert kinds(case) == ["accepted"]
    # Too late for a list of missing papers.
    with pytest.raises(WrongState):
        ask(house, case, at=clock.due_at + DAY)
    assert list(chain.verify()) == []


def test_a_matter_accepted_in_time_keeps_the_promise_that_counts_from_receipt(house: House) -> None:
    case = received(house)
    promised = case.due_at
    admit(house, case, at=NOW + 3 * DAY)
    case = fresh(case)
    assert (case.stage, case.state, case.due_at) == ("accepted", "handling", promised)
    assert not case.clocks.filter(kind="acceptance", ended_at__isnull=True).exists()
    services.sweep(at=NOW + 30 * DAY)
    assert case.events.filter(type="accepted").count() == 1


def test_art_32_the_list_of_missing_papers_is_given_once_and_stops_the_promise(house: House) -> None:
    case = ask(house, received(house), papers=["照片", " 照片 ", "户口簿"], remark="照片太旧了")
    assert (case.state, case.stage, case.paused_at) == ("waiting", "correction", NOW)
    assert CorrectionList.objects.get(case=case).papers == ["照片", "户口簿"]
    assert kinds(case) == ["correction"]
    with pytest.raises(WrongState):
        ask(house, case, papers=["又一样"])
    # No warning and nothing overdue while the resident looks for the papers, however long it takes.
    services.sweep(at=NOW + 60 * DAY)
    types = set(fresh(case).events.values_list("type", flat=True))
    assert "warned" not in types
    assert not case.events.filter(type="overdue", data__clock="promise").exists()
    # When they come, the whole promise counts from that day, and that is told.
    back = NOW + 61 * DAY
    admit(house, case, at=back)
    case = fresh(case)
    assert (case.stage, case.paused_at) == ("accepted", None)
    promise = case.promises.order_by("-seq").first()
    assert (promise.reason, promise.start_at, promise.amount) == ("accepted", back, 5)
    assert business_date(case.due_at) > business_date(back)
    assert kinds(case) == ["correction", "accepted"]
    with pytest.raises(WrongState):
        ask(house, case, at=back)


def test_only_papers_of_the_published_list_may_be_asked_for(house: House, item_with_papers: int) -> None:
    case = received(house, item_version_id=item_with_papers)
    for papers in ([], ["  "], ["无犯罪证明"], ["身份证", "别的"], ["长" * 201], ["纸"] * 0):
        with pytest.raises(Invalid):
            ask(house, case, papers=papers)
    assert fresh(case).stage == "received"
    ask(house, case, papers=["身份证"])


def test_papers_to_follow_need_a_signature_and_never_the_main_ones(
    house: House, item_with_papers: int
) -> None:
    case = received(house, item_version_id=item_with_papers)
    with pytest.raises(Invalid):
        admit(house, case, late_papers=["身份证"], signed=True)
    with pytest.raises(Invalid):
        admit(house, case, late_papers=["一寸照片"])
    assert fresh(case).stage == "received"
    promised = case.due_at
    admit(house, case, late_papers=["一寸照片"], signed=True)
    case = fresh(case)
    assert (case.stage, case.due_at) == ("accepted", promised)
    assert kinds(case) == ["shortfall"]
    services.supply_late_papers(actor=house.actor("clerk"), case_id=case.pk, at=NOW + DAY)
    services.sweep(at=NOW + 3 * DAY)
    assert fresh(case).stage == "accepted"
    with pytest.raises(WrongState):
        services.supply_late_papers(actor=house.actor("clerk"), case_id=case.pk, at=NOW + DAY)


def test_papers_that_do_not_follow_give_the_matter_back(house: House) -> None:
    case = admit(house, received(house), late_papers=["照片"], signed=True)
    due = Shortfall.objects.get(case=case).supply_by
    services.pause(
        actor=house.actor("clerk"), case_id=case.pk, reason="appraisal", text="鉴定",
        until=date(2026, 10, 29), at=NOW,
    )  # fmt: skip
    services.sweep(at=due)
    case = fresh(case)
    assert (case.state, case.stage, case.paused_at) == ("resolved", "returned", None)
    answer = Resolution.objects.get(case=case)
    assert answer.outcome == "returned"
    assert "照片" in answer.answer
    assert kinds(case)[-1] == "completed"
    # The resident has the last word about that too.
    services.sweep(at=due + 30 * DAY)
    assert fresh(case).ending == "not_rated"
    assert list(chain.verify()) == []


@pytest.mark.parametrize(
    ("ground", "where", "text", "stage"),
    [
        ("not_competent", "医保大厅3号窗口", "由医保局办理", "refused"),
        ("not_needed", "", "已自动发放", "not_needed"),
    ],
)
def test_not_accepting_says_why_and_where_to_go(
    house: House, ground: str, where: str, text: str, stage: str
) -> None:
    case = received(house)
    given = {"actor": house.actor("clerk"), "case_id": case.pk, "at": NOW, "seen": None}
    services.refuse(ground=ground, where=where, text=text, **given)
    case = fresh(case)
    assert (case.state, case.stage) == ("resolved", stage)
    assert kinds(case) == ["refused"]
    answer = Resolution.objects.get(case=case).answer
    assert text in answer
    assert where in answer
    # A bad rating brings it back for examination, one level up.
    services.rate_by_link(
        token=rating_token(case.reference, case.round), grade="1", comment="不同意", at=NOW + DAY
    )
    assert fresh(case).stage == "examining"


@pytest.mark.parametrize(
    ("ground", "where", "text"),
    [("not_competent", "", "不归我们"), ("not_competent", "医保局", " "), ("other", "x", "y"), ("", "", "")],
)
def test_a_refusal_without_its_words_is_refused(house: House, ground: str, where: str, text: str) -> None:
    case = received(house)
    with pytest.raises(Invalid):
        services.refuse(
            actor=house.actor("clerk"), case_id=case.pk, ground=ground, where=where, text=text, at=NOW
        )
    assert fresh(case).last_seq == case.last_seq


def test_an_accepted_matter_is_neither_refused_nor_asked_for_papers(house: House) -> None:
    case = house.case()
    given = {"actor": house.actor("clerk"), "case_id": case.pk, "at": NOW}
    for attempt in (
        lambda: services.refuse(ground="not_needed", where="", text="不用", **given),
        lambda: services.ask_papers(papers=["照片"], **given),
        lambda: services.admit(**given),
    ):
        with pytest.raises(WrongState):
            attempt()
    with pytest.raises(NotAllowed):
        services.end_matter(actor=house.actor("inspector"), case_id=case.pk, reason="x", at=NOW)


def test_the_database_refuses_a_second_list_an_unsigned_promise_and_changed_words(house: House) -> None:
    case = ask(house, received(house))
    again = {"case": case, "papers": ["x"], "at": NOW, "supply_by": NOW + DAY, "by_id": house.id("clerk")}
    for attempt in (
        lambda: CorrectionList.objects.bulk_create([CorrectionList(**again)]),
        lambda: CorrectionList.objects.filter(case=case).update(papers=["y"]),
        lambda: CorrectionList.objects.filter(case=case).delete(),
        lambda: Shortfall.objects.create(**again, signed=False),
        lambda: CaseNotice.objects.filter(case=case).update(content={}),
        lambda: CaseNotice.objects.filter(case=case).delete(),
        lambda: case.clocks.update(due_at=NOW + 99 * DAY),
        lambda: case.pauses.update(until=NOW + 99 * DAY),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
