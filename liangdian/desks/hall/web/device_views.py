"""Machines of the hall: enrolled by a code, listed, made ready and revoked by those who set the hall up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.hall import devices, policy, services
from liangdian.desks.hall.models import Hall
from liangdian.desks.hall.states import DeviceKind
from liangdian.desks.hall.web.machines import remember
from liangdian.foundation.refused import NotAllowed, Refused
from liangdian.platform.accounts.throttle import count, network
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation import selectors as organisation

# Eight digits, thirty tries in ten minutes from one network.
TRIES = "30/600s/key"
# Where each kind of machine goes when it is enrolled.
HOME = {DeviceKind.BOARD: "board:page", DeviceKind.KIOSK: "kiosk:start", DeviceKind.TABLET: "tablet:page"}


class CodeForm(forms.Form):
    """The code that was shown when the machine was made ready."""

    code = Text(
        label=gettext_lazy("Code of eight digits"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the code.")},
    )  # fmt: skip


class DeviceForm(forms.Form):
    """What kind of machine, its name, and for a tablet its window."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of machine"), choices=DeviceKind.choices)
    name = Text(
        label=gettext_lazy("Name, for example where it stands"), max_length=60, required=False, needed=True
    )
    window = forms.TypedChoiceField(
        label=gettext_lazy("Window"), coerce=int, required=False, empty_value=None,
        help_text=gettext_lazy("Only for a tablet: the window at which it stands."),
    )  # fmt: skip

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        windows = [(w.pk, f"{w.number} {w.label}") for w in organisation.windows_of(hall.unit)]
        self.fields["window"].choices = [("", gettext_lazy("No window")), *windows]


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """On the machine itself: its code is typed once, then it opens its own page."""
    form = CodeForm(request.POST or None)
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        if not count(request, app="hall", action="code", limit=TRIES, key=network(request)):
            form.add_error("code", _("Too many tries. Wait ten minutes, then ask for a new code."))
            status = 429
        else:
            try:
                device, token = services.claim_device(code=form.cleaned_data["code"], at=timezone.now())
            except Refused as refused:
                show_refusal(form, refused)
            else:
                response = redirect(HOME.get(DeviceKind(device.kind), "devices:enrol"))
                remember(response, token)
                return response
    return render(request, "hall/enrol.html", {"form": form}, status=status)


@require_GET
@staff_required
def listed(request: HttpRequest) -> HttpResponse:
    """The machines of a hall, when they were last there, and which are revoked."""
    halls = devices.halls_for(request.actor)
    if not halls:
        raise NotAllowed(_("Only the administrator or secretary of this unit sets up the hall."))
    asked = request.GET.get("hall", "")
    chosen = next((hall.pk for hall in halls if str(hall.pk) == asked), halls[0].pk)
    hall, rows = devices.devices_for(request.actor, chosen)
    now = timezone.now()
    shown = [(row, row.seen_at is None or now - row.seen_at > devices.ABSENT_AFTER) for row in rows]
    return render(request, "hall/devices.html", {"hall": hall, "halls": halls, "rows": shown})


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def new(request: HttpRequest, hall_id: int) -> HttpResponse:
    """Make a machine ready; its code is shown once."""
    hall, _rows = devices.devices_for(request.actor, hall_id)
    policy.require_set_up(request.actor, hall.unit.path)
    form = DeviceForm(request.POST or None, hall=hall)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            device, code = services.make_device(
                actor=request.actor, hall_id=hall.pk, kind=data["kind"], name=data["name"],
                window_id=data["window"], at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            context = {
                "device": device, "code": f"{code[:4]} {code[4:]}", "hall": hall,
                "address": request.build_absolute_uri(reverse("devices:enrol")),
            }  # fmt: skip
            return render(request, "hall/device_made.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "hall/device_new.html", {"form": form, "hall": hall}, status=status)


@require_POST
@staff_required
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """From now on the machine opens nothing."""
    device = services.revoke_device(actor=request.actor, device_id=device_id, at=timezone.now())
    messages.success(request, _("Revoked. The machine opens nothing any more."))
    return redirect(f"{reverse('devices:list')}?hall={device.hall_id}")
