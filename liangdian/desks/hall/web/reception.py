"""The reception desk: a number for a person, his slip on paper and on the screen, his class."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.desks.hall import policy, selectors, services
from liangdian.desks.hall.slips import content
from liangdian.desks.hall.web.forms import ClassForm, NumberForm
from liangdian.desks.hall.web.window import serving
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue


@never_cache
@require_http_methods(["GET", "POST"])
@serving
def number(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Give a number; then the slip."""
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    policy.require_serve(request.actor, hall)
    groups = [(group.pk, f"{group.prefix} · {group.label}") for group in selectors.groups_of(hall.pk)]
    form = NumberForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        try:
            visit = services.join(
                actor=request.actor, hall_id=hall.pk, arrival=_arrival(form.cleaned_data), at=timezone.now()
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect("hall:slip", visit_id=visit.pk)
    status = 422 if request.method == "POST" else 200
    context = {"hall": hall, "form": form, "items": catalogue.item_suggestions(""), "groups": groups}
    return render(request, "hall/number.html", context, status=status)


def _arrival(data: dict[str, Any]) -> services.Arrival:
    chosen = [version.pk for version in (data["item"], data["second"]) if version is not None]
    return services.Arrival(
        press_key=data["press_key"], item_version_ids=tuple(chosen), group_id=data["group"],
        reason=data["reason"], reason_text=data["reason_text"], language=get_language() or "zh-hans",
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@serving
def slip(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The slip on the screen: number, people ahead, range, the code; and the person's class."""
    visit = selectors.visit_for(actor=request.actor, visit_id=visit_id)
    form = ClassForm(request.POST or None, initial={"reason": visit.reason, "text": visit.reason_text})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_class(
                actor=request.actor, visit_id=visit.pk, reason=form.cleaned_data["reason"],
                text=form.cleaned_data["text"], at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The class is changed and the reason recorded."))
            return redirect("hall:slip", visit_id=visit.pk)
    status = 422 if request.method == "POST" else 200
    context = {
        "visit": visit, "form": form, "slip": content.slip_data(visit),
        "qr": mark_safe(content.place_code(content.place_link(visit))),
    }  # fmt: skip
    return render(request, "hall/slip.html", context, status=status)


@require_GET
@serving
def slip_pdf(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The slip for the printer of 80 mm; a reprint shows the same number."""
    visit = selectors.visit_for(actor=request.actor, visit_id=visit_id)
    response = HttpResponse(content.slip_pdf(visit), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.ticket}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@serving
def find(request: HttpRequest, hall_id: int) -> HttpResponse:
    """A visit of today by its number, for a reprint or a change."""
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    found = selectors.visit_by_ticket(
        hall_id=hall.pk, ticket=request.GET.get("ticket", ""), at=timezone.now()
    )
    if found is None:
        raise NotFound(_("There is no such number in this hall today."))
    return redirect("hall:slip", visit_id=found)
