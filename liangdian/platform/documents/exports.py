"""Tables that leave the house: CSV and xlsx that no spreadsheet program runs as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from liangdian.platform.documents.tables import safe_cell

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_csv(titles: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark, which spreadsheet programs need for Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(title) for title in titles])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(titles: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a workbook of one sheet; numbers stay numbers, every text is text."""
    book = Workbook()
    sheet = book.active
    sheet.append([_cell(title) for title in titles])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return safe_cell(ILLEGAL_CHARACTERS_RE.sub("", str(value)))


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
