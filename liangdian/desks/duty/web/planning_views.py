"""The hours promised at each window, and the pattern of the week."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.duty import policy, selectors, services
from liangdian.desks.duty.models import ShiftPattern
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.planning import Line
from liangdian.desks.duty.web.asked import frame, number_in, unit_of
from liangdian.desks.duty.web.forms import WEEKDAYS, HoursForm, PatternForm, shown_week
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.calendar.hours import as_text
from liangdian.registers.organisation import selectors as organisation


@require_GET
@staff_required
def windows(request: HttpRequest) -> HttpResponse:
    """The windows of a unit with the hours that hold today."""
    unit, today = unit_of(request), business_date(timezone.now())
    found = organisation.windows_of(unit)
    promised = selectors.promised_hours(window.pk for window in found)
    rows = [
        {
            "window": window,
            "week": [
                (label, as_text(week[day])) for day, label in WEEKDAYS
                if (week := promised.week_on(window.pk, today)).get(day)
            ],
            "own": bool(promised.plans.get(window.pk)),
            "coming": [plan for plan in promised.plans.get(window.pk, []) if plan.valid_from > today],
        }
        for window in found
    ]  # fmt: skip
    context = {
        **frame(request, unit, "windows"), "rows": rows,
        "may_promise": policy.may(request.actor, Act.PROMISE, unit.path),
    }  # fmt: skip
    return render(request, "duty/windows.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def hours(request: HttpRequest, window_id: int) -> HttpResponse:
    """Promise other hours at one window from a day on."""
    now = timezone.now()
    window = selectors.window_for(request.actor, window_id)
    policy.require(request.actor, Act.PROMISE, window.unit.path)
    today = business_date(now)
    promised = selectors.promised_hours([window.pk])
    first = shown_week(promised.week_on(window.pk, today), today)
    form = HoursForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.promise_hours(
                actor=request.actor, window_id=window.pk, week=data["week"], valid_from=data["valid_from"],
                at=now,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("These hours are promised from that day on."))
            return redirect(f"{reverse('duty:windows')}?unit={window.unit_id}")
    context = {"form": form, "window": window, "plans": promised.plans.get(window.pk, [])}
    return render(request, "duty/hours.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def pattern(request: HttpRequest) -> HttpResponse:
    """Who is on duty on which weekday; the roster of a month is made from it."""
    now = timezone.now()
    unit, today = unit_of(request), business_date(now)
    may_plan = policy.may(request.actor, Act.PLAN, unit.path)
    form = PatternForm(request.POST or None, unit=unit, initial={"since": today}) if may_plan else None
    if request.method == "POST":
        policy.require(request.actor, Act.PLAN, unit.path)
        if form and form.is_valid() and _add_lines(request, form, unit.pk):
            messages.success(request, _("Saved. Make the roster of a month to put the shifts on it."))
            return redirect(f"{reverse('duty:pattern')}?unit={unit.pk}")
    lines = _together(selectors.patterns_of(unit, day=today))
    context = {**frame(request, unit, "pattern"), "lines": lines, "form": form, "may_plan": may_plan}
    return render(request, "duty/pattern.html", context, status=422 if form and form.errors else 200)


def _add_lines(request: HttpRequest, form: PatternForm, unit_id: int) -> bool:
    """One line for each chosen day, all or none; False when one was refused."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            for weekday in data["weekdays"]:
                line = Line(
                    weekday=weekday, starts=data["starts"], ends=data["ends"], user_id=data["user"],
                    since=data["since"], window_id=data["window"], stand_in_id=data["stand_in"],
                )  # fmt: skip
                services.add_pattern(actor=request.actor, unit_id=unit_id, line=line, at=timezone.now())
    except Refused as refused:
        show_refusal(form, refused)
        return False
    return True


def _together(rows: Iterable[ShiftPattern]) -> list[tuple[list[object], list[int], ShiftPattern]]:
    """Lines that differ only in their day as one: the days' names, the ids, one of the lines."""
    labels = dict(WEEKDAYS)
    found: dict[tuple[object, ...], tuple[list[object], list[int], ShiftPattern]] = {}
    for row in rows:
        key = (_place(row), row.starts, row.ends, row.user_id, row.stand_in_id, row.since, row.until)
        days, ids, _row = found.setdefault(key, ([], [], row))
        days.append(labels[row.weekday])
        ids.append(row.pk)
    return sorted(found.values(), key=lambda each: (each[2].window is None, _place(each[2]), each[2].starts))


def _place(row: ShiftPattern) -> int:
    return row.window.number if row.window else 0


@require_POST
@staff_required
def end_pattern(request: HttpRequest) -> HttpResponse:
    """From today these lines make no more shifts; all or none."""
    now = timezone.now()
    unit = unit_of(request)
    ids = [number_in(text) or 0 for text in request.POST.getlist("line")[:50]]
    with transaction.atomic():
        for pattern_id in ids:
            services.end_pattern(actor=request.actor, pattern_id=pattern_id, on=business_date(now), at=now)
    messages.success(request, _("The line has ended. Shifts already on the roster stay."))
    return redirect(f"{reverse('duty:pattern')}?unit={unit.pk}")
