"""Decorators for pages: who may come in at all. What he may do there is decided by services."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import NotAllowed

View = Callable[..., HttpResponse]


def to_sign_in(request: HttpRequest, target: str = "") -> HttpResponse:
    """To the sign-in page, and afterwards to ``target``: the page where the person was, when not given."""
    if not target and request.method == "GET":
        target = request.get_full_path()
    elif not target:
        parts = urlsplit(request.headers.get("Referer", ""))
        target = parts.path if parts.netloc == request.get_host() else "/"
    response = redirect_to_login(target, resolve_url("account_login"))
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = response.url
        return answer
    return response


def staff_required(view: View) -> View:
    """Only signed-in staff; everybody else is led to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.actor is None:  # type: ignore[attr-defined]
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def role_required(*roles: Role) -> Callable[[View], View]:
    """Only staff who hold one of ``roles`` for some unit; others get ``NotAllowed``."""

    def decorate(view: View) -> View:
        @wraps(view)
        @staff_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.actor.holds(*roles):  # type: ignore[attr-defined]
                raise NotAllowed(_("Your role does not open this page. Please ask the administrator."))
            return view(request, *args, **kwargs)

        return guarded

    return decorate
