"""Reads about the monthly sheet and the rules of allowances."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from liangdian.desks.duty import kept, policy
from liangdian.desks.duty.allowances import Rate, amounts
from liangdian.desks.duty.models import AllowanceRule, Sheet
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.wording import NO_SUCH_CORRECTION
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import selectors as accounts
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit


def rules_for(unit: Unit) -> list[AllowanceRule]:
    """Every version of every rule that reaches this unit: its own and those of the units above."""
    rows = AllowanceRule.objects.filter(unit_id__in=[*unit.ancestor_ids, unit.pk])
    return list(rows.select_related("unit", "made_by"))


def in_force(rules: list[AllowanceRule], day: date) -> list[AllowanceRule]:
    """The version of each rule that holds on ``day``; of two units the nearer one's."""
    found: dict[str, AllowanceRule] = {}
    for rule in sorted(rules, key=lambda r: (r.unit.path.count("/"), r.valid_from, r.pk)):
        if rule.valid_from <= day:
            found[rule.code] = rule
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Computed:
    """What a sheet of this month says when it is made now. Plain values, as they are stored."""

    hours: list[dict[str, int | None]]
    allowances: list[dict[str, int]]

    @property
    def total_fen(self) -> int:
        return sum(line["amount"] for line in self.allowances)


def compute(unit: Unit, month: date, at: datetime) -> Computed:
    """The sheet of ``month`` from shifts, marks and rules. Seven queries at most."""
    found = kept.kept_by_people(unit, month, at)
    rules = rules_for(unit)

    def rates(day: date) -> list[Rate]:
        return [Rate(r.pk, r.basis, r.fen, r.minimum_minutes) for r in in_force(rules, day)]

    lines = amounts(found.days, rates)
    return Computed(
        [asdict(row) for row in found.hours],
        [
            {"user_id": a.user_id, "rule_id": a.rule_id, "quantity": a.quantity, "fen": a.fen,
             "amount": a.amount}
            for a in lines
        ],
    )  # fmt: skip


def newest(unit: Unit, month: date) -> Sheet | None:
    """The approved sheet of the month, else the one made last; None when none was made."""
    rows = Sheet.objects.filter(unit=unit, month=month).select_related("made_by", "decided_by", "unit")
    found = list(rows[:20])
    return next((row for row in found if row.approved), found[0] if found else None)


def is_locked(unit_id: int, day: date) -> bool:
    """True when the sheet of that month is approved."""
    return Sheet.objects.filter(unit_id=unit_id, month=day.replace(day=1), approved=True).exists()


def sheet_for(actor: Actor, sheet_id: int) -> Sheet:
    """One sheet, for those who may read it. Raises NotFound."""
    rows = Sheet.objects.select_related("unit", "made_by", "decided_by")
    row = rows.filter(pk=sheet_id).first()
    if row is None or not policy.may(actor, Act.SEE_SHEET, row.unit.path):
        raise NotFound(NO_SUCH_CORRECTION)
    return row


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One line as it is read, in hours."""

    name: str
    window: str
    scheduled: float
    kept: float
    beyond: float
    days: int


@dataclass(frozen=True, slots=True)
class AllowanceLine:
    """One line as it is read, money in yuan."""

    name: str
    rule: AllowanceRule
    quantity: int
    each: float
    amount: float


@dataclass(frozen=True, slots=True)
class Readable:
    """A sheet with names in place of numbers."""

    sheet: Sheet
    hours: list[HoursLine]
    allowances: list[AllowanceLine]

    @property
    def total(self) -> float:
        """In yuan."""
        return self.sheet.total_fen / 100


def readable(sheet: Sheet) -> Readable:
    """Names of people, windows and rules. Four queries."""
    names = accounts.users_by_ids(line["user_id"] for line in [*sheet.hours, *sheet.allowances])
    unit = sheet.unit
    windows = {
        w.pk: f"{w.number} {w.label}"
        for active in (True, False)
        for w in organisation.windows_of(unit, active=active)
    }
    rules = AllowanceRule.objects.in_bulk({line["rule_id"] for line in sheet.allowances})
    return Readable(
        sheet,
        [
            HoursLine(
                names.get(line["user_id"], ""), windows.get(line["window_id"], ""),
                _hours(line["scheduled"]), _hours(line["kept"]), _hours(line["beyond"]), line["days"],
            )
            for line in sheet.hours
        ],
        [
            AllowanceLine(
                names.get(line["user_id"], ""), rules[line["rule_id"]], line["quantity"],
                line["fen"] / 100, line["amount"] / 100,
            )
            for line in sheet.allowances
        ],
    )  # fmt: skip


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)
