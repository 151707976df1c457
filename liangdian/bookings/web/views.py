"""The staff's pages: what can be booked, a day of it, an appointment and its acts, the waiting list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.bookings import codes, policy, selectors, services
from liangdian.bookings.days import times_of
from liangdian.bookings.hall_time import as_time, day_in, number_in, time_in, week_of
from liangdian.bookings.messages import bring_of
from liangdian.bookings.models import Booking, Resource
from liangdian.bookings.rules import times_needed
from liangdian.bookings.services import Wish
from liangdian.bookings.states import AHEAD, NEXT, State
from liangdian.bookings.web.forms import BookForm, ReasonForm, TimeForm, WaitForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused, Stale
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people import selectors as people

readers = role_required(*policy.READING)
comers = role_required(*policy.COMING_IN)


@require_safe
@never_cache
@comers
def resources(request: HttpRequest) -> HttpResponse:
    """Everything of the person's units that can be booked, with how many come today."""
    actor, today = request.actor, business_date(timezone.now())
    closed = request.GET.get("closed") == "1"
    counts = selectors.counts_on(actor=actor, day=today)
    rows = [(row, counts.get(row.pk, 0)) for row in selectors.resources_for(actor=actor, with_closed=closed)]
    context = {
        "rows": rows, "closed": closed, "today": today, "may_define": actor.holds(*policy.DEFINING),
        "may_read": actor.holds(*policy.READING), "may_rules": policy.may_change_rules(actor),
    }  # fmt: skip
    return render(request, "bookings/resources.html", context)


@require_safe
@never_cache
@readers
def day(request: HttpRequest, resource_id: int) -> HttpResponse:
    """One day of a resource: every time with who comes and what is free; the week above it."""
    actor, now = request.actor, timezone.now()
    resource = selectors.resource_for(actor=actor, resource_id=resource_id)
    today = business_date(now)
    shown = day_in(request.GET.get("day", ""), today=today)
    week = week_of(shown)
    times = times_of(resource, week[0], week[-1])
    booked = selectors.bookings_on(actor=actor, resource=resource, first=shown)
    context = {
        "resource": resource, "day": shown, "today": today,
        "week": [(each, sum(t.free for t in times[each]), len(times[each])) for each in week],
        "lines": _lines(times[shown], booked, now=now),
        "cancelled": [row for row in booked if row.state == State.CANCELLED],
        "before": shown - timedelta(days=7), "after": shown + timedelta(days=7),
        "may_book": policy.may_book(actor, path=resource.unit.path),
        "may_define": policy.may_define(actor, path=resource.unit.path),
    }  # fmt: skip
    return render(request, "bookings/day.html", context)


def _lines(times: list[Any], booked: list[Booking], *, now: datetime) -> list[dict[str, Any]]:
    """Each time with the appointments that begin at it; ``free`` only where it is not over."""
    begins: dict[datetime, list[Booking]] = {}
    for row in booked:
        if row.state != State.CANCELLED:
            row.phone = people.masked(row.phone_sealed)  # type: ignore[attr-defined]
            begins.setdefault(row.starts_at, []).append(row)
    return [
        {
            "time": time, "rows": begins.get(time.starts_at, []), "start": as_time(time.starts_at),
            "free": time.free if time.ends_at > now else 0,
        }
        for time in times
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def new(request: HttpRequest, resource_id: int) -> HttpResponse:
    """A new appointment at the time in the address, for somebody in the hall or on the phone."""
    actor = request.actor
    resource = selectors.resource_for(actor=actor, resource_id=resource_id)
    policy.require_book(actor, path=resource.unit.path)
    start = time_in(request.GET.get("start", ""))
    if start is None:
        return redirect("bookings:day", resource_id)
    known = number_in(request.GET.get("resident", ""))
    chosen = people.resident_for(actor=actor, resident_id=known) if known else None
    form = BookForm(request.POST or None, item_choices=_items_of(resource), known=chosen is not None)
    if request.method == "POST" and form.is_valid():
        try:
            booking = services.book(
                actor=actor, wish=_wish(resource, start, form), person=form.person(known), at=timezone.now()
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The appointment is made."))
            return redirect("bookings:booking", booking.pk)
    context = {"form": form, "resource": resource, "start": start, "chosen": chosen}
    return render(request, "bookings/new.html", context, status=422 if form.errors else 200)


def _items_of(resource: Resource) -> list[tuple[int, str]]:
    if not resource.serves:
        return []
    return [
        (item.current.pk, item.current.label)
        for item in catalogue.items()
        if item.current and item.category.code in resource.serves
    ]


def _wish(resource: Resource, start: datetime, form: BookForm) -> Wish:
    data = form.cleaned_data
    return Wish(
        resource_id=resource.pk, starts_at=start, channel=data["channel"], items=data["items"],
        people=data["people"], item_version_id=data.get("item"), subject=data["subject"],
        language=get_language() or "zh-hans", submission_key=data["submission_key"],
    )  # fmt: skip


@require_safe
@never_cache
@readers
def booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """One appointment with its history and what can be done with it."""
    found = selectors.booking_for(actor=request.actor, booking_id=booking_id)
    may = policy.may_book(request.actor, path=found.unit.path)
    state = State(found.state)
    context = {
        "booking": found, "phone": people.masked(found.phone_sealed),  # type: ignore[attr-defined]
        "events": selectors.events_of(found), "code": codes.code_of(found.key), "bring": bring_of(found),
        "day": business_date(found.starts_at), "may": may,
        "may_change": may and state in AHEAD,
        "may_arrive": may and State.ARRIVED in NEXT[state],
        "may_finish": may and (state == State.ARRIVED or State.ARRIVED in NEXT[state]),
        "may_miss": may and State.MISSED in NEXT[state],
    }  # fmt: skip
    return render(request, "bookings/booking.html", context)


_ACTS = {
    "arrived": (services.check_in, gettext_lazy("Noted: the resident is here.")),
    "done": (services.finish, gettext_lazy("Noted: served.")),
    "missed": (services.mark_missed, gettext_lazy("Noted: nobody came.")),
}


@require_POST
@never_cache
@readers
def act(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Here, served, or did not come."""
    selectors.booking_for(actor=request.actor, booking_id=booking_id)
    service, said = _ACTS.get(request.POST.get("act", ""), (None, ""))
    if service is not None:
        service(actor=request.actor, booking_id=booking_id, at=timezone.now())
        messages.success(request, said)
    return redirect("bookings:booking", booking_id)


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def move(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Another day and time; the old one is kept until the new one is taken."""
    actor, now = request.actor, timezone.now()
    found = selectors.booking_for(actor=actor, booking_id=booking_id)
    policy.require_book(actor, path=found.unit.path)
    today = business_date(now)
    shown = day_in(request.GET.get("day", ""), today=business_date(found.starts_at))
    count = times_needed(
        items=found.items, people=found.people, minutes=found.resource.minutes,
        extra_minutes=found.extra_minutes,
    )  # fmt: skip
    free = selectors.free_days(
        found.resource, first=shown, last=shown, channel=found.channel, count=count, earliest=now
    )[shown]
    form = TimeForm(request.POST or None, times=free, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.move(
                actor=actor, booking_id=booking_id, starts_at=form.cleaned_data["start"], at=now,
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Moved. The resident is told."))
            return redirect("bookings:booking", booking_id)
    context = {"booking": found, "form": form, "day": shown, "free": free, "today": today}
    return render(request, "bookings/move.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def cancel(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Cancel with a reason that the resident reads."""
    found = selectors.booking_for(actor=request.actor, booking_id=booking_id)
    policy.require_book(request.actor, path=found.unit.path)
    form = ReasonForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(
                actor=request.actor, booking_id=booking_id, reason=form.cleaned_data["reason"],
                at=timezone.now(), seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Stale as refused:
            form = ReasonForm({**request.POST.dict(), "seen": found.version})
            show_refusal(form, refused)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Cancelled. The time is free again."))
            return redirect("bookings:booking", booking_id)
    return render(
        request, "bookings/cancel.html", {"booking": found, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def waiting(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Who waits for a time, in turn; somebody is put on the list or taken off it."""
    actor, now = request.actor, timezone.now()
    resource = selectors.resource_for(actor=actor, resource_id=resource_id)
    leaving = number_in(request.POST.get("leave", ""))
    if leaving is not None:
        services.leave_waiting(actor=actor, entry_id=leaving, at=now)
        messages.success(request, _("Taken off the waiting list."))
        return redirect("bookings:waiting", resource_id)
    form = WaitForm(request.POST or None, today=business_date(now))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.join_waiting(
                actor=actor, resource_id=resource_id, person=form.person(None), channel=data["channel"],
                first_day=data["first_day"], last_day=data["last_day"], items=data["items"],
                people_count=data["people"], at=now,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("On the waiting list. A time that becomes free is offered in turn."))
            return redirect(reverse("bookings:waiting", args=[resource_id]))
    context = {
        "resource": resource, "form": form, "rows": selectors.waiting_for(actor=actor, resource=resource),
        "may_book": policy.may_book(actor, path=resource.unit.path),
    }  # fmt: skip
    return render(request, "bookings/waiting.html", context, status=422 if form.errors else 200)
