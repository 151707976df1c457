"""The roster of a month and its shifts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.duty import policy, selectors, services
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.roster import SingleShift
from liangdian.desks.duty.web.asked import frame, month_of, months, unit_of
from liangdian.desks.duty.web.forms import ReasonForm, ReplaceForm, ShiftForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.dates import day_words
from liangdian.platform.ui.forms import show_refusal


def _address(unit_id: int, month: object) -> str:
    return f"{reverse('duty:roster')}?unit={unit_id}&month={month:%Y-%m}"


@require_GET
@staff_required
def roster(request: HttpRequest) -> HttpResponse:
    """A month of a unit: who is where on which day, and which promised hours have nobody's name."""
    now = timezone.now()
    unit, month = unit_of(request), month_of(request, now)
    found = selectors.roster(unit, month)
    context = {
        **frame(request, unit, "roster"), **months(unit, month), "roster": found,
        "may_plan": policy.may(request.actor, Act.PLAN, unit.path), "today": business_date(now),
    }  # fmt: skip
    return render(request, "duty/roster.html", context)


@require_POST
@staff_required
def plan(request: HttpRequest) -> HttpResponse:
    """Make the roster of the month from the pattern of the week."""
    now = timezone.now()
    unit, month = unit_of(request), month_of(request, now)
    done = services.plan_month(actor=request.actor, unit_id=unit.pk, month=month, at=now)
    words = ngettext("%(n)d shift was made.", "%(n)d shifts were made.", done.made) % {"n": done.made}
    messages.success(request, words)
    for shift in done.clashes[:10]:
        messages.warning(
            request,
            _("Not made: %(name)s is on duty elsewhere on %(day)s.")
            % {"name": shift.user.name, "day": day_words(shift.day)},
        )
    return redirect(_address(unit.pk, month))


@require_http_methods(["GET", "POST"])
@staff_required
def new_shift(request: HttpRequest) -> HttpResponse:
    """Put one shift on the roster."""
    now = timezone.now()
    unit = unit_of(request)
    policy.require(request.actor, Act.PLAN, unit.path)
    form = ShiftForm(request.POST or None, unit=unit, initial={"day": business_date(now)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        typed = SingleShift(
            day=data["day"], starts=data["starts"], ends=data["ends"], user_id=data["user"],
            window_id=data["window"], stand_in_id=data["stand_in"],
        )  # fmt: skip
        try:
            services.add_shift(actor=request.actor, unit_id=unit.pk, shift=typed, at=now)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The shift is on the roster."))
            return redirect(_address(unit.pk, data["day"]))
    context = {"form": form, "unit": unit, "heading": _("New shift"), "back": reverse("duty:roster")}
    return render(request, "duty/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One shift: who, where, what became of it; and who takes it over."""
    found = selectors.shift_for(request.actor, shift_id)
    may_plan = policy.may(request.actor, Act.PLAN, found.unit.path) and found.cancelled_at is None
    form = ReplaceForm(request.POST or None, unit=found.unit) if may_plan else None
    if request.method == "POST":
        policy.require(request.actor, Act.PLAN, found.unit.path)
        if form and form.is_valid():
            data = form.cleaned_data
            try:
                services.replace_person(
                    actor=request.actor, shift_id=shift_id, user_id=data["user"], reason=data["reason"],
                    at=timezone.now(),
                )  # fmt: skip
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("The shift has somebody else's name now."))
                return redirect(_address(found.unit_id, found.day))
    context = {"shift": found, "form": form, "off": ReasonForm(), "may_plan": may_plan}
    return render(request, "duty/shift.html", context, status=422 if form and form.errors else 200)


@require_POST
@staff_required
def take_off(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take a shift off the roster, with the reason."""
    row = services.take_off(
        actor=request.actor, shift_id=shift_id, reason=request.POST.get("reason", ""), at=timezone.now()
    )
    messages.success(request, _("The shift was taken off the roster."))
    return redirect(_address(row.unit_id, row.day))
