"""Promised hours, the pattern of the week and the roster, and all that is refused there."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liangdian.desks.duty import selectors, services
from liangdian.desks.duty.models import HoursPlan, Shift, ShiftPattern
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts.leaving import still_open
from liangdian.registers.calendar.rules import Interval
from tests.desks.duty.conftest import (
    AFTERNOON,
    BEFORE,
    DAY,
    MONTH,
    MORNING,
    DutyHouse,
    hall,
    refused_by_the_database,
)


def promise(house: DutyHouse, week, day=date(2026, 9, 10), *, by: str = "secretary", at=BEFORE):
    return services.promise_hours(
        actor=house.actor(by), window_id=house.windows[0].pk, week=week, valid_from=day, at=at
    )


def spans(house: DutyHouse, day: date) -> list[str]:
    promised = selectors.promised_hours([house.windows[0].pk])
    return [f"{a:%H:%M}-{b:%H:%M}" for a, b in promised.spans(house.windows[0].pk, day)]


def add(house: DutyHouse, *, by: str = "secretary", name: str = "clerk", **changes):
    return services.add_pattern(
        actor=house.actor(by), unit_id=house.community.pk, line=house.line(name, **changes), at=BEFORE
    )


def plan(house: DutyHouse, *, by: str = "secretary", at=BEFORE, month=MONTH):
    return services.plan_month(actor=house.actor(by), unit_id=house.community.pk, month=month, at=at)


def roster_of(house: DutyHouse):
    return {row.day: row for row in selectors.roster(house.community, MONTH).days}


# --- promised hours


def test_a_window_without_hours_of_its_own_has_those_of_the_centre(house):
    assert spans(house, DAY) == ["09:00-12:00", "13:30-17:00"]


def test_other_hours_hold_from_their_day_on_and_not_before(house):
    promise(house, {4: [MORNING]})
    assert spans(house, date(2026, 9, 4)) == ["09:00-12:00", "13:30-17:00"]
    assert spans(house, DAY) == ["09:00-12:00"]
    assert spans(house, date(2026, 9, 17)) == []  # a Thursday, not in the plan


def test_nothing_is_promised_on_a_holiday_and_make_up_days_have_their_own_hours(house):
    promise(house, {4: [MORNING], 6: [MORNING], 7: [AFTERNOON]})
    assert spans(house, date(2026, 9, 20)) == ["13:30-17:00"]  # Sunday, make-up working day
    assert spans(house, date(2026, 9, 25)) == []  # Friday, Mid-Autumn
    assert spans(house, date(2026, 9, 13)) == ["09:00-12:00"]  # an ordinary Sunday


def test_what_was_promised_for_days_that_are_over_stays(house):
    with pytest.raises(Invalid, match=r"days that are over|过去") as refused:
        promise(house, {4: [MORNING]}, date(2026, 8, 31))
    assert refused.value.field == "valid_from"


def test_overlapping_hours_are_not_promised(house):
    with pytest.raises(Invalid):
        promise(house, {4: [MORNING, Interval(time(11), time(13))]})
    assert not HoursPlan.objects.exists()


def test_a_promise_is_never_changed_or_deleted(house):
    row = promise(house, {4: [MORNING]})
    refused_by_the_database("UPDATE duty_hoursplan SET valid_from = '2026-01-01' WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_hoursplan WHERE id = %s", row.pk)
    refused_by_the_database("TRUNCATE duty_hoursplan")


# --- the pattern


def test_a_pattern_makes_the_shifts_of_its_weekdays_only(house):
    add(house)
    done = plan(house)
    assert sorted(Shift.objects.values_list("day", flat=True)) == [date(2026, 9, d) for d in (4, 11, 18)]
    assert done.made == 3  # the 25th is a holiday


def test_a_make_up_working_day_has_a_line_of_its_own(house):
    add(house, weekday=6)
    add(house, weekday=7, name="clerk2")
    plan(house)
    assert list(Shift.objects.filter(day=date(2026, 9, 20)).values_list("user", flat=True)) == [
        house.id("clerk2")
    ]


def test_making_the_roster_again_makes_nothing_twice_and_brings_nothing_back(house):
    add(house)
    plan(house)
    first = Shift.objects.first()
    services.take_off(actor=house.actor("secretary"), shift_id=first.pk, reason="培训", at=BEFORE)
    assert plan(house).made == 0
    assert Shift.objects.standing().count() == 2


def test_days_that_are_over_are_left_alone(house):
    add(house)
    assert plan(house, at=hall(DAY, 8)).made == 1
    with pytest.raises(Invalid):
        plan(house, at=hall(date(2026, 10, 1), 8))


def test_a_line_that_ended_makes_no_more_shifts(house):
    row = add(house)
    services.end_pattern(actor=house.actor("secretary"), pattern_id=row.pk, on=date(2026, 9, 11), at=BEFORE)
    assert plan(house).made == 1


def test_a_person_who_is_on_duty_elsewhere_is_named_and_not_doubled(house):
    add(house)
    house.shift(window=1)
    done = plan(house)
    assert [shift.day for shift in done.clashes] == [DAY]
    assert done.made == 2


def test_nobody_has_two_lines_at_the_same_hours(house):
    add(house)
    with pytest.raises(Invalid) as refused:
        add(house, starts=time(11), ends=time(13), window_id=house.windows[1].pk)
    assert refused.value.field == "user"
    add(house, starts=time(12), ends=time(13))  # touching is not overlapping


@pytest.mark.parametrize(("starts", "ends"), [(time(9), time(9)), (time(9), time(8)), (time(0), time(17))])
def test_a_shift_lasts_at_most_sixteen_hours(house, starts, ends):
    with pytest.raises(Invalid) as refused:
        add(house, starts=starts, ends=ends)
    assert refused.value.field == "ends"


def test_a_night_shift_ends_on_the_next_day(house):
    add(house, starts=time(20), ends=time(8), window_id=None)
    plan(house)
    shift = Shift.objects.get(day=DAY)
    assert (shift.begins_at, shift.ends_at) == (hall(DAY, 20), hall(DAY + timedelta(days=1), 8))


def test_nobody_is_his_own_stand_in(house):
    with pytest.raises(Invalid) as refused:
        add(house, stand_in_id=house.id("clerk"))
    assert refused.value.field == "stand_in"
    row = add(house)
    refused_by_the_database("UPDATE duty_shiftpattern SET stand_in_id = user_id WHERE id = %s", row.pk)


def test_the_window_belongs_to_the_unit(house):
    for window_id in (house.windows[0].pk + 999, 0):
        with pytest.raises(Invalid) as refused:
            add(house, window_id=window_id)
        assert refused.value.field == "window"


def test_a_line_of_the_pattern_is_ended_and_not_changed(house):
    row = add(house)
    refused_by_the_database("UPDATE duty_shiftpattern SET weekday = 1 WHERE id = %s", row.pk)
    refused_by_the_database("DELETE FROM duty_shiftpattern WHERE id = %s", row.pk)


# --- the roster


def test_the_roster_names_promised_hours_that_nobody_covers(house):
    house.shift()
    day = roster_of(house)[DAY]
    first, second = day.places
    assert [s.user.name for s in first.shifts] == ["clerk"]
    assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in first.gaps] == ["13:30-17:00"]
    assert day.missing == 210 + 390
    assert second.shifts == []


def test_a_replaced_shift_names_both_and_keeps_the_first(house):
    row = house.shift()
    new = services.replace_person(
        actor=house.actor("secretary"), shift_id=row.pk, user_id=house.id("clerk2"), reason="生病", at=BEFORE
    )
    row.refresh_from_db()
    assert (row.cancel_reason, new.replaces_id) == ("生病", row.pk)
    assert [s.user.name for s in roster_of(house)[DAY].places[0].shifts] == ["clerk2"]


def test_nobody_is_at_two_places_at_once(house):
    row = house.shift()
    with pytest.raises(Invalid) as refused:
        house.shift(window=1, starts=time(11), ends=time(13))
    assert refused.value.field == "user"
    other = house.shift("clerk2", window=1)
    with pytest.raises(Invalid):
        services.replace_person(
            actor=house.actor("secretary"), shift_id=row.pk, user_id=house.id("clerk2"), reason="换班",
            at=BEFORE,
        )  # fmt: skip
    row.refresh_from_db()
    assert row.cancelled_at is None  # all or nothing
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(
            unit=other.unit, user_id=row.user_id, day=DAY, begins_at=row.begins_at + timedelta(hours=1),
            ends_at=row.ends_at, made_at=BEFORE,
        )  # fmt: skip


def test_a_shift_is_taken_off_once_with_a_reason(house):
    row = house.shift()
    with pytest.raises(Invalid) as refused:
        services.take_off(actor=house.actor("secretary"), shift_id=row.pk, reason="  ", at=BEFORE)
    assert refused.value.field == "reason"
    services.take_off(actor=house.actor("secretary"), shift_id=row.pk, reason="停电", at=BEFORE)
    with pytest.raises(Refused):
        services.take_off(actor=house.actor("secretary"), shift_id=row.pk, reason="再来", at=BEFORE)
    refused_by_the_database(
        "UPDATE duty_shift SET cancelled_at = NULL, cancel_reason = '' WHERE id = %s", row.pk
    )


def test_a_shift_is_never_changed_or_deleted(house):
    row = house.shift()
    refused_by_the_database("UPDATE duty_shift SET user_id = %s WHERE id = %s", house.id("clerk2"), row.pk)
    refused_by_the_database("UPDATE duty_shift SET cancelled_at = now() WHERE id = %s", row.pk)  # no reason
    refused_by_the_database("DELETE FROM duty_shift WHERE id = %s", row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(
            unit=row.unit, user_id=house.id("clerk2"), day=DAY, begins_at=row.ends_at, ends_at=row.begins_at,
            made_at=BEFORE,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["clerk", "leader", "inspector"])
def test_who_only_sees_the_duty_does_not_plan_it(house, name):
    row = house.shift()
    pattern = add(house)
    acts = (
        lambda: add(house, by=name, name="clerk2"),
        lambda: plan(house, by=name),
        lambda: services.take_off(actor=house.actor(name), shift_id=row.pk, reason="x", at=BEFORE),
        lambda: services.end_pattern(actor=house.actor(name), pattern_id=pattern.pk, on=DAY, at=BEFORE),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("name", ["stranger", "auditor", "administrator", "security"])
def test_who_has_no_duty_here_finds_nothing(house, name):
    row = house.shift()
    for act in (
        lambda: selectors.unit_for(house.actor(name), house.community.pk),
        lambda: selectors.shift_for(house.actor(name), row.pk),
        lambda: plan(house, by=name),
        lambda: promise(house, {4: [MORNING]}, by=name),
    ):
        with pytest.raises(NotFound):
            act()


def test_who_leaves_gives_his_duty_away_first(house):
    assert leaving_duty(house, "clerk") == []
    add(house, stand_in_id=house.id("clerk2"))
    house.shift(day=date(2026, 9, 21))
    assert leaving_duty(house, "clerk") == [("duty:roster", 1), ("duty:pattern", 1)]
    assert leaving_duty(house, "clerk2") == [("duty:pattern", 1)]


def leaving_duty(house: DutyHouse, name: str) -> list[tuple[str, int]]:
    """The lines of duty on the leaver's page, by page and number."""
    pages = {"/duty/roster/": "duty:roster", "/duty/pattern/": "duty:pattern"}
    found = still_open(house.id(name), BEFORE)
    return [(pages[line.url], line.count) for line in found if line.url in pages]


# --- the pages


def test_the_secretary_writes_a_pattern_and_makes_the_roster(house):
    client = house.client("secretary")
    typed = {
        "unit": house.community.pk, "weekdays": ["0", "1"], "window": house.windows[0].pk,
        "user": house.id("clerk"), "stand_in": house.id("clerk2"), "starts": "09:00", "ends": "12:00",
        "since": "2026-09-01",
    }  # fmt: skip
    assert client.post("/duty/pattern/", typed).status_code == 302
    again = client.post("/duty/pattern/", typed)
    assert again.status_code == 422
    assert "already on duty" in again.content.decode()
    assert ShiftPattern.objects.count() == 2
    assert "clerk2" in client.get("/duty/pattern/").content.decode()
    page = client.get("/duty/pattern/")
    assert [len(ids) for _days, ids, _row in page.context["lines"]] == [2]  # days of one line stand together
    plan(house)
    page = client.get("/duty/roster/?month=2026-09").content.decode()
    assert page.count("B: clerk2") == 9  # four Mondays, five Tuesdays
    assert "nobody" in page


def test_a_line_is_ended_on_the_page_all_its_days_or_none(house):
    rows = [add(house), add(house, weekday=3)]
    client = house.client("secretary")
    wrong = [rows[0].pk, 999_999]
    assert client.post("/duty/pattern/end/", {"line": wrong}).status_code == 404
    assert house.client("clerk").post("/duty/pattern/end/", {"line": rows[0].pk}).status_code == 403
    assert house.client("stranger").post("/duty/pattern/end/", {"line": rows[0].pk}).status_code == 404
    assert not ShiftPattern.objects.filter(until__isnull=False).exists()
    assert client.post("/duty/pattern/end/", {"line": [row.pk for row in rows]}).status_code == 302
    assert not ShiftPattern.objects.filter(until__isnull=True).exists()


def test_hours_are_promised_on_the_page_of_the_window(house):
    client = house.client("secretary")
    address = f"/duty/windows/{house.windows[0].pk}/"
    typed = {"valid_from": "2999-01-01", "day_0": "9:00-12:00，13:30-17:00"}
    assert client.post(address, {**typed, "day_1": "12-9"}).status_code == 422
    assert client.post(address, {**typed, "valid_from": "2020-01-01"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert HoursPlan.objects.get().week == {"0": [["09:00", "12:00"], ["13:30", "17:00"]]}
    assert "2999" in client.get("/duty/windows/").content.decode()


def test_a_shift_changes_hands_on_its_page(house):
    row = house.shift()
    client = house.client("secretary")
    address = f"/duty/shifts/{row.pk}/"
    assert client.post(address, {"user": house.id("clerk2"), "reason": ""}).status_code == 422
    assert client.post(address, {"user": house.id("clerk2"), "reason": "生病"}).status_code == 302
    assert client.post(f"{address}off/", {"reason": "x"}).status_code == 409
    assert "生病" in client.get(address).content.decode()


ADDRESSES = ("/duty/roster/", "/duty/windows/", "/duty/pattern/")


@pytest.mark.parametrize("address", [*ADDRESSES, "/duty/shifts/new/"])
def test_the_pages_open_and_bad_addresses_break_nothing(house, address):
    client = house.client("secretary")
    for query in (
        "",
        "?unit=x",
        "?unit=99999999999999999999",
        "?month=2026-13",
        "?month=%00",
        "?month=０００１-01",
    ):
        assert client.get(address + query).status_code == 200, query
    assert client.get(f"{address}?unit={house.other.pk}").status_code == 404
    assert client.get(f"{address}?unit=999999").status_code == 404
    assert house.client("auditor").get(address).status_code == 404
    from_outside = client.__class__().get(address)
    assert from_outside.status_code == 302


def test_a_clerk_reads_the_roster_and_changes_nothing(house):
    row = house.shift()
    client = house.client("clerk")
    for address in (*ADDRESSES, f"/duty/shifts/{row.pk}/"):
        assert client.get(address).status_code == 200
    for address, typed in {
        "/duty/roster/plan/": {"month": "2026-09"},
        "/duty/pattern/": {},
        "/duty/shifts/new/": {},
        f"/duty/shifts/{row.pk}/": {"user": house.id("clerk2"), "reason": "x"},
        f"/duty/shifts/{row.pk}/off/": {"reason": "x"},
        f"/duty/windows/{house.windows[0].pk}/": {"valid_from": "2999-01-01"},
    }.items():
        assert client.post(address, typed).status_code == 403, address


def test_the_roster_costs_the_same_with_one_shift_and_with_thirty(house):
    client = house.client("secretary")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/duty/roster/?month=2026-09").status_code == 200
        return len(seen)

    house.shift()
    cost()
    one = cost()
    for weekday in range(7):
        for name in ("clerk", "clerk2"):
            services.add_pattern(
                actor=SYSTEM, unit_id=house.community.pk,
                line=house.line(name, weekday=weekday, starts=time(13), ends=time(14)), at=BEFORE,
            )  # fmt: skip
    assert plan(house).made >= 30
    assert cost() == one
