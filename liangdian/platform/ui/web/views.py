"""The reader's own settings, kept in cookies, and the page that shows every component."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from liangdian.platform.ui import display, languages
from liangdian.platform.ui.web import samples


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str, age: int) -> None:
    response.set_cookie(
        name, value, max_age=age, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language for a year and return to the page; an unknown language changes nothing."""
    response = _back(request)
    code = request.POST.get("language", "")
    if languages.is_offered(code):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, code, settings.LANGUAGE_COOKIE_AGE)
    return response


@require_POST
def choose_display(request: HttpRequest) -> HttpResponse:
    """Turn large print or high contrast on or off (``large``/``contrast`` = ``on`` or ``off``)."""
    response = _back(request)
    now = display.Display.from_cookie(request.COOKIES.get(display.COOKIE, ""))
    chosen = display.Display(
        large=_switched(request, display.LARGE, now.large),
        contrast=_switched(request, display.CONTRAST, now.contrast),
    )
    _remember(request, response, display.COOKIE, chosen.cookie, display.COOKIE_AGE)
    return response


def _switched(request: HttpRequest, name: str, now: bool) -> bool:
    return {"on": True, "off": False}.get(request.POST.get(name, ""), now)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component with sample data, for looking at; only in demonstrations and while developing."""
    if not (settings.DEBUG or getattr(settings, "DEMONSTRATION", False)):
        raise Http404
    layout = "ui/public.html" if request.GET.get("layout") == "public" else "ui/base.html"
    return render(request, "ui/style_guide.html", {"layout": layout, **samples.everything(request)})
