"""The board on the wall: the page, and its state for screens that cannot reach the stream."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from liangdian.desks.hall import board
from liangdian.desks.hall.models import Device, QueueGroup
from liangdian.desks.hall.states import DeviceKind
from liangdian.desks.hall.web.machines import machine_of, machine_required


@never_cache
@require_GET
@machine_required(DeviceKind.BOARD)
def page(request: HttpRequest, device: Device) -> HttpResponse:
    """The whole board, drawn by the server once; from then on the stream, or asking, keeps it new."""
    now = timezone.now()
    shown = board.board_of(device.hall_id, at=now)
    names = {group.prefix: group.label for group in QueueGroup.objects.filter(hall=device.hall_id)}
    context = {
        "hall": device.hall,
        "board": shown,
        "now": now,
        "waiting": [(letter, names.get(letter, letter), count) for letter, count in shown.waiting],
        "state": shown.as_dict() | {"names": names},
        "stream": f"{settings.LIVE_ADDRESS}/live/board" if settings.LIVE_ADDRESS else "",
        "ticket": board.live_token(device.hall_id),
    }
    return render(request, "hall/board.html", context)


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """The board as data, with a new ticket for the stream; 304 while nothing has changed."""
    device = machine_of(request, DeviceKind.BOARD)
    now = timezone.now()
    tag = f'"{board.version(device.hall_id, at=now)}"'
    if request.headers.get("If-None-Match") == tag and "ticket" not in request.GET:
        response: HttpResponse = HttpResponseNotModified()
    else:
        shown = board.board_of(device.hall_id, at=now)
        response = JsonResponse(shown.as_dict() | {"ticket": board.live_token(device.hall_id)})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
