"""The import of the service requests of Los Angeles into a fresh installation, timed; prints JSON."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django has to be set up first

from liangdian.casework.imports import import_cases  # noqa: E402
from liangdian.foundation.actor import SYSTEM  # noqa: E402

MAPPING = "requests_la_2017"
MADE = 9_999
COLUMNS = (
    "SRNumber", "CreatedDate", "UpdatedDate", "ActionTaken", "Owner", "RequestType", "Status",
    "RequestSource", "Anonymous", "AssignTo", "ServiceDate", "ClosedDate", "ZipCode", "Latitude", "Longitude",
    "NCName",
)  # fmt: skip
TYPES = ("Bulky Items", "Graffiti Removal", "Electronic Waste")
WRITTEN = "%m/%d/%Y %I:%M:%S %p"


def main(given: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        real = given.is_file()
        if real:
            path.write_bytes(given.read_bytes())
        else:
            _make(path)
        begin = time.perf_counter()
        done = import_cases(path=path, mapping=MAPPING, actor=SYSTEM, at=timezone.now())
        seconds = time.perf_counter() - begin
    rows = {"read": done.read, "created": done.created, "rejected": done.rejected, "real_file": real}
    print(json.dumps(rows | {"seconds": round(seconds, 2), "rows_per_second": round(done.read / seconds)}))


def _make(path: Path) -> None:
    """Rows of the same shape, where the real file is not at hand."""
    begin = datetime(2017, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(MADE):
            opened = begin + timedelta(minutes=50 * number)
            promised, closed = opened + timedelta(days=7), opened + timedelta(days=3 + number % 9)
            table.writerow([
                f"1-{number:09d}", opened.strftime(WRITTEN), closed.strftime(WRITTEN), "SR Created", "BOS",
                TYPES[number % 3], "Closed", "Call", "N", "NC",
                promised.strftime(WRITTEN), closed.strftime(WRITTEN), "90026.0", "34.073", "-118.267",
                "GREATER ECHO PARK ELYSIAN NC",
            ])  # fmt: skip


main(Path(sys.argv[1]))
