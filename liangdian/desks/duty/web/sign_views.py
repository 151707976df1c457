"""My duty: signing in and out at one's own account or by the code on the screen; the page of the screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.duty import attendance, codes, selectors, services
from liangdian.desks.duty.states import MarkKind, Way
from liangdian.desks.duty.web.asked import frame, number_in
from liangdian.desks.duty.web.forms import SignForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.registers.organisation.selectors import Unit


def _first_unit(request: HttpRequest, today: date) -> Unit:
    """Where the person's shift of today is, else his own unit."""
    shifts = selectors.shifts_of(request.actor.user_id, first=today, last=today)
    return shifts[0].unit if shifts else selectors.unit_for(request.actor, None)


@never_cache
@require_GET
@staff_required
def mine(request: HttpRequest) -> HttpResponse:
    """Am I signed in; my shifts of the coming days; what I said in the last week."""
    now = timezone.now()
    today = business_date(now)
    me = request.actor.user_id
    unit = _first_unit(request, today)
    shifts = selectors.shifts_of(me, first=today, last=today + timedelta(days=7))
    here = [shift.window_id for shift in shifts if shift.day == today and shift.unit_id == unit.pk]
    context = {
        **frame(request, unit, "mine"), "open": attendance.open_stretch(me, now), "now": now,
        "shifts": shifts, "today": today,
        "marks": attendance.marks_of(me, first=today - timedelta(days=7), last=today),
        "form": SignForm(unit=unit, initial={"window": here[0] if here else ""}),
        "windows": {window.pk: window for window in selectors.windows_in(unit)},
        "corrections": [c for c in attendance.corrections_for(request.actor, unit) if c.user_id == me][:10],
    }  # fmt: skip
    return render(request, "duty/mine.html", context)


@require_POST
@staff_required
def sign(request: HttpRequest) -> HttpResponse:
    """At one's own account: "I am here" or "I am leaving", as the pressed button says."""
    now = timezone.now()
    unit = _first_unit(request, business_date(now))
    form = SignForm(request.POST, unit=unit)
    window_id = form.cleaned_data["window"] if form.is_valid() else None
    _sign(request, unit.pk, Way.ACCOUNT, now, window_id)
    return redirect("duty:mine")


def _sign(request: HttpRequest, unit_id: int, way: Way, now: datetime, window_id: int | None) -> None:
    kind = request.POST.get("kind", "")
    services.sign(actor=request.actor, kind=kind, unit_id=unit_id, way=way, at=now, window_id=window_id)
    words = _("Signed in. Have a good day.") if kind == MarkKind.IN else _("Signed out. Thank you.")
    messages.success(request, words)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def here(request: HttpRequest, code: str) -> HttpResponse:
    """What the code on the screen opens on a colleague's phone: who he is, and the two buttons."""
    now = timezone.now()
    me = request.actor.user_id
    unit_id = codes.unit_of_code(code, now)
    if request.method == "POST":
        unit_id = codes.unit_scanned(request.POST.get("proof", ""), me, now)
    if unit_id is None:
        raise Refused(_("This code has run out. Scan the one that the screen shows now."))
    if request.method == "POST":
        _sign(request, unit_id, Way.CODE, now, number_in(request.POST.get("window", "")))
        return redirect("duty:mine")
    unit = selectors.unit_to_sign_at(unit_id)
    today = business_date(now)
    shifts = selectors.shifts_of(me, first=today, last=today)
    mine_here = [shift.window_id for shift in shifts if shift.unit_id == unit.pk]
    context = {
        "unit": unit, "open": attendance.open_stretch(me, now), "proof": codes.scanned(unit_id, me, now),
        "form": SignForm(unit=unit, initial={"window": mine_here[0] if mine_here else ""}),
        "shifts": [shift for shift in shifts if shift.unit_id == unit.pk],
    }  # fmt: skip
    return render(request, "duty/here.html", context)


@never_cache
@require_GET
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the hall's screen: the code of this half minute. No names, no sign-in."""
    now = timezone.now()
    unit = attendance.screen_unit(token)
    address = settings.PUBLIC_ADDRESS + reverse("duty:here", args=[codes.code_for(unit.pk, now)])
    picture = segno.make(address, error="m").svg_data_uri(scale=10, border=2)
    return render(request, "duty/screen.html", {"unit": unit, "picture": picture, "now": now})


@require_POST
@staff_required
def make_screen(request: HttpRequest) -> HttpResponse:
    """A new link for a screen; it is shown once."""
    unit = selectors.unit_for(request.actor, number_in(request.POST.get("unit", "")))
    token = services.make_screen(actor=request.actor, unit_id=unit.pk, at=timezone.now())
    address = request.build_absolute_uri(reverse("duty:screen", args=[token]))
    context = {"unit": unit, "address": address}
    return render(request, "duty/screen_made.html", context)


@require_POST
@staff_required
def revoke_screen(request: HttpRequest, screen_id: int) -> HttpResponse:
    """The link opens nothing any more."""
    row = services.revoke_screen(actor=request.actor, screen_id=screen_id, at=timezone.now())
    messages.success(request, _("This screen shows no code any more."))
    return redirect(f"{reverse('duty:today')}?unit={row.unit_id}")
