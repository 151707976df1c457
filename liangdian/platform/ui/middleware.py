"""A refusal raised anywhere becomes a page that says what was not done and what to do now."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liangdian.foundation.refused import Refused


class RefusalMiddleware:
    """Shows ``Refused`` with its own status: a page, or for htmx only the sentence into ``#notices``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {"refused": exception, "back": came_from(request)}
        if getattr(request, "htmx", False):
            response = render(request, "ui/components/refusal.html", context, status=exception.status)
            response["HX-Retarget"] = "#notices"
            response["HX-Reswap"] = "innerHTML show:window:top"
            return response
        return render(request, "ui/refused.html", context, status=exception.status)


def came_from(request: HttpRequest) -> str:
    """The page of this site that led here, so that a link can lead back; empty when there is none."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or parts.path == request.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
