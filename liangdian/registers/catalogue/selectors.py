"""Reading the catalogue: items in their current version, guides, suggestions while typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import NotFound
from liangdian.platform.search.vectors import fold
from liangdian.registers.catalogue.models import (
    Category,
    Item,
    ItemDocument,
    ItemVersion,
    LimitUnits,
    Necessity,
)

LIMIT_UNITS = LimitUnits.choices


@lru_cache(maxsize=1024)
def item_version(version_id: int) -> ItemVersion:
    """One version with its item. Raises NotFound. Kept in the process: a version is never changed."""
    found = ItemVersion.objects.select_related("item").filter(pk=version_id).first()
    if found is None:
        raise NotFound(_("This service item does not exist any more. Choose another."))
    return found


def published_version(code: str) -> int | None:
    """The id of the current version of the item with this code, None when it cannot be applied for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_id FROM catalogue_item WHERE code = %s AND active", [code])
        row = cursor.fetchone()
    return row[0] if row else None


def paper_names(version_id: int, *, required: bool = False) -> set[str]:
    """The names, in every language, of the (required) documents on a version's published list."""
    rows = ItemDocument.objects.filter(version=version_id)
    if required:
        rows = rows.filter(necessity=Necessity.REQUIRED)
    return {name for row in rows for name in (row.name, *row.names.values()) if name}


def papers_of(version_id: int) -> list[ItemDocument]:
    """The complete published list of documents of a version, in order."""
    return list(ItemDocument.objects.filter(version=version_id))


def items(*, text: str = "", category: str = "", active: bool = True) -> QuerySet[Item]:
    """Items with their current version, by category and code; ``text`` in name, department or code."""
    rows = Item.objects.select_related("current", "category").filter(current__isnull=False)
    if active:
        rows = rows.filter(active=True)
    if category:
        rows = rows.filter(category__code=category)
    for word in fold(text).split()[:6]:
        rows = rows.filter(search__words__contains=word)
    return rows.order_by("category__order", "category_id", "code")


def categories() -> list[Category]:
    """All categories in their order."""
    return list(Category.objects.order_by("order", "pk"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item as offered while typing: ``words`` is what stands in the field."""

    words: str
    version_id: int


def _suggestion(item: Item) -> Suggestion:
    assert item.current is not None  # ``items`` only finds published ones
    return Suggestion(f"{item.current.label}（{item.code}）", item.current.pk)


def item_suggestions(text: str, limit: int = 30) -> list[Suggestion]:
    """Items to choose from for what is typed so far."""
    return [_suggestion(item) for item in items(text=text)[:limit]]


def item_by_words(text: str) -> ItemVersion | None:
    """The item that a field's text means: as suggested, by its code, or by its only fitting name."""
    code = text.rpartition("（")[2].rstrip("）").strip() if text.endswith("）") else text.strip()
    found = Item.objects.select_related("current").filter(code__iexact=code, active=True).first()
    if found is None:
        fitting = list(items(text=text)[:2])
        exact = [item for item in items(text=text)[:50] if item.current and item.current.name == text.strip()]
        found = fitting[0] if len(fitting) == 1 else exact[0] if len(exact) == 1 else None
    return found.current if found else None


def guide(code: str) -> Item:
    """An item with everything that its guide shows. Raises NotFound."""
    rows = Item.objects.select_related("current", "category").prefetch_related("current__documents")
    found = rows.filter(code=code, current__isnull=False).first()
    if found is None:
        raise NotFound(_("There is no guide with this code."))
    return found


def versions_of(item: Item) -> list[ItemVersion]:
    """All versions, newest first."""
    return list(item.versions.order_by("-number"))


def is_taken(code: str) -> bool:
    """True when an item has this code, however its letters are written; retired ones too."""
    return Item.objects.filter(code__iexact=code).exists()


def version_of(item: Item, number: int) -> ItemVersion:
    """One version of an item with its documents. Raises NotFound."""
    found = item.versions.prefetch_related("documents").filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no version with this number."))
    return found


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of items by code in the reader's language, in one query; unknown codes are missing."""
    rows = Item.objects.select_related("current").filter(code__in=list(codes), current__isnull=False)
    return {item.code: item.current.label for item in rows if item.current is not None}
