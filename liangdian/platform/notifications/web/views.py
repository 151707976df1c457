"""One's own bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.notifications import selectors, services


@require_GET
@staff_required
def bell(request: HttpRequest) -> HttpResponse:
    """The newest notices; what was not read stands out."""
    return render(request, "notifications/bell.html", {"notices": selectors.latest(request.actor)})


@require_POST
@staff_required
def read(request: HttpRequest) -> HttpResponse:
    """Everything is read now."""
    services.mark_read(actor=request.actor, at=timezone.now())
    return redirect("notifications:bell")
