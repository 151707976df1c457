"""Who helps me? The directory, with the rooms of that community that can be booked for a talk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liangdian.bookings import selectors as bookings
from liangdian.bookings.states import ResourceKind
from liangdian.registers.directory.asking import WhoForm

TALKS = (ResourceKind.ROOM, ResourceKind.POST)


@never_cache
@require_http_methods(["GET", "POST"])
def who_helps(request: HttpRequest) -> HttpResponse:
    """Address and problem in, names and phones of today out; nothing of it is kept."""
    form = WhoForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        unit_id = form.cleaned_data["unit"]
        context["answer"] = form.answer(timezone.now())
        context["rooms"] = [
            row for row in bookings.public_resources() if row.unit_id == unit_id and row.kind in TALKS
        ]
    return render(request, "portal/who.html", context, status=422 if form.errors else 200)
