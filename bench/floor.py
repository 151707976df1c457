"""The floor: bare views on the same server that write and read the same rows with nothing around them."""

from __future__ import annotations

import itertools
import json
import os
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

# Which rows belong to one intake: the table and how they are found from the case (c) and its resident.
ROWS_OF_ONE = (
    ("people_resident", "t.id = (SELECT resident_id FROM casework_case WHERE id = %s)"),
    ("people_contactpoint", "t.resident_id = (SELECT resident_id FROM casework_case WHERE id = %s)"),
    ("casework_case", "t.id = %s"),
    ("casework_casedetail", "t.case_id = %s"),
    ("casework_promise", "t.case_id = %s"),
    ("casework_event", "t.case_id = %s"),
    ("casework_casesearch", "t.case_id = %s"),
    ("casework_clock", "t.case_id = %s"),
    (
        "notifications_message",
        "t.key LIKE (SELECT 'case:' || reference || ':%%' FROM casework_case WHERE id = %s)",
    ),
)
PATTERN = int(os.environ.get("BENCH_PATTERN", "0"))
_number = itertools.count()

ROWS = (
    "SELECT c.reference, c.title, c.kind, c.state, c.due_at, u.name, f.name, h.name, r.name "
    "FROM casework_case c JOIN organisation_unit u ON u.id = c.unit_id "
    "JOIN accounts_user f ON f.id = c.first_handler_id LEFT JOIN accounts_user h ON h.id = c.handler_id "
    "LEFT JOIN people_resident r ON r.id = c.resident_id "
    "WHERE c.state IN ('received','handling','waiting','resolved') ORDER BY c.rank, c.due_at, c.id LIMIT 25"
)
CASE = (
    "SELECT c.*, d.words, u.name, f.name, r.name FROM casework_case c "
    "JOIN casework_casedetail d ON d.case_id = c.id JOIN organisation_unit u ON u.id = c.unit_id "
    "JOIN accounts_user f ON f.id = c.first_handler_id LEFT JOIN people_resident r ON r.id = c.resident_id "
    "WHERE c.reference = %s"
)
HISTORY = (
    "SELECT e.seq, e.type, e.at, e.actor_name, e.data FROM casework_event e "
    "JOIN casework_case c ON c.id = e.case_id WHERE c.reference = %s ORDER BY e.seq DESC"
)
# A rare word is looked up, then sorted, as the product does it; without the inner limit PostgreSQL walks all.
SEARCH = ROWS.replace(
    "WHERE c.state IN ('received','handling','waiting','resolved') ORDER BY c.rank, c.due_at, c.id",
    "WHERE c.id IN (SELECT s.case_id FROM casework_casesearch s "
    "WHERE s.vector @@ to_tsquery('simple', %s) LIMIT 2000) ORDER BY c.registered_at DESC, c.id DESC",
)
PAGE = engines["django"].from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)


@cache
def _inserts() -> list[tuple[str, str, list[str], list[list[object]]]]:
    """Table, statement, columns and prepared values of a real intake; read once a process."""
    found = []
    with connection.cursor() as cursor:
        for table, condition in ROWS_OF_ONE:
            cursor.execute(
                "SELECT column_name, udt_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
                [table],
            )
            types = {name: kind for name, kind in cursor.fetchall() if name != "id"}
            selected = ", ".join(
                f"{name}::text" if kind in {"jsonb", "tsvector"} else name for name, kind in types.items()
            )
            cursor.execute(f"SELECT {selected} FROM {table} t WHERE {condition}", [PATTERN])
            values = [list(row) for row in cursor.fetchall()]
            if not values:
                continue
            one = ", ".join(f"%s::{kind}" for kind in types.values())
            rows = ", ".join([f"({one})"] * len(values))
            back = " RETURNING id" if table in {"people_resident", "casework_case"} else ""
            statement = f"INSERT INTO {table} ({', '.join(types)}) VALUES {rows}{back}"
            found.append((table, statement, list(types), values))
    return found


@csrf_exempt
def intake(request: HttpRequest) -> HttpResponse:
    """Insert the rows of one intake into the real tables, one statement a table, in one transaction."""
    fresh: dict[str, object] = {
        "casework_case.reference": f"F{os.getpid()}-{next(_number)}",
        "casework_casedetail.link_digest": uuid.uuid4().hex,
        "notifications_message.key": uuid.uuid4().hex,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for table, statement, columns, prepared in _inserts():
            cursor.execute(
                statement,
                [
                    fresh.get(name, fresh.get(f"{table}.{name}", value))
                    for row in prepared
                    for name, value in zip(columns, row, strict=True)
                ],
            )
            if table == "people_resident":
                (fresh["resident_id"],) = cursor.fetchone()
            elif table == "casework_case":
                (fresh["case_id"],) = cursor.fetchone()
    return HttpResponse("ok", status=201)


@cache
def _reads() -> dict[str, Iterator[list[str]]]:
    """The statements of each page, by page; those of another matter each time."""
    text = Path(os.environ["BENCH_READS"]).read_text(encoding="utf-8")
    return {name: itertools.cycle(pages) for name, pages in json.loads(text).items()}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Read all that the page of this name reads, with its own statements, and render the bare rows."""
    rows: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for statement in next(_reads()[name]):
            cursor.execute(statement)
            rows += cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows}))


def worklist(request: HttpRequest) -> HttpResponse:
    """Read the first page's rows with one statement and render them with a bare template."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows}))


def search(request: HttpRequest) -> HttpResponse:
    """Find the rows of a word with one statement and render them with a bare template."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, [f"'{request.GET['q']}'"])
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows}))


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Read one case and its history with two statements and render them with a bare template."""
    with connection.cursor() as cursor:
        cursor.execute(CASE, [reference])
        rows = cursor.fetchall()
        cursor.execute(HISTORY, [reference])
        rows += cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows}))
