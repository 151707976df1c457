"""What the pages read, statement by statement, for the floor that reads the same; writes it to a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

NUMBERS = [f"XX-2026-{number:06d}" for number in range(1, 51)]
PAGES = {
    "worklist": ["/cases/?list=unit"], "search": ["/cases/search/?q=腿脚"],
    "case": [f"/cases/{number}/" for number in NUMBERS],
    "api_worklist": ["/api/v1/cases?list=unit"],
    "api_case": [f"/api/v1/cases/{number}" for number in NUMBERS], "api_search": ["/api/v1/cases/search"],
}  # fmt: skip


def main(given: dict[str, Any], path: Path) -> None:
    staff = Client()
    staff.cookies.load(given["cookies"])
    caller = Client(headers={"authorization": f"Bearer {given['token']}"})
    found = {}
    for name, pages in PAGES.items():
        client = caller if name.startswith("api_") else staff
        _read(client, pages[0])  # What a process reads once, and the last sign of life of session and token.
        found[name] = [_read(client, address) for address in pages]
    path.write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps({name: len(reads[0]) for name, reads in found.items()}))


def _read(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        if address.endswith("/search"):
            answer = client.post(address, {"text": "腿脚"}, content_type="application/json")
        else:
            answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")
    return [query["sql"] for query in asked if query["sql"].lstrip().startswith("SELECT")]


main(json.loads(sys.argv[1]), Path(sys.argv[2]))
