"""Allowances by rule, pure: whole fen, whole days, whole hours. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from liangdian.desks.duty.states import Basis


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person kept on one day: minutes within his shifts. ``rest``: a weekend or a holiday."""

    user_id: int
    day: date
    minutes: int
    rest: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """A version of a rule: ``fen`` for each day of at least ``minimum`` minutes, or for each full hour."""

    rule_id: int
    basis: str
    fen: int
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of the sheet: ``quantity`` days or full hours at ``fen`` each."""

    user_id: int
    rule_id: int
    quantity: int
    fen: int

    @property
    def amount(self) -> int:
        """In fen."""
        return self.quantity * self.fen


def amounts(kept: Iterable[Kept], in_force: Callable[[date], Iterable[Rate]]) -> list[Amount]:
    """The lines for what was kept, with the rates in force on each day.

    Minutes are added up over the month for each version of a rule; only full hours count.
    """
    sums: dict[tuple[int, int], int] = {}
    rates: dict[int, Rate] = {}
    for row in kept:
        for rate in in_force(row.day):
            rates[rate.rule_id] = rate
            key = (row.user_id, rate.rule_id)
            sums[key] = sums.get(key, 0) + _counted(row, rate)
    found = []
    for (user_id, rule_id), total in sorted(sums.items()):
        rate = rates[rule_id]
        quantity = total if rate.basis == Basis.DAY else total // 60
        if quantity and rate.fen:
            found.append(Amount(user_id, rule_id, quantity, rate.fen))
    return found


def _counted(row: Kept, rate: Rate) -> int:
    """Days (0 or 1) or minutes that count on this day."""
    if rate.basis == Basis.DAY:
        return int(row.minutes > 0 and row.minutes >= rate.minimum)
    if rate.basis == Basis.REST_HOUR and not row.rest:
        return 0
    return row.minutes
