"""New rows of several tables in one round trip, with Django's own preparation of values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from liangdian.platform.database.copying import prepared, value_of


def insert_together(*groups: Sequence[models.Model]) -> None:
    """Write new rows, one statement a group of rows of one model, in the caller's transaction.

    The groups are written in their order, so a row may point at one before it; primary keys that other
    rows point at are given (``next_id``), the others are taken by the database and not read back.
    Constraints and triggers bite as they do for ``save``; signals are not sent.
    """
    statements: list[str] = []
    values: list[Any] = []
    for rows in groups:
        if not rows:
            continue
        with_key = rows[0].pk is not None
        statement, row_text, fields = _insert(type(rows[0]), with_key)
        statements.append(statement + ", ".join([row_text] * len(rows)))
        values += [value_of(row, name, field) for row in rows for name, field in fields]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), values)


@cache
def _insert(
    model: type[models.Model], with_key: bool
) -> tuple[str, str, tuple[tuple[str, models.Field | None], ...]]:
    """The beginning of the statement, the placeholders of a row, and what fills them."""
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if with_key or not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    row_text = f"({', '.join(['%s'] * len(fields))})"
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "
    return statement, row_text, tuple(prepared(field) for field in fields)
