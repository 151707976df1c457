"""Tables to import, made for the tests: rows in the columns of the shipped mapping, as CSV or xlsx."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

COLUMNS = (
    "SRNumber", "CreatedDate", "UpdatedDate", "ActionTaken", "Owner", "RequestType", "Status",
    "RequestSource", "Anonymous", "AssignTo", "ServiceDate", "ClosedDate", "ZipCode",
    "Latitude", "Longitude", "NCName",
)  # fmt: skip
ROW = {
    "SRNumber": "1-1", "CreatedDate": "12/28/2017 10:00:00 AM", "UpdatedDate": "01/03/2018 09:00:00 AM",
    "ActionTaken": "SR Created", "Owner": "BOS", "RequestType": "Bulky Items", "Status": "Closed",
    "RequestSource": "Call", "Anonymous": "N", "AssignTo": "NC", "ServiceDate": "01/05/2018 12:00:00 AM",
    "ClosedDate": "01/03/2018 09:00:00 AM", "ZipCode": "90026.0", "Latitude": "34.073",
    "Longitude": "-118.267", "NCName": "GREATER ECHO PARK ELYSIAN NC",
}  # fmt: skip
OPEN = {"Status": "Open", "ClosedDate": ""}


def row(**changes: str) -> dict[str, str]:
    """A good closed row with these columns changed."""
    return {**ROW, **changes}


def rows(count: int) -> list[dict[str, str]]:
    """Many good rows, one a minute over the turn of a year, every tenth one open."""
    begin = datetime(2017, 12, 30, 8, 0)  # noqa: DTZ001 - local time, as the source writes it
    form, found = "%m/%d/%Y %I:%M:%S %p", []
    for i in range(count):
        created = begin + timedelta(minutes=i)
        closed = {"ClosedDate": (created + timedelta(days=3)).strftime(form)}
        found.append(
            row(SRNumber=f"1-{i}", CreatedDate=created.strftime(form), **(OPEN if i % 10 == 0 else closed))
        )
    return found


def write_csv(path: Path, table: list[dict[str, str]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(table)
    return path


def write_xlsx(path: Path, table: list[dict[str, object]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(COLUMNS)
    for line in table:
        sheet.append([line[column] for column in COLUMNS])
    book.save(path)
    return path
