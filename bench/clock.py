"""One sweep of 1,000 due matters, timed inside the process; prints JSON. Started anew for every round."""

from __future__ import annotations

import json
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first

from liangdian.casework import services  # noqa: E402

DUE = 1_000
# The multiplied matters wait for the end of their promise, a few seconds after one another.
NEXT = (
    "SELECT next_due_at FROM casework_case WHERE reference LIKE 'XX-%%' AND alarms_done = 1 "
    "ORDER BY next_due_at OFFSET %s LIMIT 1"
)


def main() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [0])
        (first,) = cursor.fetchone()
        services.sweep(at=first)  # What is due from before, and everything that a process reads once.
        cursor.execute(NEXT, [DUE - 1])
        (last,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM casework_case WHERE next_due_at <= %s", [last])
        (due,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM casework_event")
        (events,) = cursor.fetchone()
        begin = time.perf_counter()
        swept = services.sweep(at=last)
        seconds = time.perf_counter() - begin
        cursor.execute("SELECT count(*) - %s FROM casework_event", [events])
        (written,) = cursor.fetchone()
    print(json.dumps({"seconds": round(seconds, 3), "due": due, "acts": swept.total, "events": written}))


main()
