"""The arithmetic of hours: nothing is counted twice, nothing is lost at midnight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from liangdian.desks.duty import rules
from liangdian.foundation.clock import HALL_ZONE

START = datetime(2026, 3, 1, tzinfo=HALL_ZONE)
MOMENTS = st.integers(0, 60 * 24 * 4).map(lambda m: START + timedelta(minutes=m))
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS), max_size=8)
TIMES = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))


# Minute by minute over weeks: slow and plainly right.
PATIENT = settings(deadline=None, max_examples=60)


def marked(spans) -> set[datetime]:
    """Every minute in the spans, one by one."""
    found = set()
    for begin, end in spans:
        while begin < end:
            found.add(begin)
            begin += timedelta(minutes=1)
    return found


@PATIENT
@given(SPANS)
def test_minutes_count_each_minute_once(spans):
    assert rules.minutes(spans) == len(marked(spans))


@given(SPANS)
def test_a_union_neither_overlaps_nor_touches(spans):
    joined = rules.union(spans)
    assert all(a[1] < b[0] for a, b in pairwise(joined))
    assert rules.union(joined) == joined


@PATIENT
@given(SPANS, SPANS)
def test_what_is_covered_and_what_is_missing_make_the_whole(first, second):
    both, left = rules.common(first, second), rules.without(first, second)
    assert marked(both) == marked(first) & marked(second)
    assert marked(left) == marked(first) - marked(second)
    assert rules.minutes(both) + rules.minutes(left) == rules.minutes(first)


@given(DAYS, TIMES, TIMES)
def test_a_shift_is_as_long_as_the_clock_says_over_midnight_too(day, starts, ends):
    begins, until = rules.span_of(day, starts, ends)
    expected = (ends.hour * 60 + ends.minute - starts.hour * 60 - starts.minute) % (24 * 60) or 24 * 60
    assert rules.minutes([(begins, until)]) == expected
    assert begins.date() == day
    assert until.date() == (day if ends > starts else day + timedelta(days=1))


@given(DAYS)
def test_the_hall_knows_no_summer_time(day):
    # 1940-1991 China had it; nothing is planned for those years.
    assert rules.span_of(day, time(0), time(0))[1] - rules.span_of(day, time(0), time(0))[0] == timedelta(
        days=1
    )
    assert START.replace(year=day.year, month=day.month, day=1).utcoffset() == timedelta(hours=8)


@PATIENT
@given(SPANS, st.tuples(MOMENTS, MOMENTS).filter(lambda s: s[0] < s[1]))
def test_overlap_is_the_same_as_a_common_minute(spans, span):
    real = [s for s in spans if s[0] < s[1]]
    assert rules.overlaps(span, real) == bool(rules.common([span], real))
    assert rules.overlaps(span, [(span[1], span[1] + timedelta(hours=1))]) is False


@given(DAYS)
def test_a_month_is_all_its_days(day):
    days = list(rules.days_of(day))
    assert days[0] == day.replace(day=1)
    assert days[-1] + timedelta(days=1) == rules.next_month(day)
    assert rules.month_before(rules.next_month(day)) == day.replace(day=1)


MARKS = st.lists(st.builds(rules.Said, MOMENTS, st.booleans()), max_size=12)


@given(MARKS)
def test_each_coming_is_one_stretch_and_no_leaving_is_used_twice(said):
    found = rules.stretches(said)
    assert sorted(s.begin for s in found) == sorted(m.at for m in said if m.inward)
    ends = [s.end for s in found if s.end is not None]
    assert all(ends.count(end) <= sum(m.at == end and not m.inward for m in said) for end in ends)
    assert all(s.end is None or timedelta() <= s.end - s.begin <= rules.LONGEST_STRETCH for s in found)


@given(MARKS)
def test_what_people_say_never_counts_the_same_minute_twice(said):
    spans = [s.span() for s in rules.stretches(said)]
    closed = [span for span in spans if span is not None]
    assert not rules.clash(span for span in closed if span[0] < span[1])


@given(MARKS, MOMENTS)
def test_an_open_stretch_counts_at_most_eighteen_hours(said, at):
    for stretch in rules.stretches(said):
        span = stretch.up_to(at)
        assert span is None or span[1] - span[0] <= rules.LONGEST_STRETCH
