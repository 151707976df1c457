"""Who the caller is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from liangdian.platform.accounts import units
from liangdian.platform.api.answers import answer
from liangdian.platform.api.bearer import Bearer

router = Router(tags=["profile"])


class HeldRole(BaseModel):
    """A role and the unit for which (and below which) it is held."""

    role: str
    unit_id: int
    unit: str


class Me(BaseModel):
    """The owner of the token."""

    id: int
    name: str
    unit_id: int | None
    language: str
    roles: list[HeldRole]
    scopes: list[str]


@router.get("", response=Me, auth=Bearer(), operation_id="me", summary="Own profile")
def me(request: HttpRequest) -> HttpResponse:
    """The owner of the token, his roles, and what this token may be used for."""
    holder = request.caller  # type: ignore[attr-defined]
    grants = holder.actor.grants
    labels = units.known().labels({grant.unit_id for grant in grants})
    roles = [
        HeldRole(role=grant.role.value, unit_id=grant.unit_id, unit=labels.get(grant.unit_id, ""))
        for grant in grants
    ]
    return answer(
        Me(
            id=holder.actor.user_id, name=holder.actor.name, unit_id=holder.actor.unit_id,
            language=holder.language, roles=roles, scopes=sorted(holder.scopes),
        )
    )  # fmt: skip
