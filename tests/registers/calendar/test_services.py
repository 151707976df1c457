"""Loading a year, hours of service, and what the database itself refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from liangdian.foundation.actor import SYSTEM, Actor, Grant, Role
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed, Stale
from liangdian.foundation.workdays import due_of
from liangdian.registers.calendar import rules, selectors, services
from liangdian.registers.calendar.events import YearLoaded, year_loaded
from liangdian.registers.calendar.kinds import Kind
from liangdian.registers.calendar.models import CalendarDay, CalendarLoad, CalendarYear, ServiceHours
from liangdian.registers.calendar.rules import Departure, Interval

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 10, 2, tzinfo=UTC)
ADMINISTRATOR = Actor(user_id=7, name="Gu Wen", grants=(Grant(Role.ADMINISTRATOR, 1, "/1/"),))


def days(*spans: tuple[tuple[int, int], int], year: int = 2027) -> list[Departure]:
    return [
        Departure(date(year, *first) + timedelta(days=i), Kind.HOLIDAY, "假")
        for first, n in spans
        for i in range(n)
    ]


TABLE_2027 = [
    *days(((1, 1), 3), ((5, 1), 5), ((10, 1), 7)),
    Departure(date(2027, 10, 9), Kind.MAKE_UP, "国庆节"),
]


def load(rows=TABLE_2027, *, actor=ADMINISTRATOR, year=2027, source="国办发明电〔2026〕7号", **more):
    return services.load_year(actor=actor, year=year, rows=rows, source=source, at=AT, **more)


def test_a_due_time_is_provisional_until_its_year_is_loaded():
    services.seed_from_library()
    start, limit = datetime(2026, 12, 31, 9, tzinfo=HALL_ZONE), Limit(1, LimitUnit.WORKING_DAYS)
    before = due_of(limit, start, selectors.calendar_days())
    version = selectors.calendar_version()
    loaded = load()
    after = due_of(limit, start, selectors.calendar_days())
    assert (before.day, before.provisional) == (date(2027, 1, 1), True)
    assert (after.day, after.provisional) == (date(2027, 1, 4), False)
    assert selectors.calendar_version() == selectors.calendar_version(2027) == loaded.version > version
    (explained,) = selectors.loads_after(version)
    assert explained.actor_name == "Gu Wen"
    assert explained.changes["added"][0] == {"date": "2027-01-01", "kind": "holiday", "name": "假"}


def test_seeding_twice_changes_nothing_and_keeps_what_an_administrator_loaded():
    assert services.seed_from_library()[-1] == rules.LIBRARY_LAST
    load(days(((1, 1), 1), ((5, 1), 1), ((10, 1), 3), year=2026), year=2026)
    version = selectors.calendar_version()
    assert services.seed_from_library() == []
    assert selectors.calendar_version() == version
    assert selectors.calendar_days().is_working(date(2026, 2, 16))


def test_loading_the_same_table_again_changes_nothing():
    first = load()
    again = load(reversed(TABLE_2027))
    assert again.version == first.version
    assert not again.difference
    assert CalendarLoad.objects.count() == 1


def test_loading_another_table_tells_what_changes():
    first = load()
    rows = [Departure(d.date, d.kind, "元旦") if d.date == date(2027, 1, 1) else d for d in TABLE_2027[:-1]]
    change = load([*rows, Departure(date(2027, 2, 8), Kind.HOLIDAY, "春节")]).difference
    assert [d.date for d in change.added] == [date(2027, 2, 8)]
    assert [d.date for d in change.removed] == [date(2027, 10, 9)]
    assert [(old.name, new.name) for old, new in change.changed] == [("假", "元旦")]
    assert selectors.calendar_version(2027) > first.version


def test_the_days_are_kept_in_the_process_until_a_table_changes(django_assert_num_queries):
    services.seed_from_library()
    selectors.calendar_days()
    with django_assert_num_queries(1):
        assert not selectors.calendar_days().is_working(date(2026, 10, 1))
    load()
    with django_assert_num_queries(2):
        assert not selectors.calendar_days().is_working(date(2027, 1, 1))


def test_the_cache_follows_a_table_that_was_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        load()
        assert selectors.calendar_days().is_known(date(2027, 1, 1))
        raise RuntimeError
    assert not selectors.calendar_days().is_known(date(2027, 1, 1))
    load(days(((1, 1), 1), ((5, 1), 1), ((10, 1), 3)))
    assert selectors.calendar_days().is_working(date(2027, 10, 4))


def test_others_are_told_after_commit(django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, event, **_more):
        heard.append(event)

    year_loaded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            loaded = load()
            assert heard == []
    finally:
        year_loaded.disconnect(listen)
    assert heard == [YearLoaded(2027, loaded.version)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_changes_the_calendar(role):
    other = Actor(user_id=8, name="Lin", grants=(Grant(role, 1, "/1/"),))
    with pytest.raises(NotAllowed):
        load(actor=other)
    with pytest.raises(NotAllowed):
        services.set_hours(actor=other, at=AT, week={})


def test_a_table_loaded_meanwhile_is_not_overwritten():
    load()
    with pytest.raises(Stale, match="2027"):
        load(TABLE_2027[:-1], expected_version=0)
    assert selectors.departures(2027) == sorted(TABLE_2027)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*TABLE_2027, TABLE_2027[0]], "2027-01-01"),
        ([*TABLE_2027, Departure(date(2026, 12, 31), Kind.HOLIDAY)], "2026-12-31"),
        ([*TABLE_2027, Departure(date(2027, 2, 8), Kind.MAKE_UP)], "2027-02-08"),
        (TABLE_2027[1:], "2027-01-01"),
        ([], "2027-01-01"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_with_its_day(rows, words):
    with pytest.raises(Invalid, match=words):
        load(rows)
    assert not CalendarYear.objects.exists()


def test_a_table_needs_a_source_and_a_possible_year():
    with pytest.raises(Invalid) as caught:
        load(source=" \x00")
    assert caught.value.field == "source"
    with pytest.raises(Invalid) as caught:
        load(year=1)
    assert caught.value.field == "year"


MORNING, AFTERNOON = Interval(time(9), time(12)), Interval(time(13, 30), time(17))


def test_several_intervals_a_day_and_none_on_holidays():
    services.seed_from_library()
    assert services.seed_hours()
    assert not services.seed_hours()
    assert selectors.hours_on(date(2026, 9, 18)) == [MORNING, AFTERNOON]
    assert selectors.hours_on(date(2026, 9, 20)) == [MORNING, AFTERNOON]  # a make-up Sunday
    assert selectors.hours_on(date(2026, 10, 1)) == []
    assert selectors.hours_on(date(2026, 9, 19)) == []

    def open_at(hour, minute=0, day=18):
        return selectors.is_open(datetime(2026, 9, day, hour, minute, tzinfo=HALL_ZONE))

    assert [open_at(8, 59), open_at(9), open_at(12), open_at(13, 30), open_at(17)] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert selectors.is_open(datetime(2026, 9, 18, 1, tzinfo=UTC))
    assert not open_at(10, day=19)


def test_a_scope_has_its_own_hours_or_those_of_the_centre():
    services.seed_hours()
    services.set_hours(actor=SYSTEM, at=AT, scope="window-3", week={5: [Interval(time(9), time(11))]})
    saturday, friday = date(2026, 9, 19), date(2026, 9, 18)
    assert selectors.hours_on(saturday, "window-3") == [Interval(time(9), time(11))]
    assert selectors.hours_on(friday, "window-3") == []
    assert selectors.hours_on(friday, "window-4") == [MORNING, AFTERNOON]


@pytest.mark.parametrize(
    "intervals",
    [
        [Interval(time(12), time(9))],
        [Interval(time(9), time(9))],
        [MORNING, Interval(time(11, 59), time(13))],
        [MORNING, MORNING],
    ],
)
def test_hours_that_cannot_be_are_refused_and_the_old_ones_stay(intervals):
    services.set_hours(actor=ADMINISTRATOR, at=AT, week={0: [AFTERNOON, MORNING]})
    with pytest.raises(Invalid):
        services.set_hours(actor=ADMINISTRATOR, at=AT, week={0: intervals})
    assert selectors.service_hours() == {0: [MORNING, AFTERNOON]}


@pytest.mark.parametrize(
    "row",
    [
        CalendarDay(date=date(2027, 2, 8), kind="feast", source="x"),
        CalendarDay(date=date(2027, 2, 8), kind="make_up", source="x"),
        CalendarYear(year=1, version=1, source="x"),
        CalendarYear(year=2027, version=1, source=""),
        ServiceHours(weekday=8, opens=time(9), closes=time(10)),
        ServiceHours(weekday=0, opens=time(10), closes=time(9)),
    ],
)
def test_the_database_refuses_what_cannot_be(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_database_refuses_a_second_row_for_a_day():
    load()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(date=date(2027, 1, 1), kind="holiday", source="x")


@pytest.mark.parametrize(
    "statement", ["UPDATE calendar_calendarload SET year = 1", "DELETE FROM calendar_calendarload"]
)
def test_the_database_keeps_every_load_as_it_was(statement):
    load()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
