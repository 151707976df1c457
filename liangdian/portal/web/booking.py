"""A resident makes an appointment: what for, day and time, who, the code from the message."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.bookings import codes, selectors, services
from liangdian.bookings.hall_time import day_in
from liangdian.bookings.rules import times_needed
from liangdian.bookings.selectors import Booking, Resource
from liangdian.bookings.services import Person, Wish
from liangdian.bookings.states import Channel, State
from liangdian.foundation.actor import resident
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.crypto import decrypt, encrypt
from liangdian.platform.ui.forms import show_refusal
from liangdian.portal import sign_in_codes
from liangdian.portal.sign_in_codes import Asked
from liangdian.portal.web import limits
from liangdian.portal.web.booking_forms import ChooseTimeForm, LengthForm, WaitingForm, WhoForm
from liangdian.portal.web.forms import CodeForm
from liangdian.portal.web.resident_sign_in import resident_ids, too_many
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people import selectors as people
from liangdian.registers.people.numbers import read_phone

_HELD, _WHO = "held_booking", "booking_who"


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """What for: items that a window serves by appointment, and whatever else is open online."""
    rows = selectors.public_resources()
    served = {code for row in rows for code in row.serves}
    items = [item for item in catalogue.items() if item.category.code in served]
    others = [row for row in rows if not row.serves]
    return render(request, "portal/book.html", {"items": items, "others": others})


@require_GET
def where(request: HttpRequest, code: str) -> HttpResponse:
    """Where an item is served by appointment; straight to the times when there is only one place."""
    item = catalogue.guide(clean(code))
    rows = selectors.public_resources(category=item.category.code)
    if len(rows) == 1:
        return redirect(f"/book/{rows[0].pk}/?item={item.code}")
    return render(request, "portal/book_where.html", {"item": item, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def times(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Day and time. What is chosen is kept for some minutes."""
    resource, now = selectors.public_resource(resource_id), timezone.now()
    item = _item(request, resource)
    length = LengthForm(request.GET)
    asked = {name: value or 1 for name, value in length.cleaned_data.items()} if length.is_valid() else {}
    items, people_count = asked.get("items", 1), asked.get("people", 1)
    days, shown = _free(resource, request.GET.get("day", ""), items, people_count, now=now)
    form = ChooseTimeForm(request.POST or None, times=days.get(shown, []))
    if request.method == "POST" and form.is_valid():
        if not limits.may_try(request, "hold", request.session.session_key or "new"):
            form.add_error(None, too_many())
        else:
            wish = Wish(
                resource_id=resource.pk, starts_at=form.cleaned_data["start"], channel=Channel.ONLINE,
                items=items, people=people_count, item_version_id=item.current_id if item else None,
                language=get_language() or "zh-hans",
            )  # fmt: skip
            try:
                _keep(request, wish, now=now)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                return redirect("portal:book-who")
    context = {
        "resource": resource, "item": item, "form": form, "length": length, "day": shown,
        "days": [(day, len(free)) for day, free in sorted(days.items()) if free],
        "free": days.get(shown, []), "items": items, "people": people_count,
    }  # fmt: skip
    return render(request, "portal/book_times.html", context, status=422 if form.errors else 200)


def _item(request: HttpRequest, resource: Resource) -> Any:
    code = clean(request.GET.get("item", ""))[:40]
    if not code:
        return None
    item = catalogue.guide(code)
    return item if item.category.code in resource.serves else None


def _free(
    resource: Resource, wanted: str, items: int, people_count: int, *, now: datetime
) -> tuple[dict[Any, list[Any]], Any]:
    """The free times of each day that residents may book, and the day to show: as asked, else the first."""
    today = business_date(now)
    try:
        count = times_needed(items=items, people=people_count, minutes=resource.minutes)
    except Invalid:
        return {}, today
    days = selectors.free_days(
        resource, first=today, last=selectors.last_online_day(resource, at=now), channel=Channel.ONLINE,
        count=count, earliest=selectors.earliest_online(resource, at=now),
    )  # fmt: skip
    first = next((day for day, free in sorted(days.items()) if free), today)
    shown = day_in(wanted, today=first)
    return days, shown if days.get(shown) else first


def _keep(request: HttpRequest, wish: Wish, *, now: datetime) -> None:
    """One browser keeps one time: an earlier hold is given back."""
    with transaction.atomic():
        held = services.hold(actor=resident(), wish=wish, at=now)
        earlier = _held(request)
        if earlier is not None:
            services.cancel(actor=resident(), booking_id=earlier.pk, reason="", at=now)
    request.session[_HELD] = codes.link_token(held.key)
    request.session.pop(_WHO, None)


def _held(request: HttpRequest) -> Booking | None:
    """The time that this browser keeps, while it is neither confirmed nor run out."""
    token = request.session.get(_HELD, "")
    if not token:
        return None
    found = selectors.booking_by_link(token=token)
    kept = found.hold_until is not None and found.hold_until > timezone.now()
    return found if found.state == State.HELD and kept else None


@never_cache
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Name and phone; a code proves the phone where codes can be sent."""
    held = _held(request)
    if held is None:
        return redirect("portal:book")
    form, status = WhoForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                phone = read_phone(form.cleaned_data["phone"])
                return _prove_or_confirm(request, held, form, phone)
            except Refused as refused:
                show_refusal(form, refused)
    return render(request, "portal/book_who.html", {"form": form, "booking": held}, status=status)


def _prove_or_confirm(request: HttpRequest, held: Booking, form: WhoForm, phone: str) -> HttpResponse:
    given = {**form.cleaned_data, "phone": phone}
    proved = any(people.has_phone(resident_id=pk, phone=phone) for pk in resident_ids(request))
    if proved or not sign_in_codes.is_offered():
        return _confirm(request, held, given)
    if not limits.may_try(request, "code", phone):
        raise Refused(too_many())
    with transaction.atomic():
        asked = sign_in_codes.ask(
            phone=phone, language=get_language() or "zh-hans", at=timezone.now(), anyone=True
        )
    # Name and number lie in the session only sealed.
    request.session[_WHO] = {"asked": asked.as_dict(), "given": encrypt(json.dumps(given))}
    return redirect("portal:book-code")


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code from the message makes the appointment; five tries."""
    held, kept = _held(request), request.session.get(_WHO)
    if held is None or kept is None:
        return redirect("portal:book")
    asked = Asked(**kept["asked"])
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        status = 422
        if not limits.may_try(request, "try", asked.nonce):
            form.add_error(None, too_many())
        elif sign_in_codes.is_right(asked, form.cleaned_data["code"], at=timezone.now(), anyone=True):
            try:
                return _confirm(request, held, json.loads(decrypt(kept["given"])))
            except Refused as refused:
                show_refusal(form, refused)
        else:
            form.add_error(
                "code", _("This code is not right, or it is too old. Look at the newest message again.")
            )
    context = {"form": form, "shown": asked.shown, "booking": held}
    return render(request, "portal/book_code.html", context, status=status)


def _confirm(request: HttpRequest, held: Booking, given: dict[str, str]) -> HttpResponse:
    person = Person(name=given["name"], phone=given["phone"])
    booking = services.confirm(
        actor=resident(given["name"][:100]), booking_id=held.pk, person=person, at=timezone.now(),
        subject=given.get("subject", ""),
    )  # fmt: skip
    request.session.pop(_HELD, None)
    request.session.pop(_WHO, None)
    return redirect(codes.link_path(booking.key) + "?new=1")


@never_cache
@require_http_methods(["GET", "POST"])
def wait(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Onto the waiting list; an offer comes by message."""
    resource, now = selectors.public_resource(resource_id), timezone.now()
    form = WaitingForm(request.POST or None, today=business_date(now), ahead=resource.days_ahead)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            phone = read_phone(data["phone"])
            if not phone or not limits.may_try(request, "code", phone):
                raise Refused(too_many())
            services.join_waiting(
                actor=resident(data["name"]), resource_id=resource.pk, channel=Channel.ONLINE,
                person=Person(name=data["name"], phone=phone), first_day=data["first_day"],
                last_day=data["last_day"], language=get_language() or "zh-hans", at=now,
            )  # fmt: skip
        except NotFound:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return render(request, "portal/book_waiting.html", {"resource": resource})
    return render(request, "portal/book_wait.html", {"resource": resource, "form": form}, status=status)
