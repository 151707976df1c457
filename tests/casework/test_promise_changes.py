"""What may happen to a promise: a pause, one extension, another kind, a published calendar. Each is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from liangdian.casework import chain, services
from liangdian.casework.models import Case, CaseNotice, Extension
from liangdian.casework.rules import WrongState
from liangdian.casework.services import calendar_year
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.registers.calendar import services as calendar
from liangdian.registers.calendar.kinds import Kind as DayKind
from liangdian.registers.calendar.rules import Departure
from tests.casework.conftest import NOW, House

DAY = timedelta(days=1)


def pause(house: House, case: Case, **given: object) -> Case:
    asked = {
        "actor": house.actor("clerk"), "case_id": case.pk, "reason": "appraisal", "text": "要做伤残鉴定",
        "until": date(2026, 10, 15), "at": NOW,
    }  # fmt: skip
    return services.pause(**{**asked, **given})


def extend(house: House, case: Case, **given: object) -> Case:
    asked = {
        "actor": house.actor("clerk"),
        "case_id": case.pk,
        "amount": 5,
        "reason": "要到外地核实",
        "at": NOW,
    }
    return services.ask_extension(**{**asked, **given})


def decide(house: House, case: Case, **given: object) -> Case:
    asked = {
        "actor": house.actor("secretary"),
        "case_id": case.pk,
        "approved": True,
        "words": "同意",
        "at": NOW,
    }
    return services.decide_extension(**{**asked, **given})


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def due_day(case: Case) -> date:
    return business_date(fresh(case).due_at)


def kinds(case: Case) -> list[str]:
    return list(CaseNotice.objects.filter(case=case).order_by("event_seq").values_list("kind", flat=True))


# --- pause ---------------------------------------------------------------------------------------


def test_art_45_a_pause_stops_the_promise_and_the_rest_goes_on_to_the_minute(house: House) -> None:
    case = house.case()
    assert due_day(case) == date(2026, 9, 24)  # five working days; Sunday the 20th is one
    pause(house, case)
    stopped = fresh(case)
    assert (stopped.stage, stopped.paused_at, stopped.next_due_at) == (
        "special", NOW, case.clocks.get(kind="pause").due_at,
    )  # fmt: skip
    services.sweep(at=NOW + 20 * DAY)
    assert not case.events.filter(type__in=["warned", "overdue"]).exists()
    # Ten o'clock on Friday to ten o'clock on Monday a week later: Sunday 20th, 21–24 and 28th lie between.
    services.resume(
        actor=house.actor("clerk"),
        case_id=case.pk,
        text="鉴定完成",
        at=datetime(2026, 9, 28, 2, 0, tzinfo=UTC),
    )
    case = fresh(case)
    assert (case.stage, case.paused_at) == ("examining", None)
    # The rest: Friday from ten, and five more working days: the 28th from ten, 29, 30, then 8, 9, 10 October.
    assert due_day(case) == date(2026, 10, 10)
    legal = case.promises.order_by("-seq").first().legal_due_day
    assert legal > date(2026, 10, 22)
    assert kinds(case) == ["paused", "resumed"]
    assert list(chain.verify()) == []


def test_a_pause_ends_by_itself_when_its_longest_time_is_over(house: House) -> None:
    case = house.case()
    pause(house, case, until=date(2026, 9, 30))
    services.sweep(at=datetime(2026, 10, 20, 2, 0, tzinfo=UTC))
    case = fresh(case)
    assert case.stage == "examining"
    assert case.pauses.get().ended_at == case.clocks.get(kind="pause").due_at
    promise = case.promises.order_by("-seq").first()
    # Friday from ten and five days were left, counted from the evening of the 30th, however late the sweep.
    assert (promise.reason, business_date(promise.due_at)) == ("resumed", date(2026, 10, 14))


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "holiday"},
        {"reason": ""},
        {"text": "  "},
        {"until": date(2026, 9, 17)},
        {"until": date(2027, 9, 17)},
    ],
)
def test_a_pause_needs_a_reason_words_and_an_end(house: House, given: dict[str, object]) -> None:
    case = house.case()
    with pytest.raises(Invalid):
        pause(house, case, **given)
    assert fresh(case).paused_at is None


def test_what_is_overdue_answered_or_paused_is_not_paused(house: House) -> None:
    late = house.case()
    with pytest.raises(WrongState):
        pause(house, late, at=NOW + 20 * DAY, until=date(2026, 10, 20))
    paused = pause(house, house.case())
    with pytest.raises(WrongState):
        pause(house, paused)
    answered = house.case()
    services.resolve(actor=house.actor("clerk"), case_id=answered.pk, answer="好了", at=NOW)
    with pytest.raises(WrongState):
        pause(house, answered)
    with pytest.raises(NotAllowed):
        pause(house, house.case(), actor=house.actor("inspector"))


def test_a_matter_that_stands_still_is_not_answered_extended_or_sorted_anew(house: House) -> None:
    case = pause(house, house.case())
    given = {"actor": house.actor("clerk"), "case_id": case.pk, "at": NOW + DAY}
    for attempt in (
        lambda: services.resolve(answer="好了", **given),
        lambda: extend(house, case),
        lambda: services.reclassify(kind="help", item_version_id=None, urgent=False, reason="x", **given),
    ):
        with pytest.raises(WrongState):
            attempt()
    services.withdraw(reason="不办了", **given)
    case = fresh(case)
    assert (case.stage, case.paused_at, case.next_due_at) == ("withdrawn", None, None)
    assert not case.pauses.filter(ended_at__isnull=True).exists()
    assert not case.clocks.filter(ended_at__isnull=True).exists()


def test_a_reason_that_no_law_names_stops_a_matter_once(house: House) -> None:
    case = house.case()
    pause(house, case, reason="other")
    services.resume(actor=house.actor("clerk"), case_id=case.pk, text="好了", at=NOW + timedelta(hours=1))
    with pytest.raises(WrongState):
        pause(house, case, reason="other", at=NOW + timedelta(hours=2))
    pause(house, case, at=NOW + timedelta(hours=2))


# --- extension -----------------------------------------------------------------------------------


def test_art_42_one_extension_decided_by_another_and_told_with_its_reason(house: House) -> None:
    case = house.case()
    extend(house, case)
    with pytest.raises(NotAllowed):
        decide(house, case, actor=house.actor("clerk"))
    decide(house, case)
    # From Thursday the 24th: 28, 29, 30 September, then 8 and 9 October.
    assert due_day(case) == date(2026, 10, 9)
    promise = fresh(case).promises.order_by("-seq").first()
    assert (promise.reason, promise.amount) == ("extended", 5)
    assert promise.legal_due_day == date(2026, 10, 29)
    told = case.events.get(type="promised", data__reason="extended")
    assert told.public
    assert told.data["text"] == "要到外地核实"
    assert kinds(case) == ["extended"]
    with pytest.raises(WrongState):
        extend(house, case)
    with pytest.raises(WrongState):
        decide(house, case)
    services.sweep(at=NOW + 7 * DAY)
    assert not case.events.filter(type="overdue").exists()


def test_a_declined_extension_changes_nothing_and_there_is_no_second_one(house: House) -> None:
    case = house.case()
    extend(house, case)
    decide(house, case, approved=False, words="可以按期办结")
    assert due_day(case) == date(2026, 9, 24)
    assert kinds(case) == []
    with pytest.raises(WrongState):
        extend(house, case)


@pytest.mark.parametrize("given", [{"amount": 0}, {"amount": 11}, {"amount": -3}, {"reason": ""}])
def test_an_extension_without_reason_or_beyond_the_law_is_refused(
    house: House, given: dict[str, object]
) -> None:
    case = house.case()
    with pytest.raises(Invalid):
        extend(house, case, **given)
    assert not Extension.objects.exists()


def test_what_has_run_out_or_was_promised_in_hours_is_not_extended(house: House) -> None:
    with pytest.raises(WrongState):
        extend(house, house.case(), at=NOW + 20 * DAY)
    with pytest.raises(WrongState):
        extend(house, house.case(urgent=True))
    case = house.case()
    extend(house, case)
    with pytest.raises(WrongState):
        decide(house, case, at=NOW + 20 * DAY)


def test_who_handles_the_matter_by_now_does_not_decide_its_extension(house: House) -> None:
    case = house.case()
    extend(house, case)
    services.transfer(
        actor=house.actor("clerk"), case_id=case.pk, to_user_id=house.id("secretary"), reason="接办", at=NOW
    )
    with pytest.raises(NotAllowed):
        decide(house, case)
    decide(house, case, actor=house.actor("coordinator"))


def test_the_database_keeps_extensions_single_and_decided_by_another(house: House) -> None:
    case = house.case()
    extend(house, case)
    row = Extension.objects.get(case=case)
    for attempt in (
        lambda: Extension.objects.filter(pk=row.pk).update(
            approved=True, decided_at=NOW, decided_by=house.id("clerk")
        ),
        lambda: Extension.objects.filter(pk=row.pk).update(amount=9),
        lambda: Extension.objects.filter(pk=row.pk).update(approved=True),
        lambda: Extension.objects.filter(pk=row.pk).delete(),
        lambda: Extension.objects.create(
            case=case, amount=1, reason="x", asked_by_id=house.id("clerk"), asked_at=NOW
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


# --- another kind --------------------------------------------------------------------------------


def reclassify(house: House, case: Case, **given: object) -> Case:
    asked = {
        "actor": house.actor("clerk"), "case_id": case.pk, "kind": case.kind, "urgent": case.urgent,
        "item_version_id": case.item_version_id, "reason": "归类有误", "at": NOW + DAY,
    }  # fmt: skip
    return services.reclassify(**{**asked, **given})


def test_sorting_anew_makes_a_promise_earlier_and_says_so(house: House) -> None:
    case = house.case(kind="complaint", item_version_id=None)
    before = case.due_at
    reclassify(house, case, kind="consultation")
    case = fresh(case)
    # Two working days from registration, not from today.
    assert case.due_at < before
    assert due_day(case) == date(2026, 9, 21)
    types = list(case.events.order_by("-seq").values_list("type", flat=True)[:2])
    assert types == ["promised", "reclassified"]
    assert case.promises.count() == 2


def test_sorting_anew_never_makes_a_promise_later(house: House) -> None:
    case = house.case(kind="consultation", item_version_id=None)
    before = case.due_at
    reclassify(house, case, kind="complaint")
    assert fresh(case).due_at == before
    reclassify(house, fresh(case), urgent=True)
    assert fresh(case).due_at < before


def test_a_service_matter_sorted_anew_stands_where_its_new_table_allows(house: House) -> None:
    case = house.case(documents_complete=False)
    reclassify(house, case, kind="help", item_version_id=None)
    case = fresh(case)
    assert (case.kind, case.stage) == ("help", "received")
    services.sweep(at=NOW + 8 * DAY)
    assert not case.events.filter(type="accepted").exists()
    reclassify(house, fresh(case), kind="service", item_version_id=house.item.pk)
    assert fresh(case).kind == "service"
    with pytest.raises(Invalid):
        reclassify(house, fresh(case), kind="service", item_version_id=None)
    with pytest.raises(Invalid):
        reclassify(house, fresh(case))
    with pytest.raises(Invalid):
        reclassify(house, fresh(case), kind="nonsense")


# --- a year's calendar is published --------------------------------------------------------------

DECEMBER = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)  # a Monday
YEAR_2027 = [
    *(Departure(date(2027, 1, n), DayKind.HOLIDAY, "元旦") for n in (1, 2, 3)),
    Departure(date(2027, 1, 4), DayKind.HOLIDAY, "元旦"),
    Departure(date(2027, 5, 1), DayKind.HOLIDAY, "劳动节"),
    *(Departure(date(2027, 10, n), DayKind.HOLIDAY, "国庆节") for n in (1, 2)),
]


def load_2027() -> None:
    calendar.load_year(actor=SYSTEM, year=2027, rows=YEAR_2027, source="国务院办公厅通知", at=DECEMBER)


def test_a_provisional_promise_is_counted_again_with_an_explained_change(house: House) -> None:
    case = house.case(at=DECEMBER)
    assert case.promises.get().provisional
    assert due_day(case) == date(2027, 1, 4)  # as if only weekends rested
    load_2027()
    assert calendar_year.recount_promises(year=2027, at=DECEMBER) == 1
    assert calendar_year.recount_promises(year=2027, at=DECEMBER) == 0
    assert due_day(case) == date(2027, 1, 6)
    promise = fresh(case).promises.order_by("-seq").first()
    assert (promise.reason, promise.provisional) == ("calendar", False)
    event = case.events.order_by("-seq").first()
    assert event.public
    assert event.data["was"] == "2027-01-04"
    assert event.data["text"]
    assert list(chain.verify()) == []


def test_pauses_and_extensions_are_counted_again_too(house: House) -> None:
    case = house.case(at=DECEMBER)
    extend(house, case, at=DECEMBER, amount=2)
    decide(house, case, at=DECEMBER)
    pause(house, case, at=DECEMBER + DAY, until=date(2027, 1, 20))
    services.resume(actor=house.actor("clerk"), case_id=case.pk, text="好了", at=DECEMBER + 2 * DAY)
    load_2027()
    calendar_year.recount_promises(year=2027, at=DECEMBER + 2 * DAY)
    # 29, 30, 31 December, 5 and 6 January; two more: 7 and 8; one day of pause: Monday the 11th.
    assert due_day(case) == date(2027, 1, 11)


def test_promises_in_published_years_and_answered_matters_are_left_alone(house: House) -> None:
    known, answered = house.case(), house.case(at=DECEMBER)
    services.resolve(actor=house.actor("clerk"), case_id=answered.pk, answer="好了", at=DECEMBER)
    load_2027()
    assert calendar_year.recount_promises(year=2027, at=DECEMBER) == 0
    assert known.promises.count() == answered.promises.count() == 1


def test_the_database_lets_no_clock_run_again(house: House) -> None:
    case = house.case()
    pause(house, case)
    services.resume(actor=house.actor("clerk"), case_id=case.pk, text="好了", at=NOW + DAY)
    for attempt in (
        lambda: case.clocks.filter(kind="pause").update(ended_at=None),
        lambda: case.pauses.update(ended_at=None),
        lambda: case.pauses.update(ended_at=NOW + 2 * DAY),
        lambda: case.clocks.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
