"""100,000 open cases, multiplied from one that the product itself registered."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from liangdian.casework.models import Case, CaseDetail, CaseSearch, Clock, Event, Promise


def _columns(model: type[Model], *own: str) -> list[str]:
    """All columns of ``model`` but the key and those that each copy has of its own."""
    return [f.column for f in model._meta.concrete_fields if f.column not in ("id", "case_id", *own)]


def _cases() -> str:
    own = {
        "reference": "'XX-2026-' || lpad(n::text, 6, '0')",
        "registered_at": "registered_at - n * interval '5 minutes'",
        # Reminded already; the end of the promise is what the clock waits for.
        "due_at": "due_at + n * interval '3 seconds'",
        "next_due_at": "due_at + n * interval '3 seconds'",
        "alarms_done": "1",
        "level": "0",
    }
    rest = _columns(Case, *own)
    return (
        f"INSERT INTO casework_case ({', '.join([*own, *rest])}) "
        f"SELECT {', '.join([*own.values(), *rest])} "
        "FROM casework_case, generate_series(1, %s) n WHERE id = %s"
    )


def _copied(model: type[Model], own: dict[str, str]) -> str:
    """Copy the rows ``r`` that belong to the one case for every copy ``c`` of it."""
    rest = _columns(model, *own)
    table = model._meta.db_table
    values = [*own.values(), *(f"r.{column}" for column in rest)]
    return (
        f"INSERT INTO {table} ({', '.join(['case_id', *own, *rest])}) SELECT {', '.join(['c.id', *values])} "
        f"FROM casework_case c, {table} r WHERE r.case_id = %(id)s AND c.reference LIKE 'XX-%%'"
    )


def multiply(*, case_id: int, times: int) -> None:
    """Copy one case ``times`` times with everything that belongs to it (the chains are not valid)."""
    own: dict[type[Model], dict[str, str]] = {
        CaseDetail: {
            "words": "r.words || c.id", "link_digest": "md5(c.id::text)", "submission_key": "NULL",
            "import_key": "NULL",
        },
        Promise: {"due_at": "c.due_at"},
        Event: {},
        Clock: {},
        CaseSearch: {"vector": "r.vector || to_tsvector('simple', c.id::text)"},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_cases(), [times, case_id])
        for model, columns in own.items():
            cursor.execute(_copied(model, columns), {"id": case_id})
        cursor.execute("ANALYZE")
