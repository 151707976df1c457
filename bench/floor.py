"""The floor: bare views on the same server that write and read the same rows with nothing around them."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

TABLES = (
    "people_resident", "people_contactpoint", "casework_case", "casework_casedetail", "casework_promise",
    "casework_event", "casework_event", "casework_casesearch",
)  # fmt: skip

PREPARE = [
    f"CREATE TABLE floor_{table} AS SELECT * FROM {table} LIMIT 1"
    for table in dict.fromkeys(TABLES)
]  # fmt: skip

ROWS = (
    "SELECT c.reference, c.title, c.kind, c.state, c.due_at, u.name, f.name, h.name, r.name "
    "FROM casework_case c JOIN organisation_unit u ON u.id = c.unit_id "
    "JOIN accounts_user f ON f.id = c.first_handler_id LEFT JOIN accounts_user h ON h.id = c.handler_id "
    "LEFT JOIN people_resident r ON r.id = c.resident_id "
    "WHERE c.state IN ('received','handling','waiting','resolved') ORDER BY c.due_at, c.id LIMIT 25"
)
PAGE = engines["django"].from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)


@csrf_exempt
def intake(request: HttpRequest) -> HttpResponse:
    """Insert the rows of one intake, copied from a real one, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO floor_{table} SELECT * FROM floor_{table} LIMIT 1")
    return HttpResponse("ok", status=201)


def worklist(request: HttpRequest) -> HttpResponse:
    """Read the first page's rows with one statement and render them with a bare template."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows}))
