"""Around every request: its number, one line in the log, and the figures of /metrics."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars, clear_contextvars

from liangdian.config import metrics
from liangdian.config.logging import HIDDEN, hide

log = structlog.get_logger("liangdian.requests")
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,40}")
# Parts of an address that open something.
_SECRET_PARTS = frozenset({"token", "key", "secret"})


class RequestMiddleware:
    """Gives the request a number (``X-Request-ID`` in and out) and says at the end what became of it.

    A number from outside is taken over only when it has the form of one and holds nothing personal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _given_id(request) or uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        begin = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            self._note(request, response.status_code, time.perf_counter() - begin)
        finally:
            clear_contextvars()
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        route = _route(request)
        metrics.count_request(method=request.method or "", route=route, status=status, seconds=seconds)
        log.info(
            "request", method=(request.method or "")[:10], path=shown_path(request), status=status,
            ms=round(seconds * 1000, 1), user_id=_user_id(request),
        )  # fmt: skip


def _given_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if _REQUEST_ID.fullmatch(given) and hide(given) == given else ""


def _user_id(request: HttpRequest) -> int | None:
    caller = getattr(request, "caller", None)
    actor = caller.actor if caller is not None else getattr(request, "actor", None)
    return actor.user_id if actor is not None else None


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match is not None else "none"


def shown_path(request: HttpRequest) -> str:
    """The address without anything that opens a door or names a person; unknown addresses are not shown."""
    match = request.resolver_match
    if match is None:
        return HIDDEN
    path = request.path
    for name, value in match.kwargs.items():
        if isinstance(value, str) and (name in _SECRET_PARTS or not _HARMLESS.fullmatch(value)):
            path = path.replace(value, HIDDEN)
    return hide(path)
