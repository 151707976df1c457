"""Who helps me, at the kiosk: the lane and the problem are pressed, not typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liangdian.desks.hall.models import Device
from liangdian.desks.hall.states import DeviceKind
from liangdian.desks.hall.web.machines import machine_required
from liangdian.registers.directory.asking import LaneForm


@never_cache
@require_http_methods(["GET", "POST"])
@machine_required(DeviceKind.KIOSK)
def who_helps(request: HttpRequest, device: Device) -> HttpResponse:
    """The people of a lane, for the community of this hall."""
    now = timezone.now()
    form = LaneForm(request.POST or None, unit_id=device.hall.unit_id, at=now)
    context: dict[str, Any] = {"device": device, "form": form}
    if request.method == "POST" and form.is_valid():
        context["answer"] = form.answer(now)
    return render(request, "hall/kiosk_who.html", context, status=422 if form.errors else 200)
