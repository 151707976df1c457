"""Reading matters: the worklists, the search, one matter, its receipt."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from liangdian.casework import selectors, worklists
from liangdian.casework.api.router import READ, router
from liangdian.casework.api.shapes import CasePage, CaseShape, Line, Ref, Reference, row_of, row_values
from liangdian.casework.notices import receipt
from liangdian.casework.states import Channel, Kind, State
from liangdian.casework.worklists import Filters, Worklist
from liangdian.foundation.refused import Invalid
from liangdian.platform.api.answers import answer, tagged
from liangdian.platform.api.bearer import actor_of
from liangdian.platform.api.description import TAGGED

Size = Annotated[int, Query(ge=1, le=100, description="Rows a page")]
After = Annotated[str, Query(max_length=80, description="``next`` of the page before")]


@router.get("", auth=READ, response=CasePage, operation_id="list_cases", summary="A worklist")
def cases(
    request: HttpRequest,
    list: Annotated[Worklist, Query(description="Which list")] = Worklist.TODO,
    kind: Annotated[Kind | None, Query()] = None,
    channel: Annotated[Channel | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    after: After = "",
    limit: Size = worklists.PAGE,
) -> HttpResponse:
    """The matters on one of the lists of the pages, soonest due first (all: newest first).

    Pages by keyset: follow ``next``, or the header Link with rel="next", until there is none.
    """
    filters = Filters(kind=kind or "", channel=channel or "", state=state or "")
    page = _page(request, list, filters, after=after, size=limit)
    response = answer(page)
    if page.next:
        wanted = {"list": list, "kind": kind, "channel": channel, "state": state, "limit": limit}
        query = {name: str(value) for name, value in wanted.items() if value} | {"after": page.next}
        response["Link"] = f'<{request.path}?{urlencode(query)}>; rel="next"'
    return response


class Search(BaseModel):
    """What is looked for. It travels in the body, because addresses are logged on the way."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=100, description="Number, name or words", examples=["优待证"])
    kind: Kind | None = None
    channel: Channel | None = None
    state: State | None = None
    after: str = Field("", max_length=80)
    limit: int = Field(worklists.PAGE, ge=1, le=100)


@router.post(
    "/search", auth=READ, response=CasePage, operation_id="search_cases", summary="Search in all matters"
)
def search(request: HttpRequest, wanted: Search) -> HttpResponse:
    """Matters that the caller may see and that contain all the words, newest first. Changes nothing."""
    filters = Filters(
        kind=wanted.kind or "", channel=wanted.channel or "", state=wanted.state or "", text=wanted.text
    )
    return answer(_page(request, Worklist.ALL, filters, after=wanted.after, size=wanted.limit))


def _page(request: HttpRequest, worklist: Worklist, filters: Filters, *, after: str, size: int) -> CasePage:
    if after and worklists.key_of(after) is None:
        raise Invalid(_("This is not where a page ends. Follow next, or leave it out."), field="after")
    page = worklists.page_of(worklist, actor_of(request), filters, now=timezone.now(), after=after, size=size)
    return CasePage(items=[row_of(case) for case in page.rows], next=page.next_key or None)


@router.get(
    "/{reference}", auth=READ, response=CaseShape, operation_id="read_case", summary="One matter",
    openapi_extra={TAGGED: True},
)  # fmt: skip
def case(request: HttpRequest, reference: Reference) -> HttpResponse:
    """A matter with the resident's words, the promise, the history and the acts that are open now."""
    page = selectors.case_page(actor=actor_of(request), reference=reference, now=timezone.now())
    return tagged(request, shape_of(page), version=page.case.last_seq)


def shape_of(page: selectors.CasePage) -> CaseShape:
    """Everything that the page of a matter shows."""
    found = page.case
    history = [
        Line(
            seq=entry.seq, type=entry.type, at=entry.at, title=entry.title, text=entry.text,
            actor=entry.actor_name, internal=entry.internal,
        )
        for entry in page.entries
    ]  # fmt: skip
    return CaseShape(
        **row_values(found),
        channel=found.channel, origin=Ref(id=found.origin_id, name=found.origin.label),
        words=found.detail.words, place=found.detail.place, language=found.detail.language,
        item=found.item_version.item.code if found.item_version else None,
        first_contact_at=found.first_contact_at, resolved_at=found.resolved_at, closed_at=found.closed_at,
        due_day=page.due_day, provisional=page.provisional, no_superior=found.no_superior,
        referral=page.referral.state if page.referral else None, answer=page.answer, grades=page.grades,
        acts=sorted({*page.acts, *page.part.acts}), version=found.last_seq, history=history,
    )  # fmt: skip


@router.get(
    "/{reference}/receipt.pdf", auth=READ, operation_id="receipt", summary="The resident's receipt",
    openapi_extra={
        "responses": {
            200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)  # fmt: skip
def receipt_pdf(request: HttpRequest, reference: Reference) -> HttpResponse:
    """The receipt as PDF, with the code to follow the matter; the same bytes each time."""
    found = selectors.case_for(actor=actor_of(request), reference=reference)
    response = HttpResponse(receipt.receipt_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.reference}.pdf"'
    return response
