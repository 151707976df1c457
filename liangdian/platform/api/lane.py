"""Requests for the API go past everything that only pages need: sessions, cookies, messages, templates."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from liangdian.platform.api.refusals import Malformed, fault, nothing_here, problem, problem_of

PREFIX = "/api/"


class ApiLane:
    """Calls an API operation at once; hands every other request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self._answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()  # refuses foreign host names, as CommonMiddleware does for pages
            match = resolve(request.path_info)
            request.resolver_match = match
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except Resolver404 as error:
            return nothing_here(request, error)
        except (SuspiciousOperation, BadRequest, UnreadablePostError):
            return problem_of(request, Malformed(_("The request is not understood.")))
        except Exception as error:
            return fault(request, error)
        return _as_problem(request, response)


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A method that an address does not have: the framework's plain answer as a problem."""
    if response.status_code != 405:
        return response
    detail = str(_("This address does not have this method."))
    refused: HttpResponse = problem(request, status=405, code="no-such-method", detail=detail)
    refused["Allow"] = response["Allow"]
    return refused
