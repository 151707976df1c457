"""Hours promised against hours kept, allowances by rule, the monthly sheet and its lock."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from liangdian.desks.duty import allowances, kept, services, sheets
from liangdian.desks.duty.allowances import Kept, Rate
from liangdian.desks.duty.models import AllowanceRule, Mark, Sheet
from liangdian.desks.duty.services.closures import Announcement
from liangdian.desks.duty.services.corrections import Wanted
from liangdian.desks.duty.services.sheets import Rule
from liangdian.desks.duty.states import Basis, Way
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused, Stale
from liangdian.insight.selectors import commitments
from liangdian.platform.audit.models import AccessLog
from tests.desks.duty.conftest import BEFORE, DAY, MONTH, DutyHouse, hall, refused_by_the_database

OVER = hall(date(2026, 10, 8), 9)  # September is over
RULE = Rule("window", "窗口值班补助", "day", 1500, date(2026, 9, 1), "城关街道办〔2026〕1号第三条", 120)


def came(house: DutyHouse, start, end, name: str = "clerk", window: int | None = 0) -> None:
    """One stretch at a window."""
    for kind, at in (("in", start), ("out", end)):
        services.sign(
            actor=house.actor(name), kind=kind, unit_id=house.community.pk, way=Way.ACCOUNT, at=at,
            window_id=None if window is None else house.windows[window].pk,
        )  # fmt: skip


def set_rule(house: DutyHouse, by: str = "leader", **changes: object) -> AllowanceRule:
    rule = Rule(**{**{f: getattr(RULE, f) for f in RULE.__slots__}, **changes})
    return services.set_allowance(actor=house.actor(by), unit_id=house.street.pk, rule=rule, at=BEFORE)


def make(house: DutyHouse, by: str = "secretary", *, at=OVER, month=MONTH) -> Sheet:
    return services.make_sheet(actor=house.actor(by), unit_id=house.community.pk, month=month, at=at)


def decide(house: DutyHouse, row: Sheet, by: str = "coordinator", *, approved=True, words="", at=OVER):
    return services.decide_sheet(
        actor=house.actor(by), sheet_id=row.pk, approved=approved, words=words, at=at
    )


def share(house: DutyHouse, at=OVER, window: int = 0) -> kept.Share:
    return kept.kept_at_windows(house.community, MONTH, at)[window][1]


# --- promised against kept


def test_a_month_promises_its_working_days_and_no_holidays(house):
    # 22 working days in September 2026 with the 20th to make up and the 25th off, of 6.5 hours each.
    assert share(house).promised == 22 * 390
    assert share(house).kept == 0


def test_only_time_at_this_window_within_its_hours_is_kept(house):
    came(house, hall(DAY, 8, 30), hall(DAY, 12, 30))
    assert (share(house).kept, share(house, window=1).kept) == (180, 0)


def test_two_people_at_one_window_keep_an_hour_once(house):
    came(house, hall(DAY, 9), hall(DAY, 11))
    came(house, hall(DAY, 10), hall(DAY, 12), "clerk2")
    assert share(house).kept == 180


def test_the_running_month_is_counted_up_to_now(house):
    came(house, hall(DAY, 9), hall(DAY, 10))
    services.sign(
        actor=house.actor("clerk"), kind="in", unit_id=house.community.pk, way=Way.CODE,
        at=hall(DAY, 10, 30), window_id=house.windows[0].pk,
    )  # fmt: skip
    found = share(house, at=hall(DAY, 11))
    assert found.kept == 60 + 30
    assert found.promised == 13 * 390 + 120  # 1-17 September have 13 working days


def test_who_never_signed_out_kept_nothing_until_a_correction_says_when(house):
    services.sign(
        actor=house.actor("clerk"), kind="in", unit_id=house.community.pk, way=Way.CODE, at=hall(DAY, 9),
        window_id=house.windows[0].pk,
    )  # fmt: skip
    assert share(house).kept == 0
    row = services.ask_correction(
        actor=house.actor("clerk"), unit_id=house.community.pk, at=hall(DAY, 18),
        wanted=Wanted("忘了签退", kind="out", at=hall(DAY, 12)),
    )  # fmt: skip
    services.decide_correction(
        actor=house.actor("secretary"), correction_id=row.pk, approved=True, at=hall(DAY, 19)
    )
    assert share(house).kept == 180


def test_an_announced_closure_lowers_nothing_that_was_promised_and_is_not_kept_by_who_is_there(house):
    services.announce_closure(
        actor=house.actor("secretary"), unit_id=house.community.pk, at=hall(DAY, 8),
        announcement=Announcement(hall(DAY, 9), "停电", "停電", "Power cut", hall(DAY, 11)),
    )  # fmt: skip
    came(house, hall(DAY, 10, 30), hall(DAY, 12))
    found = share(house)
    assert (found.promised, found.kept, found.closed) == (22 * 390, 60, 120)


def test_nothing_promised_is_no_data_and_never_zero(house):
    assert kept.Share(0, 0).percent is None
    assert kept.Share(600, 0).percent == 0.0
    assert kept.year_total(OVER) == kept.Share(0, 0)  # nobody ever signed in


def test_the_commitment_counts_the_months_in_which_people_signed_in(house):
    came(house, hall(DAY, 9), hall(DAY, 12))
    total = kept.year_total(OVER)
    assert (total.promised, total.kept) == (2 * 22 * 390, 180)
    row = next(row for row in commitments(now=OVER) if row.denominator)
    assert (row.numerator, row.denominator) == (3, 286)


def test_the_public_page_says_hours_closures_and_how_they_were_kept(house):
    page = Client(headers={"accept-language": "en"}).get(f"/hours/?unit={house.community.pk}")
    assert page.status_code == 200
    assert "09:00-12:00, 13:30-17:00" in page.content.decode()
    assert "How the hours were kept" not in page.content.decode()
    for query in ("", "?unit=x", "?unit=999999999999999999999"):
        assert Client().get(f"/hours/{query}").status_code == 200


# --- hours by person


def test_kept_is_what_lies_in_ones_own_shifts(house):
    house.shift()
    came(house, hall(DAY, 8, 30), hall(DAY, 11), window=1)  # he helped at the neighbouring window
    rows = {row.window_id: row for row in kept.kept_by_people(house.community, MONTH, OVER).hours}
    own, other = rows[house.windows[0].pk], rows[house.windows[1].pk]
    assert (own.scheduled, own.kept, own.beyond, own.days) == (180, 120, 0, 1)
    assert (other.scheduled, other.kept, other.beyond) == (0, 0, 30)


def test_a_night_belongs_to_the_month_in_which_it_begins(house):
    last = date(2026, 9, 30)
    house.shift(day=last, starts=time(20), ends=time(8), window=None)
    came(house, hall(last, 20), hall(date(2026, 10, 1), 8), window=None)
    assert kept.kept_by_people(house.community, MONTH, OVER).hours[0].kept == 720
    october = kept.kept_by_people(house.community, date(2026, 10, 1), OVER)
    assert [row.kept for row in october.hours] == []


# --- allowances, pure

DAYS = st.builds(
    Kept,
    st.integers(1, 3),
    st.dates(date(2026, 9, 1), date(2026, 9, 30)),
    st.integers(0, 1440),
    st.booleans(),
)
RATES = st.builds(
    Rate, st.integers(1, 4), st.sampled_from(Basis.values), st.integers(0, 10_000), st.integers(0, 480)
)


@given(st.lists(DAYS, max_size=20), st.lists(RATES, max_size=4, unique_by=lambda r: r.rule_id))
def test_amounts_are_whole_fen_and_never_more_than_the_time_allows(days, rates):
    lines = allowances.amounts(days, lambda _day: rates)
    by_id = {rate.rule_id: rate for rate in rates}
    for line in lines:
        rate, own = by_id[line.rule_id], [day for day in days if day.user_id == line.user_id]
        assert line.amount == line.quantity * rate.fen > 0
        most = len(own) if rate.basis == Basis.DAY else sum(day.minutes for day in own) // 60
        assert line.quantity <= most
    assert len({(line.user_id, line.rule_id) for line in lines}) == len(lines)


@given(st.lists(DAYS, min_size=1, max_size=20), RATES)
def test_more_time_never_earns_less(days, rate):
    fewer = sum(a.amount for a in allowances.amounts(days[:-1], lambda _day: [rate]))
    assert sum(a.amount for a in allowances.amounts(days, lambda _day: [rate])) >= fewer


@given(st.lists(DAYS, max_size=20))
def test_hours_of_rest_days_are_paid_on_rest_days_only(days):
    rate = Rate(1, Basis.REST_HOUR, 100)
    working = [day for day in days if not day.rest]
    assert allowances.amounts(working, lambda _day: [rate]) == []


def test_a_new_version_holds_from_its_day_on_and_the_nearer_unit_wins(house):
    first = set_rule(house)
    second = set_rule(house, fen=2000, valid_from=date(2026, 9, 10))
    near = services.set_allowance(
        actor=house.actor("leader"), unit_id=house.community.pk, at=BEFORE,
        rule=Rule("window", "社区补助", "day", 900, date(2026, 9, 20), "社区约定第一条"),
    )  # fmt: skip
    rules = sheets.rules_for(house.community)
    held = [sheets.in_force(rules, date(2026, 9, d)) for d in (1, 9, 10, 19, 20)]
    assert held == [[first], [first], [second], [second], [near]]
    assert sheets.in_force(rules, date(2026, 8, 31)) == []
    assert sheets.in_force(sheets.rules_for(house.other), date(2026, 9, 20)) == [second]


# --- the sheet


def test_the_sheet_says_hours_and_allowances(house):
    rule = set_rule(house)
    for day in (DAY, date(2026, 9, 17)):
        house.shift(day=day)
        came(house, hall(day, 9), hall(day, 12))
    house.shift("clerk2", window=1)
    came(house, hall(DAY, 10, 30), hall(DAY, 12), "clerk2", 1)  # 90 minutes, the rule asks for 120
    row = make(house)
    assert row.allowances == [
        {"user_id": house.id("clerk"), "rule_id": rule.pk, "quantity": 2, "fen": 1500, "amount": 3000}
    ]
    assert row.total_fen == 3000
    assert [(line["kept"], line["days"]) for line in row.hours] == [(360, 2), (90, 1)]


def test_nobody_approves_the_sheet_that_he_made(house):
    row = make(house, "coordinator")
    with pytest.raises(NotAllowed):
        decide(house, row)
    response = house.client("coordinator").post(f"/duty/sheet/{row.pk}/", {"approved": "yes"})
    assert response.status_code == 403
    statement = "UPDATE duty_sheet SET approved = true, decided_at = now(), decided_by_id = made_by_id"
    refused_by_the_database(statement)
    assert decide(house, row, "leader").approved


def test_an_approved_sheet_locks_its_month(house):
    house.shift()
    came(house, hall(DAY, 9), hall(DAY, 12))
    waiting = services.ask_correction(
        actor=house.actor("clerk"), unit_id=house.community.pk, at=OVER,
        wanted=Wanted("走得晚", kind="out", at=hall(DAY, 13)),
    )  # fmt: skip
    row = decide(house, make(house))
    with pytest.raises(Refused):
        make(house)
    with pytest.raises(Refused):
        services.ask_correction(
            actor=house.actor("clerk"), unit_id=house.community.pk, at=OVER,
            wanted=Wanted("忘了", kind="in", at=hall(DAY, 13)),
        )  # fmt: skip
    with pytest.raises(Refused):
        services.decide_correction(
            actor=house.actor("secretary"), correction_id=waiting.pk, approved=True, at=OVER
        )
    with pytest.raises(Invalid) as refused:
        set_rule(house, valid_from=date(2026, 9, 30))
    assert refused.value.field == "valid_from"
    for change in ("total_fen = 1", "hours = '[]'", "approved = false", "approved = NULL"):
        refused_by_the_database(f"UPDATE duty_sheet SET {change} WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_sheet WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(
            unit=house.community, month=MONTH, hours=[], allowances=[], total_fen=0, made_at=OVER
        )


def test_the_database_takes_no_mark_into_a_locked_month(house):
    came(house, hall(DAY, 9), hall(DAY, 12))
    decide(house, make(house))
    given = {"user_id": house.id("clerk"), "unit": house.community, "kind": "in", "way": "account"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(**given, at=hall(DAY, 14), recorded_at=hall(DAY, 14))
    edge = hall(date(2026, 10, 1), 0)  # the first minute of October in the hall is still September in UTC
    Mark.objects.create(**given, at=edge, recorded_at=edge)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(**given, at=edge - timedelta(minutes=1), recorded_at=edge - timedelta(minutes=1))


def test_a_sheet_is_approved_only_when_its_month_is_over(house):
    row = make(house, at=hall(DAY, 18))
    with pytest.raises(Refused):
        decide(house, row, at=hall(date(2026, 9, 30), 23))
    with pytest.raises(Refused):
        make(house, month=date(2026, 11, 1))


def test_a_sheet_that_no_longer_fits_the_records_is_made_anew(house):
    house.shift()
    row = make(house)
    house.shift(day=date(2026, 9, 21))
    with pytest.raises(Stale):
        decide(house, row)
    again = make(house)
    with pytest.raises(Stale):
        decide(house, row)
    assert decide(house, again).approved


def test_a_sheet_sent_back_says_why_and_does_not_lock(house):
    row = make(house)
    with pytest.raises(Invalid) as refused:
        decide(house, row, approved=False)
    assert refused.value.field == "words"
    decide(house, row, approved=False, words="18日缺一条签退")
    with pytest.raises(Refused):
        decide(house, row)
    assert decide(house, make(house)).approved


def test_sums_that_do_not_fit_are_refused_by_the_database(house):
    line = {"user_id": 1, "rule_id": 1, "quantity": 2, "fen": 1500, "amount": 3000}
    given = {"unit": house.community, "month": MONTH, "hours": [], "made_at": OVER}
    for wrong in (
        {"allowances": [line], "total_fen": 3001},
        {"allowances": [{**line, "amount": 4000}], "total_fen": 4000},
        {"allowances": [], "total_fen": 0, "month": DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sheet.objects.create(**{**given, **wrong})


def test_a_rule_is_never_changed_and_always_says_on_what_it_rests(house):
    row = set_rule(house)
    refused_by_the_database("UPDATE duty_allowancerule SET fen = 99 WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_allowancerule WHERE id = %s", row.pk)
    for changes, field in (
        ({"source": " "}, "source"), ({"name": ""}, "name"), ({"code": "x" * 41}, "code"),
        ({"basis": "bonus"}, "basis"), ({"fen": -1}, "amount"), ({"fen": 10_000_001}, "amount"),
        ({"minimum_minutes": 1441}, "minimum_minutes"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            set_rule(house, **changes)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("name", "error"),
    [("clerk", NotAllowed), ("inspector", NotAllowed), ("stranger", NotFound), ("auditor", NotFound)],
)
def test_who_may_neither_make_nor_approve(house, name, error):
    row = make(house)
    with pytest.raises(error):
        make(house, name)
    with pytest.raises((NotAllowed, NotFound)):
        decide(house, row, name)
    with pytest.raises((NotAllowed, NotFound)):
        set_rule(house, name)


# --- the pages


def test_the_sheet_through_the_pages(house):
    secretary, coordinator = house.client("secretary"), house.client("coordinator")
    set_rule(house, name="=HYPERLINK(1)")
    house.shift()
    came(house, hall(DAY, 9), hall(DAY, 12))
    query = f"?unit={house.community.pk}&month=2026-09"
    assert "No sheet of this month yet" in secretary.get(f"/duty/sheet/{query}").content.decode()
    typed = {"unit": house.community.pk, "month": "2026-09"}
    assert house.client("clerk").post("/duty/sheet/make/", typed).status_code == 403
    assert secretary.post("/duty/sheet/make/", {**typed, "month": "2099-01"}).status_code == 409
    assert secretary.post("/duty/sheet/make/", typed).status_code == 302
    row = Sheet.objects.get()
    assert "15.00" in secretary.get(f"/duty/sheet/{query}").content.decode()
    assert house.client("clerk").get(f"/duty/sheet/{query}").status_code == 403
    assert coordinator.post(f"/duty/sheet/{row.pk}/", {"approved": "no"}).status_code == 422
    assert coordinator.post(f"/duty/sheet/{row.pk}/", {"approved": "yes"}).status_code == 302
    assert coordinator.post(f"/duty/sheet/{row.pk}/", {"approved": "yes"}).status_code == 409
    assert "Approved and locked" in secretary.get(f"/duty/sheet/{query}").content.decode()
    for name in ("clerk", "stranger"):
        assert house.client(name).get(f"/duty/sheet/{row.pk}/hours.xlsx").status_code == 404
    assert secretary.get(f"/duty/sheet/{row.pk}/passwords.xlsx").status_code == 404


def test_the_workbooks_hold_numbers_and_no_formulas(house):
    set_rule(house, name="=HYPERLINK(1)")
    house.shift()
    came(house, hall(DAY, 9), hall(DAY, 12))
    row = make(house)
    client = house.client("secretary")
    hours = load_workbook(io.BytesIO(client.get(f"/duty/sheet/{row.pk}/hours.xlsx").content)).active
    assert [c.value for c in hours[2]][2:] == [3, 3, 0, 1]
    paid = load_workbook(io.BytesIO(client.get(f"/duty/sheet/{row.pk}/allowances.xlsx").content)).active
    assert [c.value for c in paid[2]][3:6] == [1, 15, 15]
    assert paid["B2"].data_type == "s"
    assert not str(paid["B2"].value).startswith("=")
    assert AccessLog.objects.filter(act="sheet_exported").count() == 2


def test_a_rule_through_the_page(house):
    client = house.client("leader")
    typed = {
        "unit": house.street.pk, "code": "night", "name": "夜间值班", "basis": "hour", "amount": "12.50",
        "minimum_minutes": "0", "valid_from": "2999-01-01", "source": "示例办法第二条",
    }  # fmt: skip
    for wrong in ({"amount": "-1"}, {"amount": "1.005"}, {"amount": "x"}, {"source": ""}, {"basis": "z"}):
        assert client.post("/duty/allowances/", {**typed, **wrong}).status_code == 422, wrong
    assert client.post("/duty/allowances/", typed).status_code == 302
    assert AllowanceRule.objects.get().fen == 1250
    assert "夜间值班" in house.client("inspector").get("/duty/allowances/").content.decode()
    assert house.client("inspector").post("/duty/allowances/", typed).status_code == 403
    own = {**typed, "unit": house.community.pk}
    assert house.client("secretary").post("/duty/allowances/", own).status_code == 403
    assert house.client("clerk").get("/duty/allowances/").status_code == 403


@pytest.mark.parametrize("address", ["/duty/sheet/?month=2026-09", "/duty/allowances/", "/hours/"])
def test_the_pages_cost_the_same_with_one_row_and_with_thirty(house, address):
    client = Client() if address == "/hours/" else house.client("secretary")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    set_rule(house)
    house.shift(day=date(2026, 9, 1))
    came(house, hall(date(2026, 9, 1), 9), hall(date(2026, 9, 1), 12))
    make(house)
    cost()
    one = cost()
    for n in range(30):
        set_rule(house, code=f"rule{n}", fen=100 + n)
        day = date(2026, 9, 1 + n)
        if n:
            house.shift(("clerk", "clerk2")[n % 2], day=day, window=n % 2)
            came(house, hall(day, 9), hall(day, 12), ("clerk", "clerk2")[n % 2], n % 2)
    make(house)
    assert cost() == one


def test_the_figures_cost_the_same_statements_for_every_month(house):
    came(house, hall(DAY, 9), hall(DAY, 12))
    with CaptureQueriesContext(connection) as seen:
        kept.kept_at_windows(house.community, MONTH, OVER)
    assert len(seen) <= 7
