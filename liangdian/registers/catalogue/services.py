"""Publishing items: every change is a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.audit import services as audit_log
from liangdian.platform.search.vectors import fold
from liangdian.registers.catalogue import rules
from liangdian.registers.catalogue.models import (
    Category,
    Item,
    ItemDocument,
    ItemKind,
    ItemSearch,
    ItemVersion,
    Necessity,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the published list."""

    name: str
    copies: int = 1
    source: str = ""
    necessity: str = Necessity.REQUIRED.value
    condition: str = ""
    sample: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says. ``legal`` None: no law sets a limit, the published promise governs."""

    name: str
    promised: Limit
    legal: Limit | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    visits: int = 1
    documents: Sequence[Document] = ()


TEXTS = (
    "basis", "authority", "audience", "conditions", "steps", "fee", "fee_basis", "result", "place_time",
    "enquiry", "complaints", "remedies",
)  # fmt: skip


def category(*, code: str, name: str, names: Mapping[str, str] | None = None, order: int = 100) -> Category:
    """The category with this code, made when there is none."""
    found, _created = Category.objects.get_or_create(
        code=code[:40], defaults={"name": clean(name)[:200], "names": dict(names or {}), "order": order}
    )
    return found


@transaction.atomic
def publish_version(
    *, actor: Actor, code: str, category: Category, content: Content, at: datetime
) -> ItemVersion:
    """Publish a new version of item ``code`` (made when there is none); cases begun before keep theirs.

    Raises Invalid when the promise is longer than the law, NotAllowed without the administrator's role.
    """
    require_administrator(actor)
    _check(content)
    item, _created = Item.objects.select_for_update(of=("self",)).get_or_create(
        code=code, defaults={"category": category}
    )
    newest = item.versions.order_by("-number").first()
    version = _version(item, content, number=newest.number + 1 if newest else 1, actor=actor, at=at)
    version.save(force_insert=True)
    ItemDocument.objects.bulk_create(_documents(version, content))
    item.current, item.category, item.active = version, category, True
    item.save(update_fields=["current", "category", "active"])
    words = fold(" ".join([version.name, *version.names.values(), category.name, code]))
    ItemSearch.objects.update_or_create(item=item, defaults={"words": words})
    audit_log.record(actor, "item_published", "catalogue.item", item.code, at=at)
    return version


def draft(
    *, actor: Actor, code: str, content: Content, at: datetime
) -> tuple[ItemVersion, list[ItemDocument]]:
    """The version and its documents as ``publish_version`` would write them; nothing is written.

    Raises what ``publish_version`` raises.
    """
    require_administrator(actor)
    _check(content)
    version = _version(Item(code=code), content, number=0, actor=actor, at=at)
    return version, _documents(version, content)


def _version(item: Item, content: Content, *, number: int, actor: Actor, at: datetime) -> ItemVersion:
    return ItemVersion(
        item=item, number=number, name=clean(content.name)[:200],
        names=dict(content.names), kind=kind_of(content.promised), visits=content.visits,
        legal_amount=content.legal.amount if content.legal else None,
        legal_unit=content.legal.unit if content.legal else "",
        promised_amount=content.promised.amount, promised_unit=content.promised.unit,
        valid_from=business_date(at), created_at=at, created_by=actor.user_id,
        **{name: clean(content.texts.get(name, "")) for name in TEXTS},
    )  # fmt: skip


def _documents(version: ItemVersion, content: Content) -> list[ItemDocument]:
    return [
        ItemDocument(
            version=version, order=i, name=clean(d.name)[:200], names=dict(d.names), copies=d.copies,
            source=clean(d.source)[:200], necessity=d.necessity, condition=clean(d.condition)[:200],
            sample=clean(d.sample)[:200],
        )
        for i, d in enumerate(content.documents)
    ]  # fmt: skip


def content_of(version: ItemVersion) -> Content:
    """What a version says, to begin the next one from."""
    documents = [
        Document(d.name, d.copies, d.source, d.necessity, d.condition, d.sample, d.names)
        for d in version.documents.all()
    ]
    return Content(
        name=version.name, promised=version.promised_limit, legal=version.legal_limit, names=version.names,
        texts={name: getattr(version, name) for name in TEXTS}, visits=version.visits, documents=documents,
    )  # fmt: skip


@transaction.atomic
def retire_item(*, actor: Actor, code: str, at: datetime) -> Item:
    """Take an item out of the lists; running cases and old receipts keep its versions."""
    require_administrator(actor)
    item = Item.objects.select_for_update().filter(code=code).first()
    if item is None:
        raise NotFound(_("There is no item with this code."))
    item.active = False
    item.save(update_fields=["active"])
    audit_log.record(actor, "item_retired", "catalogue.item", item.code, at=at)
    return item


def require_administrator(actor: Actor) -> None:
    """Raises NotAllowed unless the actor publishes items."""
    if not actor.is_system and not actor.holds(Role.ADMINISTRATOR):
        raise NotAllowed(_("Only an administrator publishes service items."))


def kind_of(promised: Limit) -> ItemKind:
    """即办件 when done at once, else 承诺件."""
    return ItemKind.AT_ONCE if promised.unit is LimitUnit.AT_ONCE else ItemKind.PROMISED


def _check(content: Content) -> None:
    if not clean(content.name):
        raise Invalid(_("Write the name of the item."), field="name")
    if content.promised.unit is not LimitUnit.AT_ONCE and content.promised.amount < 1:
        raise Invalid(_("A promised limit is at least 1."), field="promised_amount")
    if rules.promise_exceeds_law(content.promised, content.legal):
        raise Invalid(
            _("The promise is longer than the law allows. Promise the legal limit or less."),
            field="promised_amount",
        )
    for document in content.documents:
        if document.necessity == Necessity.CONDITIONAL and not clean(document.condition):
            raise Invalid(
                _("Write in which case “%(name)s” is needed.") % {"name": document.name}, field="documents"
            )
