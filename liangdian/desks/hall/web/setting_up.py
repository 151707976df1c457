"""Setting up a hall: opening it, its rules, its queues."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.desks.hall import policy, selectors, services
from liangdian.desks.hall.models import Hall, QueueGroup
from liangdian.desks.hall.web.forms import GroupForm, SetUpForm
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue

setting_up = role_required(*policy.SETTING_UP)
_FIELDS = (
    "ratio", "cap_minutes", "target_minutes", "grace_minutes", "return_minutes", "return_behind",
    "unattended_minutes",
)  # fmt: skip


@require_POST
@setting_up
def open_hall(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Open the hall of a unit."""
    hall = services.open_hall(actor=request.actor, unit_id=unit_id, at=timezone.now())
    messages.success(request, _("The hall is open. Now give its queues their letters."))
    return redirect("hall:set-up", hall_id=hall.pk)


def _hall(request: HttpRequest, hall_id: int) -> Hall:
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    policy.require_set_up(request.actor, hall.unit.path)
    return hall


@require_http_methods(["GET", "POST"])
@setting_up
def set_up(request: HttpRequest, hall_id: int) -> HttpResponse:
    """How the queue is kept, and the list of queues."""
    hall = _hall(request, hall_id)
    initial = {name: getattr(hall, name) for name in _FIELDS} | {"quick_items": " ".join(hall.quick_items)}
    form = SetUpForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in _FIELDS}
        codes = tuple(form.cleaned_data["quick_items"].split())
        try:
            services.set_queueing(
                actor=request.actor, hall_id=hall.pk, at=timezone.now(),
                queueing=services.Queueing(**given, quick_items=codes),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. It holds from the next call on."))
            return redirect("hall:set-up", hall_id=hall.pk)
    status = 422 if request.method == "POST" else 200
    groups = selectors.groups_of(hall.pk, active=False)
    return render(request, "hall/set_up.html", {"hall": hall, "form": form, "groups": groups}, status=status)


@require_http_methods(["GET", "POST"])
@setting_up
def group(request: HttpRequest, hall_id: int, group_id: int | None = None) -> HttpResponse:
    """Make or change a queue."""
    hall = _hall(request, hall_id)
    known = {each.pk: each for each in selectors.groups_of(hall.pk, active=False)}
    found = known.get(group_id) if group_id is not None else None
    if group_id is not None and found is None:
        raise NotFound(_("There is no such queue."))
    categories = [(each.code, each.label) for each in catalogue.categories()]
    form = GroupForm(request.POST or None, categories=categories, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_group(
                actor=request.actor, hall_id=hall.pk, group_id=group_id, prefix=data["letter"],
                name=data["name"], names={"zh-hant": data["name_hant"], "en": data["name_en"]},
                categories=data["categories"], order=data["order"], active=data["active"],
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The queue is saved."))
            return redirect("hall:set-up", hall_id=hall.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "hall/group.html", {"hall": hall, "form": form, "group": found}, status=status)


def _initial(found: QueueGroup | None) -> dict[str, Any]:
    if found is None:
        return {"active": True}
    return {
        "letter": found.prefix, "name": found.name, "name_hant": found.names.get("zh-hant", ""),
        "name_en": found.names.get("en", ""), "categories": found.categories, "order": found.order,
        "active": found.active,
    }  # fmt: skip
