"""From the household in need to a year in the place; refusals at service and database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from liangdian.casework.models import Case, Event
from liangdian.desks.assistance import selectors, services
from liangdian.desks.assistance.figures import figures
from liangdian.desks.assistance.models import CheckUp, Consent, Help, Need, Placement
from liangdian.desks.assistance.rules import WrongState
from liangdian.desks.assistance.services import NewOffer
from liangdian.desks.assistance.states import NEXT, HelpState
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.notifications.models import BellNotice
from tests.casework.conftest import NOW
from tests.desks.assistance.conftest import TODAY, Desk, after


def _refused(statement: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_household_is_helped_into_a_cleaning_post_for_a_year(desk: Desk) -> None:
    case = desk.to("placed")
    placement = Placement.objects.get(help=case.pk)
    assert [(c.months, c.due_on) for c in placement.check_ups.all()] == [
        (n, after(n).date()) for n in (1, 3, 6, 12)
    ]
    assert placement.offer.taken == 1
    assert Case.objects.get(pk=case.pk).state == "resolved"
    assert Need.objects.get(help=case.pk).met_on == TODAY
    for months in (1, 3, 6, 12):
        desk.check(case, months)
    assert desk.state(case) == HelpState.SETTLED


def test_without_consent_nothing_is_looked_for(desk: Desk) -> None:
    case = desk.help()
    with pytest.raises(WrongState):
        desk.need(case)
    with pytest.raises(WrongState):
        desk.place(case, desk.offer())
    _refused("UPDATE assistance_help SET state = 'seeking' WHERE case_id = %s", case.pk)


def test_a_no_ends_the_help_at_once_with_an_answer(desk: Desk) -> None:
    case = desk.to("declined")
    assert Case.objects.get(pk=case.pk).state == "resolved"
    with pytest.raises(WrongState):
        desk.consent(case)


def test_a_place_is_free_again_when_it_was_left(desk: Desk) -> None:
    case = desk.to("placed")
    offer = Placement.objects.get(help=case.pk).offer
    desk.check(case, 1, still=False, income=None)
    offer.refresh_from_db()
    assert (offer.taken, desk.state(case)) == (0, HelpState.SEEKING)
    assert Need.objects.get(help=case.pk).met_on is None
    desk.place(case, offer, by="secretary", at=after(2))
    assert desk.state(case) == HelpState.PLACED
    assert Event.objects.filter(case=case, type="resolved").count() == 1


def test_no_more_are_placed_than_there_are_places(desk: Desk) -> None:
    first = desk.to("placed")
    offer = Placement.objects.get(help=first.pk).offer
    second = desk.to("seeking")
    with pytest.raises(Invalid):
        desk.place(second, offer)
    _refused(
        "INSERT INTO assistance_placement (help_id, offer_id, starts, pay, at, by_id, why_ended) "
        "SELECT %s, offer_id, starts, pay, at, by_id, '' FROM assistance_placement",
        second.pk,
    )
    _refused("UPDATE assistance_offer SET taken = 2")


def test_a_withdrawn_place_and_one_of_another_kind_are_not_taken(desk: Desk) -> None:
    case = desk.to("seeking")
    withdrawn, stall = desk.offer(), desk.offer(kind="trade", title="冷饮摊位")
    services.withdraw_offer(actor=desk.actor("clerk"), offer_id=withdrawn.pk, at=NOW)
    for offer in (withdrawn, stall):
        with pytest.raises(Invalid):
            desk.place(case, offer)
    _refused(
        "INSERT INTO assistance_placement (help_id, offer_id, starts, pay, at, by_id, why_ended) "
        "VALUES (%s, %s, now(), 1, now(), %s, '')",
        case.pk, withdrawn.pk, desk.house.id("clerk"),
    )  # fmt: skip


def test_nobody_is_placed_without_a_helper(desk: Desk) -> None:
    case = desk.help()
    desk.consent(case)
    desk.need(case)
    with pytest.raises(WrongState):
        desk.place(case, desk.offer())


def test_a_helper_can_read_the_matter(desk: Desk) -> None:
    case = desk.help()
    for name in ("stranger", "auditor", "mediator"):
        with pytest.raises(Invalid):
            desk.helper(case, name)


def test_the_list_explains_and_orders_and_places_nobody(desk: Desk) -> None:
    case = desk.help()
    desk.consent(case)
    desk.need(case, least_pay=700, most_hours=32)
    good = desk.offer()
    poor = desk.offer(title="夜班看守", pay=500, hours=60, requirements="能上夜班")
    desk.offer(kind="trade", title="冷饮摊位")
    view = selectors.view_of(desk.actor("clerk"), case)
    assert [match.offer for match in view.matches] == [good, poor]
    assert len(view.matches[0].fit.reasons) == 4
    assert len(view.matches[1].fit.against) == 3
    assert not Placement.objects.exists()


def test_check_ups_are_not_early_not_twice_and_told_on_their_day(desk: Desk) -> None:
    case = desk.to("placed")
    with pytest.raises(Invalid):
        services.record_check_up(
            actor=desk.actor("clerk"), case_id=case.pk, months=1, still=True, income=None, words="", at=NOW
        )
    assert services.watch(at=NOW) == 0
    assert services.watch(at=after(1)) == 1
    assert services.watch(at=after(1)) == 0
    assert BellNotice.objects.filter(kind="assistance.check_due", user=desk.house.id("secretary")).exists()
    desk.check(case, 1)
    with pytest.raises(Invalid):
        desk.check(case, 1)
    _refused("UPDATE assistance_checkup SET still = false WHERE months = 1")
    _refused("UPDATE assistance_checkup SET due_on = now() WHERE months = 3")


def test_needs_met_otherwise_end_the_help_only_when_none_is_open(desk: Desk) -> None:
    case = desk.help()
    desk.consent(case)
    desk.need(case, "benefits")
    with pytest.raises(WrongState):
        services.help_otherwise(actor=desk.actor("clerk"), case_id=case.pk, words="好了", at=NOW)
    assert desk.state(desk.to("helped")) == HelpState.HELPED


def test_incomes_are_numbers_for_who_accompanies_and_ranges_for_others(desk: Desk) -> None:
    case = desk.to("placed")
    desk.check(case, 1, income=1437)
    exact = selectors.view_of(desk.actor("clerk"), case)
    assert (exact.income, exact.places[0].checks[0].income) == ("¥600", "¥1437")
    ranges = selectors.view_of(desk.actor("coordinator"), case)
    assert (ranges.income, ranges.places[0].checks[0].income) == ("¥500–999", "¥1000–1999")
    page = desk.client("coordinator").get(f"/cases/{case.reference}/").text
    assert "1437" not in page
    assert "1437" in desk.client("clerk").get(f"/cases/{case.reference}/").text


def test_incomes_are_sealed_and_in_no_event(desk: Desk) -> None:
    case = desk.to("placed")
    desk.check(case, 1, income=1437)
    assert all("1437" not in str(event.data) for event in Event.objects.filter(case=case))
    with connection.cursor() as cursor:
        cursor.execute("SELECT income FROM assistance_checkup WHERE income <> ''")
        assert "1437" not in cursor.fetchone()[0]


def test_only_readers_read_and_only_who_belongs_to_it_acts(desk: Desk) -> None:
    case = desk.to("seeking")
    readers = {"clerk", "secretary", "coordinator", "leader", "inspector"}
    for name in desk.house.staff:
        page = desk.client(name).get(f"/cases/{case.reference}/")
        assert page.status_code == (200 if name in readers else 404), name
    for name in ("inspector", "leader"):
        with pytest.raises(NotAllowed):
            desk.need(case, "training", by=name)
    for name in ("stranger", "clerk2", "administrator"):
        with pytest.raises(NotFound):
            desk.need(case, "training", by=name)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"), ({"giver": " "}, "giver"), ({"place": ""}, "place"),
        ({"kind": "moon"}, "kind"), ({"pay": -1}, "pay"), ({"hours": 0}, "hours"), ({"places": 0}, "places"),
    ],
)  # fmt: skip
def test_a_place_is_written_down_whole(desk: Desk, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.offer(**changes)
    assert refused.value.field == field


def test_only_the_staff_of_the_community_keeps_its_register(desk: Desk) -> None:
    for name in ("stranger", "inspector", "auditor"):
        with pytest.raises(NotAllowed):
            desk.offer(by=name)
    offer = desk.offer()
    with pytest.raises(NotAllowed):
        services.withdraw_offer(actor=desk.actor("stranger"), offer_id=offer.pk, at=NOW)
    with pytest.raises(NotFound):
        services.withdraw_offer(actor=desk.actor("clerk"), offer_id=0, at=NOW)
    with pytest.raises(NotFound):
        services.add_offer(
            actor=desk.actor("clerk"), at=NOW, offer=NewOffer(0, "work", "保洁", "医院", "门诊", 800, 30)
        )


def test_the_income_before_is_written_once(desk: Desk) -> None:
    case = desk.help()
    desk.consent(case)
    desk.need(case, income=600)
    with pytest.raises(Invalid):
        desk.need(case, "training", income=900)
    desk.need(case, "training", income=600)
    with pytest.raises(Invalid):
        desk.need(case, "training")
    _refused("UPDATE assistance_help SET income = 'other'")


@pytest.mark.parametrize("target", HelpState)
@pytest.mark.parametrize("state", HelpState)
def test_the_database_allows_only_the_moves_of_the_table(
    desk: Desk, state: HelpState, target: HelpState
) -> None:
    case = desk.to(state)
    if target == state or target in NEXT[state]:
        return
    _refused("UPDATE assistance_help SET state = %s, way_out = 'wish' WHERE case_id = %s", target, case.pk)


@pytest.mark.parametrize("table", ["consent", "training", "help", "need", "offer", "placement", "checkup"])
def test_nothing_is_deleted(desk: Desk, table: str) -> None:
    case = desk.to("placed")
    services.add_training(
        actor=desk.actor("clerk"), case_id=case.pk, title="家政培训", provider="县就业中心", starts=TODAY,
        ends=TODAY, at=NOW,
    )  # fmt: skip
    _refused(f"DELETE FROM assistance_{table}")


def test_what_was_said_and_what_ended_is_not_rewritten(desk: Desk) -> None:
    case = desk.to("placed")
    _refused("UPDATE assistance_consent SET given = false")
    _refused("UPDATE assistance_placement SET pay = 9000")
    services.leave_place(actor=desk.actor("clerk"), case_id=case.pk, on=TODAY, words="搬走了", at=NOW)
    _refused("UPDATE assistance_placement SET why_ended = 'x'")
    assert Consent.objects.get(help=case.pk).given
    assert CheckUp.objects.filter(placement__help=case.pk).count() == 4
    assert Help.objects.get(pk=case.pk).state == "seeking"


def test_figures_have_denominators_and_none_is_no_data(desk: Desk) -> None:
    empty = figures(desk.actor("secretary"), first=TODAY, last=after(12).date())
    assert (empty.placed.percent, empty.after_six.percent, empty.change) == (None, None, None)
    desk.to("declined")
    desk.to("seeking")
    for income in (1000, 1400, 1900):
        case = desk.to("placed")
        desk.check(case, 1, income=700)
        desk.check(case, 6, still=income > 1000, income=income)
    found = figures(desk.actor("secretary"), first=TODAY, last=after(12).date())
    assert (found.placed.part, found.placed.whole) == (3, 4)
    assert (found.after_six.part, found.after_six.whole) == (2, 3)
    assert (found.change, found.changes) == (800, 3)
    hidden = figures(desk.actor("stranger"), first=TODAY, last=after(12).date())
    assert (hidden.placed.whole, hidden.after_six.whole, hidden.changes) == (0, 0, 0)
