"""The rating tablet at a window: whoever was served just now says how it was, with one touch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.desks.hall import services
from liangdian.desks.hall.devices import to_rate
from liangdian.desks.hall.models import Device
from liangdian.desks.hall.states import DeviceKind, Grade, RatedBy
from liangdian.desks.hall.web.machines import machine_required
from liangdian.foundation.refused import Refused

# How each grade looks; the words stand beside it.
FACES = {"5": "mood-happy", "4": "mood-smile", "3": "mood-neutral", "2": "mood-sad", "1": "mood-angry"}


@never_cache
@require_http_methods(["GET", "POST"])
@machine_required(DeviceKind.TABLET)
def page(request: HttpRequest, device: Device) -> HttpResponse:
    """The question, or rest. A touch rates the visit that was on the screen, and no other."""
    now, refused = timezone.now(), ""
    if request.method == "POST":
        visit = to_rate(device, at=now)
        if visit is not None and str(visit.pk) == request.POST.get("visit", ""):
            try:
                services.rate(
                    visit_id=visit.pk, grade=request.POST.get("grade", ""), comment="",
                    source=RatedBy.TABLET, at=now,
                )  # fmt: skip
            except Refused as why:
                refused = str(why.message)
            else:
                return redirect("/tablet/?thanks")
    context = {"device": device, "refused": refused, "thanks": "thanks" in request.GET, **_asked(device)}
    return render(request, "hall/tablet.html", context, status=422 if refused else 200)


@never_cache
@require_GET
@machine_required(DeviceKind.TABLET)
def state(request: HttpRequest, device: Device) -> HttpResponse:
    """The part of the page that changes, asked for every few seconds."""
    return render(request, "hall/tablet_state.html", {"device": device, **_asked(device)})


def _asked(device: Device) -> dict[str, object]:
    grades = [(grade.value, grade.label, FACES[grade.value]) for grade in Grade]
    return {"visit": to_rate(device, at=timezone.now()), "grades": grades}
