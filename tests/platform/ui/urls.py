"""Addresses for the interface's own tests: pages that refuse in each way."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from liangdian.foundation import refused


def _refusing(kind: type[refused.Refused]):
    def view(request: HttpRequest) -> HttpResponse:
        raise kind(_("This form waited too long"))

    return view


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _unreadable(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("ui/", include("liangdian.platform.ui.web.urls")),
    path("sign-in/", include("allauth.urls")),
    path("refuse/refused/", _refusing(refused.Refused)),
    path("refuse/not-found/", _refusing(refused.NotFound)),
    path("refuse/not-allowed/", _refusing(refused.NotAllowed)),
    path("refuse/invalid/", _refusing(refused.Invalid)),
    path("refuse/stale/", _refusing(refused.Stale)),
    path("fail/403/", _forbidden),
    path("fail/400/", _unreadable),
    path("fail/500/", _broken),
    path("desk/", _nothing, name="desk"),
    path("desk/late/", _nothing, name="desk-late"),
]
