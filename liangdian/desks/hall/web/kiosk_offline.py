"""The kiosk without a network: its worker, the page it shows, the numbers set apart, telling later."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liangdian.desks.hall import selectors, services
from liangdian.desks.hall.models import Device
from liangdian.desks.hall.services.offline import first_free
from liangdian.desks.hall.states import DeviceKind
from liangdian.desks.hall.web.kiosk import REASONS
from liangdian.desks.hall.web.machines import machine_of, machine_required
from liangdian.foundation.refused import Invalid

AT_ONCE = 200
_ASSETS = (
    "tabler/css/tabler.min.css", "icons/tabler-icons.min.css", "ui/theme.css", "hall/kiosk.css",
    "hall/kiosk.js", "hall/kiosk_offline.js", "ui/app.js", "htmx/htmx.min.js", "ui/aloud.js",
)  # fmt: skip


@never_cache
@require_GET
@machine_required(DeviceKind.KIOSK)
def page(request: HttpRequest, device: Device) -> HttpResponse:
    """The page that the worker keeps and shows while the line is down: the queues, and a number at once."""
    groups = selectors.groups_of(device.hall_id)
    return render(
        request, "hall/kiosk_offline.html", {"device": device, "groups": groups, "reasons": REASONS}
    )


@never_cache
@require_GET
def blocks(request: HttpRequest) -> HttpResponse:
    """The numbers that this kiosk may give out by itself today, and the secret of its next form."""
    device = machine_of(request, DeviceKind.KIOSK)
    found = services.blocks_for(device=device, at=timezone.now())
    listed = [
        {"prefix": b.prefix, "next": first_free(b), "last": b.last, "day": b.day.isoformat()} for b in found
    ]
    return JsonResponse({"blocks": listed, "csrf": get_token(request)})


@never_cache
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """What was given out meanwhile. Sent twice it is taken once; what is refused is named, not lost."""
    device = machine_of(request, DeviceKind.KIOSK)
    taken = services.upload(device=device, given=_given(request.body), at=timezone.now())
    return JsonResponse({"taken": [{"key": t.press_key, "refused": t.refused} for t in taken]})


def _given(body: bytes) -> list[services.Given]:
    try:
        return [_one(row) for row in list(json.loads(body))[:AT_ONCE]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid("This is not what a kiosk sends.") from error


def _one(row: dict[str, Any]) -> services.Given:
    at = datetime.fromisoformat(row["at"])
    number = row["number"]
    if at.tzinfo is None or not isinstance(number, int) or not 1 <= number < 100_000:
        raise ValueError("time or number")
    return services.Given(
        press_key=str(row["key"])[:64], prefix=str(row["prefix"])[:2], number=number, at=at,
        reason=str(row.get("reason", ""))[:12], language=str(row.get("language", "zh-hans"))[:10],
    )  # fmt: skip


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of these pages: the network first, the kept page when there is none."""
    kept = [reverse("kiosk:offline"), *(static(name) for name in _ASSETS)]
    context = {"kept": json.dumps(kept), "offline": reverse("kiosk:offline")}
    return render(request, "hall/kiosk_worker.js", context, content_type="text/javascript")
