"""Refusals that only the API makes, and every refusal as problem+json (RFC 9457)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel, Field

from liangdian.foundation.refused import Invalid, NotAllowed, Refused, Stale

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class NoToken(Refused):
    """Nobody is known behind the request."""

    status = 401
    code = "no-token"


class ScopeMissing(NotAllowed):
    """The token was not made for this."""

    code = "scope-missing"


class TooMany(Refused):
    """The token made more requests than it may; ``wait`` seconds are left."""

    status = 429
    code = "too-many-requests"


class PreconditionMissing(Refused):
    """A change has to say which state of the thing it was made for (RFC 6585)."""

    status = 428
    code = "precondition-required"


class KeyReused(Refused):
    """An idempotency key came again with another request."""

    status = 422
    code = "key-reused"


class InvalidFields(Invalid):
    """Several fields are wrong at once; ``errors`` as Django forms give them (``get_json_data``)."""

    def __init__(self, errors: Mapping[str, list[dict[str, str]]]) -> None:
        super().__init__(_("The request does not fit this operation. See the errors."))
        self.errors = [
            {"field": f"body.{name}", "message": each["message"]}
            for name, found in errors.items()
            for each in found
        ]


class Malformed(Refused):
    """The request is not what HTTP or JSON allow."""

    status = 400
    code = "malformed"


class FieldError(BaseModel):
    """What is wrong with one field of the request."""

    field: str = Field(description="Place of the field: body, query, path or header, then its name")
    message: str


class Problem(BaseModel):
    """Why a request was refused, in the language of Accept-Language or of the token's owner (RFC 9457)."""

    type: str = Field(description="urn:liangdian: and the code", examples=["urn:liangdian:stale"])
    title: str = Field(description="The HTTP status in words")
    status: int
    detail: str = Field(description="A sentence that says what to do")
    code: str = Field(description="Stable, for programs")
    instance: str = Field(description="urn:request: and the request id that stands in the logs")
    field: str | None = Field(None, description="The field of the body that the refusal belongs to")
    errors: list[FieldError] = Field(default_factory=list)


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, field: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    """A refusal as problem+json."""
    content = {
        "type": f"urn:liangdian:{code}", "title": HTTPStatus(status).phrase, "status": status,
        "detail": detail, "code": code,
        "instance": f"urn:request:{getattr(request, 'request_id', '')}",
        "field": field, "errors": errors or [],
    }  # fmt: skip
    body = json.dumps(content, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE)


def problem_of(request: HttpRequest, refused: Refused) -> HttpResponse:
    """``refused`` with its own status; a stale form is a failed precondition here (412)."""
    status = HTTPStatus.PRECONDITION_FAILED if isinstance(refused, Stale) else refused.status
    response = problem(
        request, status=status, code=refused.code, detail=str(refused.message), field=refused.field,
        errors=getattr(refused, "errors", None),
    )  # fmt: skip
    if isinstance(refused, NoToken):
        response["WWW-Authenticate"] = 'Bearer realm="liangdian"'
    if isinstance(refused, TooMany):
        response["Retry-After"] = str(refused.details["wait"])
    return response


def answer_refusals(api: NinjaAPI) -> None:
    """Make ``api`` answer every refusal and every fault with problem+json."""
    api.add_exception_handler(Refused, problem_of)  # type: ignore[arg-type]
    api.add_exception_handler(ValidationError, _invalid)  # type: ignore[arg-type]
    api.add_exception_handler(HttpError, _http_error)  # type: ignore[arg-type]
    api.add_exception_handler(Http404, nothing_here)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, fault)  # type: ignore[arg-type]


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was typed is never repeated: it may be personal."""
    errors = [{"field": _place(each), "message": str(each["msg"])} for each in error.errors]
    return problem(
        request, status=422, code="invalid", errors=errors,
        detail=_("The request does not fit the description of this operation. See the errors."),
    )  # fmt: skip


def _place(error: dict[str, Any]) -> str:
    """``body.unit_id``: the name of the wrapped parameter is left out."""
    first, *rest = (str(part) for part in error["loc"])
    return ".".join([first, *(rest[1:] if first == "body" else rest)])[:200]


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    malformed = gettext_lazy("The request is not understood. Send JSON as this operation describes it.")
    return problem(request, status=error.status_code, code="malformed", detail=str(malformed))


def nothing_here(request: HttpRequest, error: Exception) -> HttpResponse:
    """An address that the API does not have."""
    detail = _("The API has no such address. Its description stands at /api/v1/openapi.json.")
    return problem(request, status=404, code="not-found", detail=detail)


def fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of the product: logged under the request id, nothing of it is told."""
    log.error("The API failed", exc_info=error)
    detail = _("Something went wrong here. Send the request id to the administrator.")
    return problem(request, status=500, code="fault", detail=detail)
