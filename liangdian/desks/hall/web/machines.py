"""The secret that a machine of the hall shows with every request, and what it opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from liangdian.desks.hall.devices import device_by_token
from liangdian.desks.hall.models import Device
from liangdian.foundation.refused import NotFound

COOKIE = "ld_device"
_YEARS = 5 * 365 * 24 * 3600


def remember(response: HttpResponse, token: str) -> None:
    """The machine keeps its secret; scripts of the page cannot read it."""
    response.set_cookie(
        COOKIE, token, max_age=_YEARS, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )


def machine_of(request: HttpRequest, kind: str) -> Device:
    """The machine that asks. Raises NotFound when it is none of this kind, or was revoked."""
    return device_by_token(request.COOKIES.get(COOKIE, ""), kind=kind, at=timezone.now())


def machine_required(
    kind: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only for machines of this kind; anything else is led to where a machine is enrolled."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                device = machine_of(request, kind)
            except NotFound:
                return redirect("devices:enrol")
            return view(request, device, *args, **kwargs)

        return guarded

    return decorate
