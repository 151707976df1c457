"""Every act on a matter as an operation of its own, made from the table of acts that the pages use.

An act that is added to ``web.acts.PAGES`` appears here with its fields; nothing has to be written twice.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, create_model

from liangdian.casework import selectors
from liangdian.casework.act_pages import ActPage
from liangdian.casework.api.router import WRITE, router
from liangdian.casework.api.shapes import Done, Key, Reference
from liangdian.casework.models import Case
from liangdian.casework.procedures import procedures
from liangdian.casework.web.acts import PAGES, act_form, arguments_of, takes_seen
from liangdian.foundation.refused import Stale
from liangdian.platform.api.answers import answer, once, required_version, version_tag
from liangdian.platform.api.bearer import actor_of
from liangdian.platform.api.description import CHANGES
from liangdian.platform.api.refusals import InvalidFields

_HIDDEN = {"seen"}  # If-Match says it
_TEXT_AT_MOST = 5_000


def _typed(field: forms.Field) -> Any:
    """The JSON type of a form's field."""
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if value not in ("", None)]
    match field:
        case forms.MultipleChoiceField():
            return list[str]
        case forms.TypedChoiceField() if field.coerce is int:
            return Key
        case forms.ChoiceField():
            return Literal[tuple(choices)] if choices else str
        case forms.BooleanField():
            return bool
        case forms.IntegerField():
            least, most = int(field.min_value or 0), int(field.max_value or 2**31 - 1)  # type: ignore[arg-type]
            return Annotated[int, Field(ge=least, le=most)]
        case forms.DateTimeField():
            return datetime
        case forms.DateField():
            return date
        case forms.DecimalField():
            return Decimal
        case forms.CharField():
            return Annotated[str, Field(max_length=field.max_length or _TEXT_AT_MOST)]
    raise TypeError(f"The API does not know how to receive {type(field).__name__}")


def body_of(page: ActPage) -> type[BaseModel] | None:
    """The body of an act: the fields of its form; None when it has no fields."""
    if page.form is None:
        return None
    fields: dict[str, Any] = {}
    for name, field in page.form.base_fields.items():
        if name in _HIDDEN:
            continue
        words = str(field.label or "")
        if field.required or getattr(field, "needed", False):
            fields[name] = (_typed(field), Field(description=words))
        else:
            fields[name] = (_typed(field) | None, Field(None, description=words))
    name = "".join(part.capitalize() for part in str(page.act).replace(".", "_").split("_"))
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _perform(request: HttpRequest, reference: str, page: ActPage, given: dict[str, Any]) -> HttpResponse:
    actor, seen = actor_of(request), required_version(request)
    case = selectors.case_for(actor=actor, reference=reference)
    if seen is not None and seen != case.last_seq:
        raise Stale(
            _("This matter has changed since you read it. Read it again, then decide."),
            seen=seen, case_id=case.pk,
        )  # fmt: skip
    selectors.require_open(actor, page.act, case, now=timezone.now())
    form = act_form(page, case, _form_data(given))
    if form is not None and not form.is_valid():
        raise InvalidFields(form.errors.get_json_data())
    arguments = arguments_of(page, form)
    if takes_seen(page):
        arguments["seen"] = seen
    done = page.service(actor=actor, case_id=case.pk, at=timezone.now(), **arguments)
    found = done if isinstance(done, Case) else Case.objects.get(pk=case.pk)
    content = Done(reference=found.reference, act=page.act, state=found.state, version=found.last_seq)
    return answer(content, ETag=version_tag(found.last_seq))


def _form_data(given: dict[str, Any]) -> MultiValueDict[str, str]:
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, value in given.items():
        if isinstance(value, list):
            data.setlist(name, [str(each) for each in value])
        elif isinstance(value, bool):
            data.setlist(name, ["on"] if value else [])
        elif value is not None:
            data[name] = value.isoformat() if isinstance(value, date) else str(value)
    return data


def _add(page: ActPage) -> None:
    """One operation for one act, with the act's own body."""
    body = body_of(page)

    def act(request: HttpRequest, reference: str, body: BaseModel | None = None) -> HttpResponse:
        given = body.model_dump() if body is not None else {}
        return once(request, lambda: _perform(request, reference, page, given))

    def act_without_body(request: HttpRequest, reference: str) -> HttpResponse:
        return once(request, lambda: _perform(request, reference, page, {}))

    view = act_without_body
    if body is not None:
        view = act
        act.__defaults__ = None
        act.__annotations__["body"] = body
    view.__annotations__["reference"] = Reference
    router.add_api_operation(
        f"/{{reference}}/acts/{page.act}", ["POST"], view, auth=WRITE, response={200: Done},
        tags=["acts"],
        operation_id=f"act_{page.act}", summary=str(page.label), description=str(page.lede or ""),
        openapi_extra={CHANGES: "version"},
    )  # fmt: skip


# The description of the API is in English, whatever language this process starts in.
with translation.override("en"):
    for _page in PAGES.values():
        _add(_page)
    for _procedure in procedures():
        for _page in _procedure.acts:
            _add(_page)
