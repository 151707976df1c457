"""``liangdian due``: when a limit runs out, at the command line, without a database.

The command counts with the table that comes with the product (package chinesecalendar), never with
the tables of an installation, so that its answer is the same on every machine. Days of a year that
the table does not have are counted by weekday, and said to be provisional on stderr.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from liangdian.foundation.clock import start_of_day
from liangdian.foundation.limits import LONGEST, Due, Limit, LimitUnit
from liangdian.foundation.workdays import Days, due_of
from liangdian.registers.calendar.rules import LIBRARY_FIRST, LIBRARY_LAST, LibraryDays

COLUMNS = ("start", "amount", "unit")
UNITS = (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS)


class BadPair(ValueError):
    """A value that cannot be counted; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the file with what was found out: ``due`` or ``problem``."""

    line: int
    row: list[str]
    due: Due | None
    problem: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``liangdian due``."""
    parser.description = (
        "Say when a limit runs out. The start day is not counted; a limit in calendar days that ends "
        "on a rest day ends on the next working day (Civil Code, Art. 201 and 203)."
    )
    parser.add_argument("--from", dest="start", metavar="DATE", help="the start day, such as 2026-09-18")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--working-days", metavar="N", help="the limit in working days")
    what.add_argument("--calendar-days", metavar="N", help="the limit in calendar days")
    what.add_argument(
        "--pairs",
        type=Path,
        metavar="FILE.csv",
        help="many at once: a CSV with the columns start,amount,unit",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="with --pairs: write here, not to the screen"
    )


def run(args: argparse.Namespace) -> int:
    """Answer, and give the exit code: 0, or 2 when something could not be read."""
    try:
        return _many(args) if args.pairs else _one(args)
    except BadPair as problem:
        print(f"liangdian due: {problem}", file=sys.stderr)
        return 2


due_command = run


def _one(args: argparse.Namespace) -> int:
    if args.start is None:
        raise BadPair("say the start day with --from, such as --from 2026-09-18.")
    if args.output is not None:
        raise BadPair("--output goes with --pairs.")
    working = args.working_days is not None
    unit = LimitUnit.WORKING_DAYS if working else LimitUnit.CALENDAR_DAYS
    amount = args.working_days if working else args.calendar_days
    due = _count(args.start, amount, unit.value, LibraryDays())
    print(due.day.isoformat())
    if due.provisional:
        print(f"{due.day} is provisional: {_reason()}", file=sys.stderr)
    return 0


def _reason() -> str:
    return (
        f"the calendar has the holidays of {LIBRARY_FIRST} to {LIBRARY_LAST}; "
        "days outside those years are counted as Monday to Friday."
    )


def _count(start: str, amount: str, unit: str, days: Days) -> Due:
    limit = Limit(_amount(amount), _unit(unit))
    try:
        return due_of(limit, start_of_day(_day(start)), days)
    except OverflowError as error:
        raise BadPair(f"{amount} days after {start} is too far away.") from error


def _day(text: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        try:
            return date.fromisoformat(text.strip())
        except ValueError as error:
            raise BadPair(f"there is no day {text.strip()}.") from error
    raise BadPair(f"{text.strip()!r} is not a date; write it as 2026-09-18.")


def _amount(text: str) -> int:
    if re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII) and int(text) <= LONGEST:
        return int(text)
    raise BadPair(f"{text.strip()!r} is not a whole number from 0 to {LONGEST}.")


def _unit(text: str) -> LimitUnit:
    if (name := text.strip().lower()) in UNITS:
        return LimitUnit(name)
    raise BadPair(f"{text.strip()!r} is not a unit; write working_days or calendar_days.")


def _many(args: argparse.Namespace) -> int:
    if args.start is not None:
        raise BadPair("--from does not go with --pairs: the file has the start days.")
    lines = _lines(args.pairs)
    names = lines[0][1] if lines else []
    header = [name.strip().lower() for name in names]
    if missing := [name for name in COLUMNS if name not in header]:
        raise BadPair(f"{args.pairs} lacks the column {' and '.join(missing)}; it needs {','.join(COLUMNS)}.")
    days = LibraryDays()
    answers = [_answer(line, row, header, days) for line, row in lines[1:] if any(row)]
    _write(args.output, _table(names, header, answers))
    return _report(answers)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    lines = []
    try:
        for row in reader:
            lines.append((reader.line_num, row))
    except csv.Error as error:
        raise BadPair(f"{path}, line {reader.line_num}: this is not CSV ({error}).") from error
    return lines


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadPair(f"cannot read {path}: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadPair(f"{path} is neither UTF-8 nor GB18030 text.")


def _answer(line: int, row: list[str], header: list[str], days: Days) -> Answer:
    if len(row) != len(header):
        return Answer(line, row, None, f"{len(row)} columns where the first line has {len(header)}.")
    start, amount, unit = (row[header.index(name)] for name in COLUMNS)
    try:
        return Answer(line, row, _count(start, amount, unit, days), "")
    except BadPair as problem:
        return Answer(line, row, None, str(problem))


def _table(names: list[str], header: list[str], answers: list[Answer]) -> str:
    """The file again with the column ``due``, which is empty where there is a problem."""
    place = header.index("due") if "due" in header else len(header)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names[:place], "due", *names[place + 1 :]])
    for answer in answers:
        due = answer.due.day.isoformat() if answer.due else ""
        row = [*answer.row, *[""] * (place - len(answer.row))]
        writer.writerow([*row[:place], due, *row[place + 1 :]])
    return text.getvalue()


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadPair(f"cannot write {output}: {error.strerror}.") from error


def _report(answers: list[Answer]) -> int:
    for answer in answers:
        if answer.problem:
            print(f"line {answer.line}: {answer.problem}", file=sys.stderr)
    provisional = [answer for answer in answers if answer.due and answer.due.provisional]
    if provisional:
        lines = ", ".join(str(answer.line) for answer in provisional)
        print(f"provisional on line {lines}: {_reason()}", file=sys.stderr)
    bad = sum(bool(answer.problem) for answer in answers)
    if bad:
        print(f"{bad} of {len(answers)} rows could not be read; their column due is empty.", file=sys.stderr)
    return 2 if bad else 0
