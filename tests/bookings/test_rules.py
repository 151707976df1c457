"""The arithmetic of times: by example and by property."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.bookings import rules
from liangdian.bookings.ics import CalendarEntry, as_ics
from liangdian.bookings.rules import Hours, Span
from liangdian.foundation.clock import HALL_ZONE, business_date
from liangdian.foundation.refused import Invalid

DAY = date(2026, 9, 21)


def hours(opens: time = time(9), closes: time = time(11), weekday: int = 0) -> Hours:
    return Hours(weekday, opens, closes, 2, 2, 1, 1)


def test_a_day_is_cut_into_whole_times_and_the_rest_is_not_offered():
    spans = rules.plan_day(DAY, weekday=0, hours=[hours(closes=time(9, 25))], minutes=10)
    assert [span.starts_at.astimezone(HALL_ZONE).time() for span in spans] == [time(9), time(9, 10)]


def test_nothing_is_open_on_a_holiday_or_a_closed_day_or_another_weekday():
    assert rules.plan_day(DAY, weekday=None, hours=[hours()], minutes=10) == []
    assert rules.plan_day(DAY, weekday=0, hours=[hours()], minutes=10, closed=True) == []
    assert rules.plan_day(DAY, weekday=1, hours=[hours()], minutes=10) == []


def test_a_late_hour_belongs_to_the_halls_date_although_it_is_another_day_in_greenwich():
    spans = rules.plan_day(DAY, weekday=0, hours=[hours(time(0), time(1))], minutes=30)
    assert spans[0].starts_at.astimezone(UTC).date() == date(2026, 9, 20)
    assert {business_date(span.starts_at) for span in spans} == {DAY}


def test_the_length_is_items_times_people_and_the_way():
    assert rules.times_needed(items=2, people=3, minutes=10) == 6
    assert rules.times_needed(items=1, people=1, minutes=30, extra_minutes=40) == 3


@pytest.mark.parametrize(
    "wrong", [{"items": 0}, {"people": 0}, {"items": 21}, {"people": 21}, {"minutes": 480}]
)
def test_an_impossible_length_is_refused(wrong):
    with pytest.raises(Invalid):
        rules.times_needed(**{"items": 2, "people": 1, "minutes": 10} | wrong)


def test_an_appointment_never_reaches_over_the_lunch_break():
    day = rules.plan_day(
        DAY, weekday=0, minutes=10,
        hours=[hours(time(9), time(9, 20)), hours(time(13), time(13, 20))],
    )  # fmt: skip
    assert rules.run_from(day, day[1].starts_at, 2) == []
    assert len(rules.run_from(day, day[0].starts_at, 2)) == 2


@given(
    st.lists(
        st.tuples(st.integers(0, 23 * 60), st.integers(5, 300)), min_size=1, max_size=4
    ),
    st.integers(5, 60),
)  # fmt: skip
def test_times_of_a_day_never_overlap_and_lie_within_the_hours(lines, minutes):
    rows = []
    for start, length in lines:
        end = min(start + length, 24 * 60 - 1)
        if end - start >= minutes:
            rows.append(Hours(0, time(*divmod(start, 60)), time(*divmod(end, 60)), 1, 1, 1, 1))
    try:
        checked = rules.check_hours(rows, minutes=minutes)
    except Invalid:
        return
    spans = rules.plan_day(DAY, weekday=0, hours=checked, minutes=minutes)
    for before, after in pairwise(spans):
        assert before.ends_at <= after.starts_at
    assert all(span.ends_at - span.starts_at == timedelta(minutes=minutes) for span in spans)
    assert all(business_date(span.starts_at) == DAY for span in spans)


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(1, 4), st.integers(1, 120), st.integers(1, 60))
def test_who_missed_less_often_is_never_blocked_longer(days, count, within, pause):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    missed = [start + timedelta(days=day) for day in days]
    rule = {"within_days": within, "pause_days": pause}
    until, milder = (rules.blocked_until(missed, count=n, **rule) for n in (count, count + 1))
    if len(missed) < count:
        assert until is None
    if milder is not None:
        assert until is not None
        assert milder <= until


def test_a_count_of_zero_switches_the_no_show_rule_off():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert rules.blocked_until([now, now], count=0, within_days=90, pause_days=30) is None


def test_hours_that_overlap_or_give_a_channel_too_much_are_refused():
    with pytest.raises(Invalid):
        rules.check_hours([hours(), hours(time(10), time(12))], minutes=10)
    with pytest.raises(Invalid):
        rules.check_hours([Hours(0, time(9), time(11), 1, 2, 0, 0)], minutes=10)
    with pytest.raises(Invalid):
        rules.check_hours([hours(time(11), time(9))], minutes=10)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_free_places_never_exceed_what_the_channel_or_the_time_has(capacity, share, taken):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    span = Span(now, now, capacity, share, 0, 0)
    free = rules.free_places(span, {"hall": taken}, "hall")
    assert 0 <= free <= max(share - taken, 0)
    assert free + taken <= max(capacity, taken)


def entry(**changes: object) -> CalendarEntry:
    given: dict[str, object] = {
        "uid": "1@x", "sequence": 1, "starts_at": datetime(2026, 9, 21, 9, tzinfo=HALL_ZONE),
        "ends_at": datetime(2026, 9, 21, 9, 10, tzinfo=HALL_ZONE), "title": "优待证；办理, 一次",
        "place": "二号窗口", "description": "请带：身份证\n照片", "url": "https://x/b/1/", "cancelled": False,
        "stamp": datetime(2026, 9, 18, tzinfo=UTC),
    }  # fmt: skip
    return CalendarEntry(**{**given, **changes})


def test_the_calendar_file_says_the_time_in_utc_and_escapes_its_text():
    text = as_ics(entry()).decode()
    assert "DTSTART:20260921T010000Z\r\n" in text
    assert "SUMMARY:优待证；办理\\, 一次" in text
    assert "\\n照片" in text
    assert "STATUS:CANCELLED" in as_ics(entry(cancelled=True)).decode()


@given(st.text(max_size=300))
def test_no_text_breaks_the_lines_of_the_calendar_file(text):
    file = as_ics(entry(title=text, description=text))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    unfolded = file.replace(b"\r\n ", b"").decode()
    assert len(unfolded.split("\r\n")) == 19
