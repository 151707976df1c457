"""One year as twelve small months, ready for the page."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liangdian.registers.calendar.kinds import Kind, name_in_language
from liangdian.registers.calendar.rules import Departure


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its number, the class of its look, the word under it, and the words for it in full."""

    number: int | str
    look: str = ""
    mark: str = ""
    words: str = ""
    today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One small month: its name and its weeks, each of seven cells."""

    name: object
    weeks: list[list[Cell]]


def weekday_names() -> list[tuple[str, str]]:
    """Short and full names from Monday to Sunday."""
    return [
        (pgettext("weekday", "Mo"), _("Monday")),
        (pgettext("weekday", "Tu"), _("Tuesday")),
        (pgettext("weekday", "We"), _("Wednesday")),
        (pgettext("weekday", "Th"), _("Thursday")),
        (pgettext("weekday", "Fr"), _("Friday")),
        (pgettext("weekday", "Sa"), _("Saturday")),
        (pgettext("weekday", "Su"), _("Sunday")),
    ]


def twelve_months(year: int, departures: list[Departure], today: date) -> list[Month]:
    """The months of ``year`` with holidays and make-up days marked."""
    by_date = {row.date: row for row in departures}
    weeks = calendar.Calendar(firstweekday=0)
    marks = {Kind.HOLIDAY: pgettext("day", "off"), Kind.MAKE_UP: pgettext("day", "work")}
    return [
        Month(
            MONTHS[month],
            [
                [
                    _cell(day, by_date.get(day), marks, today) if day.month == month else Cell("")
                    for day in week
                ]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(day: date, row: Departure | None, marks: dict[Kind, str], today: date) -> Cell:
    if row is None:
        look = "weekend" if day.weekday() >= 5 else ""
        return Cell(day.day, look=look, today=day == today)
    return Cell(
        day.day,
        look=row.kind.value.replace("_", "-"),
        mark=marks[row.kind],
        words=name_in_language(row.name),
        today=day == today,
    )
