"""Registering a matter."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from liangdian.casework import services
from liangdian.casework.api.router import WRITE, router
from liangdian.casework.api.shapes import Key, Registered
from liangdian.casework.services.intake import NAME_LIMIT, TITLE_LIMIT, WORDS_LIMIT
from liangdian.casework.states import GENERAL, Channel
from liangdian.casework.web.acts import PAGES
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.api.answers import answer, once, version_tag
from liangdian.platform.api.bearer import actor_of
from liangdian.platform.api.description import CHANGES
from liangdian.registers.catalogue import selectors as catalogue

# Where to go from a new matter: reading it, its receipt, and every act.
_PLACE = {"reference": "$response.body#/reference"}
LINKS: dict[str, Any] = {
    name: {"operationId": name, "parameters": _PLACE} for name in ("read_case", "receipt")
} | {
    f"act_{act}": {
        "operationId": f"act_{act}",
        "parameters": {**_PLACE, "header.If-Match": "$response.header.ETag"},
    }
    for act in PAGES
}
# The kinds with a desk of their own are registered there.
GeneralKind = StrEnum("GeneralKind", {kind.name: kind.value for kind in GENERAL})  # type: ignore[misc]
Language = Annotated[str, Field(pattern="^(zh-hans|zh-hant|en)$")]


class NewCase(BaseModel):
    """A matter as the window, the phone or another system receives it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "consultation", "channel": "phone", "resident_name": "王桂兰",
                    "words": "老年优待证怎么办？",
                }
            ]
        },
    )  # fmt: skip

    kind: GeneralKind  # type: ignore[valid-type]
    channel: Channel
    words: str = Field(min_length=1, max_length=WORDS_LIMIT, description="What the resident said")
    title: str = Field("", max_length=TITLE_LIMIT, description="Else the item's name or the first line")
    unit_id: Key | None = Field(None, description="Where it is received; the caller's own unit when left out")
    item: str = Field("", max_length=40, description="Code of the service item; needed for kind service")
    resident_name: str = Field("", max_length=NAME_LIMIT)
    phone: str = Field("", max_length=40)
    identity: str = Field("", max_length=40, description="Only where the item needs it; stored encrypted")
    address: str = Field("", max_length=200)
    needs: list[str] = Field(default_factory=list, max_length=10)
    place: str = Field("", max_length=200)
    urgent: bool = Field(False, description="Danger or great hardship")
    documents_complete: bool = Field(False, description="All papers of the published list are here")
    about_user_id: Key | None = Field(None, description="A colleague whom the complaint is about")
    language: Language = "zh-hans"


@router.post(
    "", auth=WRITE, response={201: Registered}, operation_id="register_case", summary="Register a matter",
    openapi_extra={CHANGES: "new", "responses": {201: {"links": LINKS}}},
)  # fmt: skip
def register(request: HttpRequest, new: NewCase) -> HttpResponse:
    """Give the matter a number, a first handler (the caller) and a promise; find or make the resident."""
    actor = actor_of(request)

    def perform() -> HttpResponse:
        case = services.register(actor=actor, intake=_intake(actor, new), at=timezone.now())
        content = Registered(
            reference=case.reference, title=case.title, state=case.state, registered_at=case.registered_at,
            due_at=case.due_at or case.registered_at, unit_id=case.unit_id,
            first_handler_id=case.first_handler_id,
            version=case.last_seq,
        )  # fmt: skip
        return answer(
            content, status=201, ETag=version_tag(case.last_seq),
            Location=f"{request.path}/{case.reference}",
        )  # fmt: skip

    return once(request, perform)


def _intake(actor: Actor, new: NewCase) -> services.Intake:
    unit_id = new.unit_id or actor.unit_id
    if unit_id is None or actor.user_id is None:
        raise Invalid(_("Choose the unit that receives the matter."), field="unit_id")
    if new.about_user_id is not None and not accounts.users_by_ids([new.about_user_id]):
        raise Invalid(_("This colleague is not in the list of staff."), field="about_user_id")
    return services.Intake(
        kind=new.kind.value, channel=new.channel.value, unit_id=unit_id, words=new.words,
        first_handler_id=actor.user_id, title=new.title, item_version_id=_item(new.item),
        resident_name=new.resident_name, phone=new.phone, identity=new.identity, address=new.address,
        needs=tuple(new.needs), place=new.place, urgent=new.urgent,
        documents_complete=new.documents_complete, about_user_id=new.about_user_id,
        language=new.language,
    )  # fmt: skip


def _item(code: str) -> int | None:
    if not code:
        return None
    version_id = catalogue.published_version(code)
    if version_id is None:
        raise Invalid(_("No service item has this code. See /api/v1/catalogue/items."), field="item")
    return version_id
