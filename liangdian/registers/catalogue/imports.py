"""Service items from CSV or xlsx: in chunks, resumable; a bad row is reported, the rest goes in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, Refused
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.documents.tables import SURPLUS, RejectedRows, filled, read_rows
from liangdian.platform.search.vectors import fold
from liangdian.registers.catalogue import services
from liangdian.registers.catalogue.models import Category, Item, ItemSearch, ItemVersion

CHUNK = 500
NEEDED = ("department", "name")
DEFAULT_PROMISE = Limit(5, LimitUnit.WORKING_DAYS)
AT_ONCE_WORDS = ("咨询", "查询")  # advice and look-ups are done on the spot (即办件)
_LONGEST_NAME = 200


@dataclass(slots=True)
class ImportResult:
    """What an import did, in rows. ``rejected_path`` holds the rejected ones; None when there are none."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    updated: int = 0
    rejected: int = 0
    rejected_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One usable row. ``own_code``: the file itself names the code, so it speaks for the item."""

    code: str
    own_code: bool
    department: str
    group: str
    name: str
    promised: Limit
    says_promise: bool
    line: int
    raw: Mapping[str, str]

    @property
    def category_code(self) -> str:
        return _short_hash("category", self.department)


def import_items(
    path: Path, *, actor: Actor, at: datetime, progress: Callable[[int, int], None] | None = None,
    rejected_path: Path | None = None, chunk: int = CHUNK,
) -> ImportResult:  # fmt: skip
    """Import the items of the table at ``path``: columns department and name, further main_item, code,
    promised_amount and promised_unit.

    Without a code, department, main item and name together are the item's identity, and an item that is
    there already stays as it is, whatever was changed in it since. With a code, a changed name, department
    or promise becomes a new version. Without a promise: at once for advice and look-ups, else 5 working
    days, marked in the basis as a default to be edited. Every chunk is one transaction, so an interrupted
    import is continued by running it again. Raises UnreadableTable, Invalid and NotAllowed.
    """
    services.require_administrator(actor)
    done = ImportResult()
    with RejectedRows(path, rejected_path) as rejected:
        rows = _checked_rows(path, rejected, done)
        while part := list(islice(rows, chunk)):
            _write(part, actor=actor, at=at, done=done, rejected=rejected)
            if progress is not None:
                progress(done.read, done.rejected)
    done.rejected_path = rejected.path if done.rejected else None
    return done


def _checked_rows(path: Path, rejected: RejectedRows, done: ImportResult) -> Iterator[Row]:
    """The usable rows, one by one; the others go to ``rejected`` with their reason."""
    seen: dict[str, int] = {}
    for line, raw in read_rows(path):
        if not done.read:
            _check_columns(raw)
        done.read += 1
        try:
            row = _read(line, raw)
            if row.code in seen:
                raise Invalid(_("The same item stands in line %(line)s already.") % {"line": seen[row.code]})
        except Refused as refusal:
            done.rejected += 1
            rejected.add(line, raw, refusal.message)
            continue
        seen[row.code] = line
        yield row


def _check_columns(raw: Mapping[str, str]) -> None:
    missing = [column for column in NEEDED if column not in raw]
    if missing:
        raise Invalid(
            filled(
                gettext_lazy(
                    "The file lacks these columns: %(columns)s. Service items need department and name."
                ),
                columns=", ".join(missing),
            )
        )


def _read(line: int, raw: Mapping[str, str]) -> Row:
    """The row as it will be stored. Raises Invalid with a sentence."""
    if raw.get(SURPLUS):
        raise Invalid(_("The row has more cells than there are columns. Is a quotation mark missing?"))
    department, group = _line(raw, "department"), _line(raw, "main_item")
    name, code = _line(raw, "name"), _line(raw, "code")
    if not name or not department:
        raise Invalid(_("The row lacks a department or a name."))
    if max(len(name), len(department), len(group)) > _LONGEST_NAME:
        raise Invalid(_("A name, a main item or a department is longer than 200 characters."))
    if len(code) > 40:
        raise Invalid(_("The code is longer than 40 characters."))
    promised = _promise(raw)
    usual = Limit(0, LimitUnit.AT_ONCE) if any(word in name for word in AT_ONCE_WORDS) else DEFAULT_PROMISE
    return Row(
        code=code or _short_hash(department, group, name), own_code=bool(code), department=department,
        group=group, name=name, promised=promised or usual, says_promise=promised is not None,
        line=line, raw=raw,
    )  # fmt: skip


def _line(raw: Mapping[str, str], column: str) -> str:
    return " ".join(clean(raw.get(column, "")).split())


def _promise(raw: Mapping[str, str]) -> Limit | None:
    """The promise that the row itself makes. Raises Invalid."""
    amount, unit = _line(raw, "promised_amount"), _line(raw, "promised_unit")
    if not amount and not unit:
        return None
    try:
        promised = Limit(int(amount or 0), LimitUnit(unit))
    except ValueError as error:
        raise Invalid(
            _("The promise needs an amount from 1 to 10,000 and a unit: %(units)s.")
            % {"units": ", ".join(LimitUnit)}
        ) from error
    if promised.unit is not LimitUnit.AT_ONCE and promised.amount < 1:
        raise Invalid(_("A promised limit is at least 1."))
    return promised


def _short_hash(*parts: str) -> str:
    """A code that is the same on every run and every machine: 12 hexadecimal digits."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12].upper()


@transaction.atomic
def _write(
    rows: list[Row], *, actor: Actor, at: datetime, done: ImportResult, rejected: RejectedRows
) -> None:
    """One chunk: items that are missing are made, those that the file speaks for get a new version."""
    categories = _categories(rows)
    by_code = {row.code: row for row in rows}
    known = set(Item.objects.filter(code__in=by_code, current__isnull=False).values_list("code", flat=True))
    Item.objects.bulk_create(
        [Item(code=r.code, category=categories[r.department]) for r in rows if r.code not in known],
        ignore_conflicts=True,
    )
    items = Item.objects.select_for_update(of=("self",)).select_related("current", "category")
    found = list(items.filter(code__in=by_code).order_by("pk"))
    fresh = [item for item in found if item.current is None]
    before = [item for item in found if item.current is not None]
    _publish_first(fresh, by_code, actor=actor, at=at)
    if fresh:
        audit_log.record(actor, "items_imported", "catalogue.item", len(fresh), at=at)
    done.created += len(fresh)
    for item in before:
        _publish_change(item, by_code[item.code], categories, done, rejected, actor=actor, at=at)


def _publish_change(
    item: Item, row: Row, categories: Mapping[str, Category], done: ImportResult, rejected: RejectedRows,
    *, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """A new version when the file speaks for the item and says something else; all the rest is kept."""
    assert item.current is not None
    if not _speaks_otherwise(row, item):
        done.unchanged += 1
        return
    before = services.content_of(item.current)
    promised = row.promised if row.says_promise else before.promised
    content = replace(before, name=row.name, promised=promised)
    try:
        services.publish_version(
            actor=actor, code=item.code, category=categories[row.department], content=content, at=at
        )
    except Invalid as refusal:
        done.rejected += 1
        rejected.add(row.line, row.raw, refusal.message)
    else:
        done.updated += 1


def _categories(rows: list[Row]) -> dict[str, Category]:
    """The category of every department named; one of the same name is used, else one is made."""
    codes = {row.department: row.category_code for row in rows}
    known = {c.name: c for c in Category.objects.filter(name__in=codes).order_by("-pk")}
    Category.objects.bulk_create(
        [Category(code=code, name=name) for name, code in codes.items() if name not in known],
        ignore_conflicts=True,
    )
    by_code = {c.code: c for c in Category.objects.filter(code__in=codes.values())}
    return {name: known.get(name) or by_code[code] for name, code in codes.items()}


def _speaks_otherwise(row: Row, item: Item) -> bool:
    assert item.current is not None
    if not row.own_code:
        return False
    names = (row.name, row.department) != (item.current.name, item.category.name)
    return names or (row.says_promise and row.promised != item.current.promised_limit)


def _publish_first(items: list[Item], rows: Mapping[str, Row], *, actor: Actor, at: datetime) -> None:
    """The first version of each of ``items``, in three statements however many they are."""
    versions = ItemVersion.objects.bulk_create(
        [_version(item, rows[item.code], actor=actor, at=at) for item in items]
    )
    for item, version in zip(items, versions, strict=True):
        item.current = version
    Item.objects.bulk_update(items, ["current"])
    ItemSearch.objects.bulk_create(
        [ItemSearch(item=item, words=_words(rows[item.code])) for item in items], ignore_conflicts=True
    )


def _words(row: Row) -> str:
    return fold(" ".join([row.name, row.department, row.group, row.code]))


def _version(item: Item, row: Row, *, actor: Actor, at: datetime) -> ItemVersion:
    """Version 1, as the row has it. The register speaks Chinese, so the stored sentences do too."""
    with override("zh-hans"):
        basis = (
            "" if row.says_promise else _("The promised limit is a default of the import; please check it.")
        )
        group = _("Main item: %(name)s.") % {"name": row.group} if row.group else ""
    return ItemVersion(
        item=item, number=1, name=row.name, kind=services.kind_of(row.promised), authority=row.department,
        basis=" ".join(part for part in (group, basis) if part), promised_amount=row.promised.amount,
        promised_unit=row.promised.unit, valid_from=business_date(at), created_at=at,
        created_by=actor.user_id,
    )  # fmt: skip
