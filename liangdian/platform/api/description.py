"""The description of the API (OpenAPI 3.1), completed: every answer, header and media type that can come."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from liangdian.platform.api.bearer import Bearer
from liangdian.platform.api.refusals import MEDIA_TYPE, Problem, answer_refusals

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
# Marks of an operation, taken out of the description again.
CHANGES, TAGGED = "x-changes", "x-tagged"
_REQUEST_ID = {
    "description": "The request's number in the logs",
    "schema": {"type": "string", "maxLength": 64},
}
_HEADERS: dict[str, Any] = {
    "ETag": {"description": "The version, for If-Match and If-None-Match", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "Present when this is the kept answer to an earlier request",
        "schema": {"type": "string", "const": "true"},
    },
}
_KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "description": "Chosen by you, new for every intention. The same key with the same request gets the same "
    "answer for 24 hours, so that you may repeat a request whose answer was lost.",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,64}$"},
}  # fmt: skip
_IF_MATCH = {
    "in": "header", "name": "If-Match", "required": False,
    "description": "The ETag of the matter as you know it; * for any version. Without it: 428.",
    "schema": {"type": "string"},
}  # fmt: skip
_IF_NONE_MATCH = {
    "in": "header", "name": "If-None-Match", "required": False,
    "description": "An ETag that you know: 304 when nothing changed.",
    "schema": {"type": "string"},
}  # fmt: skip


class Api(NinjaAPI):
    """A NinjaAPI that answers refusals as problems and describes them at every operation."""

    def __init__(self, *, title: str, version: str, description: str) -> None:
        super().__init__(
            title=title, version=version, description=description, docs_url=None, urls_namespace="api"
        )
        answer_refusals(self)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Ninja's description with what it cannot know."""
        schema = super().get_openapi_schema(**options)
        problems = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"].update(problems.pop("$defs"))
        schema["components"]["schemas"]["Problem"] = problems
        scopes = self._scopes()
        for methods in schema["paths"].values():
            for operation in methods.values():
                _complete(operation, scopes.get(operation["operationId"], ()))
        return schema

    def _scopes(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                for operation in view.operations:
                    name = operation.operation_id or self.get_openapi_operation_id(operation)
                    guards = [each for each in operation.auth_callbacks if isinstance(each, Bearer)]
                    found[name] = tuple(each.scope.value for each in guards if each.scope)
        return found


def _complete(operation: dict[str, Any], scopes: tuple[str, ...]) -> None:
    """Add the refusals, headers and parameters that follow from what kind of operation it is."""
    changes, tagged = operation.pop(CHANGES, ""), operation.pop(TAGGED, False)
    responses = {str(status): described for status, described in operation["responses"].items()}
    statuses = [400, 401, 403, 404, 422, 429]
    parameters = operation.setdefault("parameters", [])
    if changes:
        statuses.append(409)
        parameters.append(_KEY)
    if changes == "version":
        statuses += [412, 428]
        parameters.append(_IF_MATCH)
    if tagged:
        parameters.append(_IF_NONE_MATCH)
        responses["304"] = {"description": "Not Modified", "headers": {"ETag": _HEADERS["ETag"]}}
    for status in statuses:
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        }  # fmt: skip
    for code, described in responses.items():
        described.setdefault("headers", {}).update(_headers(code, changes=changes, tagged=tagged))
    operation["responses"] = dict(sorted(responses.items()))
    if scopes:
        operation["security"] = [{"Bearer": list(scopes)}]
        needed = f"Needs the scope {' '.join(scopes)}."
        operation["description"] = f"{operation.get('description', '')}\n\n{needed}".strip()


def _headers(status: str, *, changes: str, tagged: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"X-Request-ID": _REQUEST_ID}
    if status.startswith("2") and (changes or tagged):
        found["ETag"] = _HEADERS["ETag"]
    if changes and status not in {"400", "401", "429"}:
        found["Idempotency-Replayed"] = _HEADERS["Idempotency-Replayed"]
    if status == "429":
        found["Retry-After"] = _HEADERS["Retry-After"]
    if status == "401":
        found["WWW-Authenticate"] = _HEADERS["WWW-Authenticate"]
    return found
