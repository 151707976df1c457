"""How many statements a page costs, transaction control counted, asked once warm; prints JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from liangdian.casework.links import link_path  # noqa: E402
from liangdian.casework.models import Case  # noqa: E402

CASE = "XX-2026-000001"
STAFF = {
    "worklist": "/cases/?list=unit", "case": f"/cases/{CASE}/", "search": "/cases/search/?q=腿脚",
    "intake form": "/cases/new/", "figures": "/figures/",
}  # fmt: skip
PUBLIC = {"front door": "/", "promises in public": "/commitments/"}
API = {"api_worklist": "/api/v1/cases?list=unit", "api_case": f"/api/v1/cases/{CASE}"}


def main(given: dict[str, Any]) -> None:
    staff = Client()
    staff.cookies.load(given["cookies"])
    caller = Client(headers={"authorization": f"Bearer {given['token']}"})
    found = {}
    # Only the multiplied matters have no link of their own.
    own = Case.objects.filter(resident__isnull=False).exclude(reference__startswith="XX").latest("pk")
    public = {**PUBLIC, "resident's page": link_path(own.reference)}
    for client, pages in ((staff, STAFF), (caller, API), (Client(), public)):
        found |= {name: _cost(client, path) for name, path in pages.items()}
    print(json.dumps(found))


def _cost(client: Client, path: str) -> int:
    for _warm in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}.")
    return len(asked)


main(json.loads(sys.argv[1]))
