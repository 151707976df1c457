"""Units, posts and colleagues through the API: to whom a matter can be referred or handed."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import BaseModel

from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.api.answers import answer
from liangdian.platform.api.bearer import Bearer
from liangdian.registers.organisation import selectors

router = Router(tags=["units"], auth=Bearer(Scope.UNITS_READ))
UnitId = Annotated[int, Path(ge=1, le=2**53)]


class UnitShape(BaseModel):
    """A unit in use; ``parent_id`` is the one above it."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None


class NamedShape(BaseModel):
    """A post or a colleague."""

    id: int
    name: str


class UnitPage(BaseModel):
    items: list[UnitShape]


class UnitDetail(UnitShape):
    """A unit with its posts and the colleagues who hold a role in it or below."""

    posts: list[NamedShape]
    staff: list[NamedShape]


@router.get("", response=UnitPage, operation_id="list_units", summary="All units")
def units(request: HttpRequest) -> HttpResponse:
    """The whole tree of units in use, from the top down; who stands where is no secret to the staff."""
    return answer(UnitPage(items=[_unit(unit) for unit in selectors.all_units()]))


@router.get("/{unit_id}", response=UnitDetail, operation_id="read_unit", summary="One unit")
def unit(request: HttpRequest, unit_id: UnitId) -> HttpResponse:
    """A unit with its posts (for referring) and colleagues (for handing over)."""
    found = selectors.unit_by_id(unit_id)
    posts = [NamedShape(id=post.pk, name=post.label) for post in selectors.posts_of(found)]
    staff = [NamedShape(id=user.pk, name=user.name) for user in accounts.staff_within(found.path)]
    return answer(UnitDetail(**_unit(found).model_dump(), posts=posts, staff=staff))


def _unit(unit: selectors.Unit) -> UnitShape:
    return UnitShape(id=unit.pk, code=unit.code, name=unit.label, level=unit.level, parent_id=unit.parent_id)
