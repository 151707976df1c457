"""The resident's own appointment behind its secret link: move, cancel, calendar file, print."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.bookings import codes, selectors, services
from liangdian.bookings.hall_time import day_in
from liangdian.bookings.ics import CalendarEntry, as_ics
from liangdian.bookings.messages import bring_of, place_of, title_of
from liangdian.bookings.rules import times_needed
from liangdian.bookings.selectors import Booking
from liangdian.bookings.services import Person
from liangdian.bookings.states import AHEAD, State
from liangdian.bookings.wording import NO_SUCH_BOOKING
from liangdian.foundation.actor import resident
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.ui.forms import show_refusal
from liangdian.portal.web import limits
from liangdian.portal.web.booking_forms import ChooseTimeForm, MineForm
from liangdian.portal.web.resident_sign_in import too_many


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Find one's appointment by the code of the message."""
    form, status = MineForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        status = 422
        digest = codes.code_digest(form.cleaned_data["code"])
        if not limits.may_try(request, "booking", digest):
            form.add_error(None, too_many())
        else:
            try:
                found = selectors.booking_by_code(code=form.cleaned_data["code"])
                return redirect(codes.link_path(found.key))
            except NotFound as refused:
                form.add_error("code", str(refused.message))
    return render(request, "portal/booking_mine.html", {"form": form}, status=422 if form.errors else status)


@never_cache
@require_GET
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept for whom, the code, what to bring, and what can be done."""
    found, now = selectors.booking_by_link(token=token), timezone.now()
    return render(request, "portal/booking.html", _context(found, token, request) | {"now": now})


def _context(found: Booking, token: str, request: HttpRequest) -> dict[str, object]:
    now = timezone.now()
    ahead = State(found.state) in AHEAD and found.starts_at > now
    offered = found.state == State.HELD and found.hold_until is not None and found.hold_until > now
    return {
        "booking": found, "token": token, "code": codes.code_of(found.key), "bring": bring_of(found),
        "title": title_of(found), "place": place_of(found), "may_change": ahead and not offered,
        "offered": offered and found.resident_id is not None, "new": "new" in request.GET,
        "confirmed": found.state == State.CONFIRMED,
    }  # fmt: skip


@never_cache
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take a time that was offered from the waiting list."""
    found = selectors.booking_by_link(token=token)
    if found.resident_id is None:
        raise NotFound(NO_SUCH_BOOKING)
    services.confirm(actor=resident(), booking_id=found.pk, person=Person(), at=timezone.now())
    return redirect(f"{codes.link_path(found.key)}?new=1")


@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Another time of the same place; the old one is kept until the new one is taken."""
    found, now = selectors.booking_by_link(token=token), timezone.now()
    resource = found.resource
    count = times_needed(
        items=found.items, people=found.people, minutes=resource.minutes, extra_minutes=found.extra_minutes
    )
    days = selectors.free_days(
        resource, first=business_date(now), last=selectors.last_online_day(resource, at=now),
        channel=found.channel, count=count, earliest=selectors.earliest_online(resource, at=now),
    )  # fmt: skip
    open_days = [(day, len(free)) for day, free in sorted(days.items()) if free]
    first = open_days[0][0] if open_days else business_date(now)
    shown = day_in(request.GET.get("day", ""), today=first)
    form = ChooseTimeForm(request.POST or None, times=days.get(shown, []))
    if request.method == "POST" and form.is_valid():
        try:
            services.move(actor=resident(), booking_id=found.pk, starts_at=form.cleaned_data["start"], at=now)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect(f"{codes.link_path(found.key)}?new=1")
    context = _context(found, token, request) | {
        "form": form, "days": open_days, "day": shown, "free": days.get(shown, []),
    }  # fmt: skip
    return render(request, "portal/booking_move.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Asked once more, then cancelled; no reason is needed."""
    found = selectors.booking_by_link(token=token)
    if request.method == "POST":
        services.cancel(
            actor=resident(), booking_id=found.pk, reason=request.POST.get("reason", "")[:300],
            at=timezone.now(),
        )  # fmt: skip
        return redirect("portal:booking", token=token)
    return render(request, "portal/booking_cancel.html", _context(found, token, request))


@never_cache
@require_GET
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for the resident's own calendar."""
    found = selectors.booking_by_link(token=token)
    entry = CalendarEntry(
        uid=f"{found.key}@liangdian", sequence=found.version, starts_at=found.starts_at,
        ends_at=found.ends_at, title=title_of(found), place=place_of(found), description=bring_of(found),
        url=settings.PUBLIC_ADDRESS + codes.link_path(found.key), cancelled=found.state == State.CANCELLED,
        stamp=timezone.now(),
    )  # fmt: skip
    response = HttpResponse(as_ics(entry), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
