"""What falls due and the figures: right, at a fixed cost, and only of what somebody may see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liangdian.casework import services as casework
from liangdian.casework.figures import Period, Share
from liangdian.desks.petitions import services
from liangdian.desks.petitions.falling_due import falling_due
from liangdian.desks.petitions.figures import FEWEST, figures
from liangdian.desks.petitions.models import Petition
from tests.casework.conftest import NOW
from tests.casework.web.test_pages import client_of
from tests.desks.petitions.conftest import Office
from tests.desks.petitions.test_pages import _statements

DAY = timedelta(days=1)
FIRST, LAST = NOW.date() - 5 * DAY, NOW.date() + 100 * DAY
PERIOD = Period(FIRST, LAST)


def _due(office: Office, who: str = "petition_officer", now: object = NOW) -> list[tuple[str, str, bool]]:
    rows = falling_due(office.actor(who), first=FIRST, last=LAST, now=now)
    return [(row.day.isoformat(), row.what, row.late) for row in rows]


def test_every_limit_stands_on_its_day(office: Office) -> None:
    case = office.petition(simplified=True)
    assert [(day, what) for day, what, _late in _due(office)] == [
        ("2026-09-22", "petitions.accept_simply"), (_day(case), "notice"),
    ]  # fmt: skip
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW)
    assert _due(office) == [("2026-10-09", "answer", False)]
    assert _due(office, now=NOW + 60 * DAY) == [("2026-10-09", "answer", True)]
    office.opinion(case, at=NOW)
    assert _due(office, now=NOW + 60 * DAY) == [("2026-10-19", "review_until", False)]


def _day(case: object) -> str:
    return Petition.objects.get(pk=case.pk).notice_due_at.date().isoformat()


def test_a_transfer_shows_objection_and_report(office: Office) -> None:
    case = office.petition()
    services.transfer(
        actor=office.actor("petition_officer"), case_id=case.pk, to_unit_id=office.bureau.pk, text="请办理",
        report_by=(NOW + 20 * DAY).date(), at=NOW,
    )  # fmt: skip
    found = {what for _day, what, _late in _due(office, "clerk_of_bureau")}
    assert found == {"notice", "petitions.objection", "petitions.report"}


def test_what_is_hidden_falls_due_for_nobody_else_and_counts_nowhere(office: Office) -> None:
    case = office.petition(about_unit_ids=(office.bureau.pk,))
    services.transfer(
        actor=office.actor("petition_officer"), case_id=office.petition(words="另一件").pk,
        to_unit_id=office.bureau.pk, text="请办理", report_by=None, at=NOW,
    )  # fmt: skip
    services.accept(actor=office.actor("petition_officer"), case_id=case.pk, at=NOW)
    office.opinion(case, at=NOW)
    for who in ("clerk_of_bureau", "head_of_bureau"):
        assert {what for _day, what, _late in _due(office, who)} == {"notice", "petitions.objection"}
        found = figures(office.actor(who), PERIOD, now=NOW + 90 * DAY)
        assert found.registered == 1
        assert sum(row.share.numerator for row in found.levels) == 0
    assert figures(office.actor("clerk"), PERIOD, now=NOW).registered == 0


def test_figures_have_their_denominators(office: Office) -> None:
    office.answered()
    office.petition(words="无人受理")
    office.petition(words="姓名不清", resident_name="", phone="", address="", unclear=True)
    found = figures(office.actor("petition_officer"), PERIOD, now=NOW + 95 * DAY)
    assert found.registered == 3
    assert found.taken_in_time == Share(1, 2)  # the unclear one needs no notice (Art. 23)
    assert found.on_time.numerator == 1
    assert {row.level.value: row.share for row in found.levels}["community"] == Share(1, 1)
    empty = figures(office.actor("petition_officer"), Period(FIRST, FIRST), now=NOW)
    assert empty.taken_in_time.percent is None  # no data, never 0 %


def test_few_ratings_show_no_share_of_satisfaction(office: Office) -> None:
    for number in range(FEWEST):
        found = figures(office.actor("petition_officer"), PERIOD, now=NOW)
        assert (found.satisfied is None) == (number > 0)
        case = office.answered(words=f"第{number}件", resident_name=f"赵{number}英")
        casework.record_call_back(
            actor=office.actor("coordinator"), case_id=case.pk, grade="4", comment="", at=NOW
        )
    assert figures(office.actor("petition_officer"), PERIOD, now=NOW).satisfied == Share(FEWEST, FEWEST)


@pytest.mark.parametrize("address", ["/petitions/due/", "/petitions/figures/"])
def test_the_overviews_cost_the_same_with_many(office: Office, address: str) -> None:
    client = client_of(office.house, "petition_officer")
    office.petition()
    one = _statements(client, address)
    for number in range(10):
        office.petition(words=f"第{number}件", simplified=True)
    assert _statements(client, address) <= one
    assert client_of(office.house, "clerk").get(address).status_code in {403, 404}


@pytest.mark.parametrize("month", ["x", "2026-13", "0001-01", "9999-99", "2026-09"])
def test_no_month_breaks_the_page(office: Office, month: str) -> None:
    assert client_of(office.house, "leader").get(f"/petitions/due/?month={month}").status_code == 200
