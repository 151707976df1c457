"""Changing the calendar: load a year, set the hours of service, seed what the product brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from functools import partial

import chinese_calendar
from django.db import transaction
from django.utils.translation import gettext as _

from liangdian.foundation.actor import SYSTEM, Actor
from liangdian.foundation.refused import Invalid, Stale
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.database.facts import only_one
from liangdian.registers.calendar import policy, rules, selectors
from liangdian.registers.calendar.events import YearLoaded, year_loaded
from liangdian.registers.calendar.models import CalendarDay, CalendarLoad, CalendarYear, ServiceHours
from liangdian.registers.calendar.rules import Departure, Difference, Interval

LIBRARY_SOURCE = f"chinesecalendar {chinese_calendar.__version__}"
USUAL_HOURS = (Interval(time(9), time(12)), Interval(time(13, 30), time(17)))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a year did: the version now in force and the days that changed (maybe none)."""

    year: int
    version: int
    difference: Difference


def load_year(
    *,
    actor: Actor,
    year: int,
    rows: Iterable[Departure],
    source: str,
    at: datetime | None,
    expected_version: int | None = None,
) -> Loaded:
    """Replace the whole table of ``year`` by ``rows``; nothing happens when they are the same.

    ``source`` says where the table comes from (the State Council's notice). ``expected_version`` is
    the version that the person saw (0: none). Raises NotAllowed, Invalid, or Stale when somebody
    else loaded the year meanwhile.
    """
    policy.require_change(actor)
    table = rules.check_table(year, rows)
    source = _checked_source(source)
    with only_one("calendar"):
        current = CalendarYear.objects.select_for_update().filter(year=year).first()
        version = current.version if current else 0
        if expected_version is not None and expected_version != version:
            raise Stale(
                _("Somebody else loaded %(year)d meanwhile. Look at the table again before you load yours.")
                % {"year": year}
            )
        change = rules.difference(selectors.departures(year), table)
        if current and not change:
            return Loaded(year, version, change)
        load = _record(actor, year, source, at, change)
        _write(table, year, source, load.pk, at)
        if at is not None and not actor.is_system:  # what the product brings is no act of a person
            audit_log.record(actor, "calendar_loaded", "calendar.year", year, source, at)
        event = YearLoaded(year=year, version=load.pk)
        transaction.on_commit(partial(year_loaded.send, CalendarYear, event=event))
        return Loaded(year, load.pk, change)


def _checked_source(source: str) -> str:
    cleaned = clean(source)
    if not cleaned:
        raise Invalid(_("Say where the table comes from, such as the number of the notice."), field="source")
    if len(cleaned) > 200:
        raise Invalid(_("Keep the source under 200 characters."), field="source")
    return cleaned


def _record(actor: Actor, year: int, source: str, at: datetime | None, change: Difference) -> CalendarLoad:
    return CalendarLoad.objects.create(
        year=year,
        source=source,
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=at,
        changes={
            "added": [_plain(row) for row in change.added],
            "removed": [_plain(row) for row in change.removed],
            "changed": [[_plain(old), _plain(new)] for old, new in change.changed],
        },
    )


def _plain(row: Departure) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(row).items()}


def _write(table: list[Departure], year: int, source: str, version: int, at: datetime | None) -> None:
    CalendarYear.objects.update_or_create(
        year=year, defaults={"version": version, "source": source, "published_at": at}
    )
    CalendarDay.objects.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=row.date, kind=row.kind.value, name=row.name, source=source) for row in table
    )


def seed_from_library(*, at: datetime | None = None) -> list[int]:
    """Load every year that the product's table has and the database lacks; gives those years.

    Safe to run again: a year that an administrator loaded is left alone.
    """
    with transaction.atomic():
        present = set(selectors.years())
        missing = [y for y in range(rules.LIBRARY_FIRST, rules.LIBRARY_LAST + 1) if y not in present]
        for year in missing:
            load_year(
                actor=SYSTEM,
                year=year,
                rows=rules.library_departures(year),
                source=LIBRARY_SOURCE,
                at=at,
                expected_version=0,
            )
    return missing


def set_hours(*, actor: Actor, week: Mapping[int, Iterable[Interval]], scope: str = "", at: datetime) -> None:
    """Replace the hours of ``scope`` by ``week``: weekday 0-6, or 7 for make-up days, to intervals.

    Raises NotAllowed, or Invalid when an interval ends before it begins or overlaps another.
    """
    policy.require_change(actor)
    checked = {weekday: rules.check_intervals(intervals) for weekday, intervals in week.items()}
    with only_one("calendar"):
        ServiceHours.objects.filter(scope=scope).delete()
        _write_hours(checked, scope=scope)
        audit_log.record(actor, "hours_changed", "calendar.hours", scope, at=at)


def _write_hours(week: Mapping[int, Iterable[Interval]], *, scope: str) -> None:
    ServiceHours.objects.bulk_create(
        ServiceHours(scope=scope, weekday=weekday, opens=interval.opens, closes=interval.closes)
        for weekday, intervals in week.items()
        for interval in intervals
    )


def seed_hours() -> bool:
    """Set 9:00-12:00 and 13:30-17:00 on working days where no hours are set at all; True when it did."""
    if ServiceHours.objects.exists():
        return False
    _write_hours(dict.fromkeys((0, 1, 2, 3, 4, rules.MAKE_UP_WEEKDAY), USUAL_HOURS), scope="")
    return True
