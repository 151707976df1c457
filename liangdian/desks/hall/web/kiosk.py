"""The kiosk: by need, by item, by appointment, or only to ask; one thing a page, then the slip."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.bookings import selectors as bookings
from liangdian.bookings import services as booking_services
from liangdian.bookings.states import ResourceKind
from liangdian.desks.hall import places, selectors, services
from liangdian.desks.hall.models import Device, Visit
from liangdian.desks.hall.slips import content
from liangdian.desks.hall.states import Channel, DeviceKind, Reason
from liangdian.desks.hall.web.machines import machine_required
from liangdian.desks.hall.wording import NO_SUCH_PLACE
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.ui import display
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue

# The green channel is opened by the staff, who see the need.
REASONS = [("", _("None of these")), *[(r.value, r.label) for r in Reason if r is not Reason.URGENT]]


class JoinForm(forms.Form):
    """Who comes before others, as he says himself; the staff see it at the window."""

    press_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.ChoiceField(
        label=_("Does one of these apply to you? You are called earlier then."), choices=REASONS,
        required=False, widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["press_key"].initial = uuid.uuid4().hex


class AskForm(JoinForm):
    """The queue, when no item is wanted."""

    group = forms.TypedChoiceField(
        label=pgettext_lazy("kiosk", "What is it about?"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, groups: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = groups


class AppointmentForm(forms.Form):
    code = Text(
        label=_("Code of your appointment"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Type the code of your appointment.")},
    )  # fmt: skip


@never_cache
@require_GET
@machine_required(DeviceKind.KIOSK)
def start(request: HttpRequest, device: Device) -> HttpResponse:
    """What would you like to do? With ``new`` the last person's language and display are forgotten."""
    if "new" in request.GET:
        response = redirect("kiosk:start")
        for cookie in (settings.LANGUAGE_COOKIE_NAME, display.COOKIE):
            response.delete_cookie(cookie)
        return response
    taken = {code for group in selectors.groups_of(device.hall_id) for code in group.categories}
    rest = any(not group.categories for group in selectors.groups_of(device.hall_id))
    shown = [category for category in catalogue.categories() if rest or category.code in taken]
    return _page(request, device, "hall/kiosk_start.html", {"categories": shown})


@never_cache
@require_GET
@machine_required(DeviceKind.KIOSK)
def about(request: HttpRequest, device: Device, category: str) -> HttpResponse:
    """The items of one need."""
    rows = [item for item in catalogue.items(category=category) if item.current is not None]
    if not rows:
        return redirect("kiosk:start")
    return _page(request, device, "hall/kiosk_about.html", {"rows": rows, "category": rows[0].category})


@never_cache
@require_http_methods(["GET", "POST"])
@machine_required(DeviceKind.KIOSK)
def item(request: HttpRequest, device: Device, version_id: int) -> HttpResponse:
    """What the item needs, said at once; then the number."""
    version = catalogue.item_version(version_id)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        arrival = _arrival(form, item_version_ids=(version.pk,))
        if (answer := _joined(device, form, arrival)) is not None:
            return answer
    context = {"version": version, "papers": catalogue.papers_of(version.pk), "form": form}
    return _page(request, device, "hall/kiosk_item.html", context, form)


@never_cache
@require_http_methods(["GET", "POST"])
@machine_required(DeviceKind.KIOSK)
def ask(request: HttpRequest, device: Device) -> HttpResponse:
    """Only to ask, or not sure what it is called: choose the queue."""
    groups = [(group.pk, group.label) for group in selectors.groups_of(device.hall_id)]
    form = AskForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        arrival = _arrival(form, group_id=form.cleaned_data["group"])
        if (answer := _joined(device, form, arrival)) is not None:
            return answer
    return _page(request, device, "hall/kiosk_ask.html", {"form": form}, form)


@never_cache
@require_http_methods(["GET", "POST"])
@machine_required(DeviceKind.KIOSK)
def appointment(request: HttpRequest, device: Device) -> HttpResponse:
    """Check in for an appointment: the same number however often."""
    form = AppointmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _to_slip(_checked_in(device, form.cleaned_data["code"]))
        except Refused as refused:
            show_refusal(form, refused)
    return _page(request, device, "hall/kiosk_appointment.html", {"form": form}, form)


def _checked_in(device: Device, code: str) -> Visit:
    booking = bookings.booking_by_code(code=code)
    here = device.hall.unit.path
    if booking.resource.kind != ResourceKind.ITEM or not booking.unit.path.startswith(here):
        raise NotFound(_("This appointment is not for a window of this hall. Please ask at the desk."))
    now = timezone.now()
    booking_services.check_in(actor=SYSTEM, booking_id=booking.pk, at=now)
    return services.check_in(
        actor=SYSTEM, hall_id=device.hall_id, booking=str(booking.key), booked_for=booking.starts_at,
        item_version_ids=[booking.item_version_id] if booking.item_version_id else [],
        resident_id=booking.resident_id, language=booking.language, at=now,
    )  # fmt: skip


@never_cache
@require_GET
@machine_required(DeviceKind.KIOSK)
def slip(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """The slip: printed by the kiosk's own printer, and to be photographed."""
    visit = _own(device, token)
    context = {
        "visit": visit, "slip": content.slip_data(visit), "token": token,
        "qr": mark_safe(content.place_code(content.place_link(visit))),
    }  # fmt: skip
    return _page(request, device, "hall/kiosk_slip.html", context)


@require_GET
@machine_required(DeviceKind.KIOSK)
def slip_pdf(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """The same for an 80 mm printer."""
    visit = _own(device, token)
    response = HttpResponse(content.slip_pdf(visit), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.ticket}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _own(device: Device, token: str) -> Visit:
    visit = selectors.place_by_token(token=token, at=timezone.now()).visit
    if visit.hall_id != device.hall_id:
        raise NotFound(NO_SUCH_PLACE)
    return visit


def _arrival(form: JoinForm, **more: Any) -> services.Arrival:
    return services.Arrival(
        press_key=form.cleaned_data["press_key"], channel=Channel.KIOSK,
        reason=form.cleaned_data["reason"], language=get_language() or "zh-hans", **more,
    )  # fmt: skip


def _joined(device: Device, form: JoinForm, arrival: services.Arrival) -> HttpResponse | None:
    try:
        visit = services.join(actor=SYSTEM, hall_id=device.hall_id, arrival=arrival, at=timezone.now())
    except Refused as refused:
        show_refusal(form, refused)
        return None
    return _to_slip(visit)


def _to_slip(visit: Visit) -> HttpResponse:
    token = places.place_token(hall_id=visit.hall_id, day=visit.day, prefix=visit.prefix, number=visit.number)
    return redirect("kiosk:slip", token=token)


def _page(
    request: HttpRequest, device: Device, template: str, context: dict[str, Any],
    form: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    status = 422 if request.method == "POST" and form is not None else 200
    return render(request, template, {"device": device, **context}, status=status)
