"""Service items through the API: what is published, as the guides show it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.api.answers import answer
from liangdian.platform.api.bearer import Bearer
from liangdian.registers.catalogue import selectors
from liangdian.registers.catalogue.models import Item, ItemVersion

router = Router(tags=["catalogue"], auth=Bearer(Scope.CATALOGUE_READ))
PAGE = 50


class LimitShape(BaseModel):
    """A limit: an amount of hours, working days or calendar days; 0 at_once."""

    amount: int
    unit: str


class ItemShape(BaseModel):
    """A published service item in its current version."""

    code: str
    name: str
    category: str
    version: int
    promised: LimitShape


class DocumentShape(BaseModel):
    """One document of the item's complete list."""

    name: str
    copies: int
    source: str
    necessity: str
    condition: str


class GuideShape(ItemShape):
    """Everything that the guide says."""

    legal: LimitShape | None
    valid_from: date
    visits: int
    basis: str
    authority: str
    audience: str
    conditions: str
    steps: str
    fee: str
    fee_basis: str
    result: str
    place_time: str
    enquiry: str
    complaints: str
    remedies: str
    documents: list[DocumentShape]


class ItemPage(BaseModel):
    """One page of items; ``next`` is the code after which the next page begins."""

    items: list[ItemShape]
    next: str | None


_TEXTS = (
    "basis", "authority", "audience", "conditions", "steps", "fee", "fee_basis", "result", "place_time",
    "enquiry", "complaints", "remedies", "visits", "valid_from",
)  # fmt: skip


@router.get("/items", response=ItemPage, operation_id="list_items", summary="Service items")
def items(
    request: HttpRequest,
    text: Annotated[str, Query(max_length=60, description="Words in name, department or code")] = "",
    category: Annotated[str, Query(max_length=40, description="Code of a category")] = "",
    after: Annotated[str, Query(max_length=40, description="``next`` of the page before")] = "",
) -> HttpResponse:
    """Items that can be applied for, by code, 50 a page."""
    rows = selectors.items(text=text, category=category).filter(code__gt=after).order_by("code")
    found = list(rows[: PAGE + 1])
    page, more = found[:PAGE], len(found) > PAGE
    return answer(ItemPage(items=[_item(row) for row in page], next=page[-1].code if more else None))


@router.get("/items/{code}", response=GuideShape, operation_id="read_item", summary="One item with its guide")
def item(request: HttpRequest, code: str) -> HttpResponse:
    """What the guide of this item says, with the complete list of documents."""
    found = selectors.guide(code)
    version = _current(found)
    documents = [
        DocumentShape(
            name=each.label, copies=each.copies, source=each.source, necessity=each.necessity,
            condition=each.condition,
        )
        for each in version.documents.all()
    ]  # fmt: skip
    legal = version.legal_limit
    texts = {name: getattr(version, name) for name in _TEXTS}
    shape = GuideShape(
        **_item(found).model_dump(), **texts, documents=documents,
        legal=LimitShape(amount=legal.amount, unit=legal.unit) if legal else None,
    )  # fmt: skip
    return answer(shape)


def _current(row: Item) -> ItemVersion:
    assert row.current is not None  # selectors only find published ones
    return row.current


def _item(row: Item) -> ItemShape:
    version = _current(row)
    return ItemShape(
        code=row.code, name=version.label, category=row.category.label, version=version.number,
        promised=LimitShape(amount=version.promised_amount, unit=version.promised_unit),
    )  # fmt: skip
