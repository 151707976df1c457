"""The days of a year as people speak of them: one line for each occasion, days off in runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from liangdian.registers.calendar.kinds import Kind, name_in_language
from liangdian.registers.calendar.rules import Departure


@dataclass(slots=True)
class Run:
    """Days off in a row, from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Occasion:
    """One holiday with its days off and the Saturdays and Sundays that are worked for it."""

    name: str
    runs: list[Run] = field(default_factory=list)
    make_ups: list[date] = field(default_factory=list)

    @property
    def begins(self) -> date:
        """The first day off; a make-up day may lie before it."""
        return self.runs[0].first if self.runs else self.make_ups[0]


def occasions(departures: list[Departure]) -> list[Occasion]:
    """The occasions of ``departures`` by their first day off; days without a name stand alone."""
    found: dict[str, Occasion] = {}
    for row in departures:
        key = row.name or row.date.isoformat()
        occasion = found.setdefault(key, Occasion(name_in_language(row.name)))
        if row.kind == Kind.MAKE_UP:
            occasion.make_ups.append(row.date)
        elif occasion.runs and row.date - occasion.runs[-1].last == timedelta(days=1):
            occasion.runs[-1].last = row.date
        else:
            occasion.runs.append(Run(row.date, row.date))
    return sorted(found.values(), key=lambda occasion: occasion.begins)
