"""The table of one year as text: lines of date, kind and name, typed, pasted or from a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.documents.tables import workbook_lines
from liangdian.registers.calendar.kinds import SPELLINGS
from liangdian.registers.calendar.rules import Departure

LONGEST_NAME = 60
MOST_LINES = 400
_MIDNIGHT = " 00:00:00"
_HEADINGS = {"date", "日期"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def as_table(departures: Iterable[Departure]) -> str:
    """``departures`` as the text that ``read_table`` reads."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", "kind", "name"])
    writer.writerows([row.date.isoformat(), row.kind.value, row.name] for row in departures)
    return text.getvalue()


def read_table(text: str) -> tuple[list[Departure], list[str]]:
    """The rows of ``text`` and, for each line that cannot be read, a sentence that names it.

    Separated by commas, tabs or semicolons; a first line of headings is allowed.
    """
    text = clean(text).replace("，", ",")
    separator = next((mark for mark in "\t,;" if mark in text), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Departure] = []
    problems: list[str] = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (not rows and cells[0].lower() in _HEADINGS):
                continue
            try:
                rows.append(_departure(cells))
            except Invalid as refused:
                problems.append(_line(reader.line_num, str(refused)))
    except csv.Error as error:
        problems.append(_line(reader.line_num, str(error)))
    return rows, problems


def _line(number: int, problem: str) -> str:
    return _("Line %(number)d: %(problem)s") % {"number": number, "problem": problem}


def _departure(cells: list[str]) -> Departure:
    if len(cells) not in {2, 3}:
        raise Invalid(_("A line has the date, the kind and the name."))
    name = cells[2] if len(cells) == 3 else ""
    if len(name) > LONGEST_NAME:
        raise Invalid(_("The name is longer than %(most)d characters.") % {"most": LONGEST_NAME})
    kind = SPELLINGS.get(cells[1].lower())
    if kind is None:
        raise Invalid(
            _("“%(kind)s” is not a kind. Write holiday (休) or make_up (班).") % {"kind": cells[1][:40]}
        )
    return Departure(_day(cells[0]), kind, name)


def _day(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        match = None
    raise Invalid(_("“%(date)s” is not a date. Write it as 2026-10-01.") % {"date": text[:40]})


def decode(raw: bytes) -> str:
    """The text of an uploaded table: a workbook (.xlsx), or text in UTF-8 (marked or not) or GB18030.

    Raises Invalid for an old workbook and for anything that is not text.
    """
    if raw.startswith(b"PK\x03\x04"):
        return _from_workbook(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            _("This is an old workbook. Save it as .xlsx or CSV and choose that file."), field="file"
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("This file is not text. Save the table as CSV and choose that file."), field="file")


def _from_workbook(raw: bytes) -> str:
    """The first sheet as CSV text; days that the workbook keeps as dates lose their midnight."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for number, cells in workbook_lines(io.BytesIO(raw)):
        if number > MOST_LINES:
            raise Invalid(_("This workbook has too many rows to be the table of one year."), field="file")
        writer.writerow([cell.strip().removesuffix(_MIDNIGHT) for cell in _without_empty_end(cells)])
    return text.getvalue()


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells
