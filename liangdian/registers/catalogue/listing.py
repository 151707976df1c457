"""Items in pages by keyset: by category, then by code."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from liangdian.registers.catalogue.models import Item

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; ``next_key`` is empty on the last."""

    rows: list[Item]
    next_key: str
    has_previous: bool


def page_of(rows: QuerySet[Item], *, after: str = "", size: int = PAGE) -> Page:
    """One page of ``selectors.items``. ``after`` is a ``next_key``; anything else is the first page."""
    key = _parse(after)
    if key is not None:
        order, category, code = key
        later = Q(category__order=order, category_id__gt=category)
        same = Q(category__order=order, category_id=category, code__gt=code)
        rows = rows.filter(Q(category__order__gt=order) | later | same)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    next_key = f"{last.category.order}-{last.category_id}-{last.code}" if last else ""
    return Page(rows=found[:size], next_key=next_key, has_previous=key is not None)


def _parse(text: str) -> tuple[int, int, str] | None:
    parts = text.split("-", 2)
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts[:2]):
        return None
    if "\0" in text:
        return None
    return int(parts[0]), int(parts[1]), parts[2]
