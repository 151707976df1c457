"""Who is there today, the roll calls, and corrections of marks."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.duty import attendance, policy, services
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.corrections import Wanted
from liangdian.desks.duty.web.asked import day_of, frame, unit_of
from liangdian.desks.duty.web.forms import CorrectionForm, DecisionForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.dates import moment_words
from liangdian.platform.ui.forms import show_refusal

DAYS_BACK = 40


@never_cache
@require_GET
@staff_required
def today(request: HttpRequest) -> HttpResponse:
    """The shifts of a day with who is there and who is missing, and the roll calls."""
    now = timezone.now()
    unit, day = unit_of(request), day_of(request, now)
    lines = attendance.today(unit, day, now)
    may_call = policy.may(request.actor, Act.CALL_ROLL, unit.path)
    context = {
        **frame(request, unit, "today"), "lines": lines, "day": day, "now": now,
        "is_today": day == business_date(now), "may_call": may_call,
        "missing": sum(line.state == "missing" for line in lines),
        "calls": attendance.roll_calls(unit, day),
        "screens": attendance.screens_of(unit) if may_call else [],
        "before": f"unit={unit.pk}&day={day - timedelta(days=1):%Y-%m-%d}",
        "after": f"unit={unit.pk}&day={day + timedelta(days=1):%Y-%m-%d}",
    }  # fmt: skip
    return render(request, "duty/today.html", context)


@require_POST
@staff_required
def call_roll(request: HttpRequest) -> HttpResponse:
    """Call the roll now."""
    unit = unit_of(request)
    services.call_roll(actor=request.actor, unit_id=unit.pk, at=timezone.now())
    messages.success(request, _("The roll was called."))
    return redirect(f"{reverse('duty:today')}?unit={unit.pk}")


@require_GET
@staff_required
def corrections(request: HttpRequest) -> HttpResponse:
    """Corrections of this unit: undecided first."""
    unit = unit_of(request)
    rows = attendance.corrections_for(request.actor, unit)
    may_decide = policy.may(request.actor, Act.DECIDE, unit.path)
    context = {**frame(request, unit, "corrections"), "rows": rows, "may_decide": may_decide}
    return render(request, "duty/corrections.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def ask_correction(request: HttpRequest) -> HttpResponse:
    """Ask that one's own marks be put right."""
    now = timezone.now()
    unit, last = unit_of(request), business_date(now)
    marks = [
        (mark.pk, f"{moment_words(mark.at)} {mark.get_kind_display()}")
        for mark in attendance.marks_of(
            request.actor.user_id, first=last - timedelta(days=DAYS_BACK), last=last
        )
        if mark.unit_id == unit.pk and not mark.withdrawn
    ]
    form = CorrectionForm(
        request.POST or None, unit=unit, marks=marks,
        initial={"mark": request.GET.get("mark", ""), "day": last, "kind": "in"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = Wanted(data["reason"], data["mark"], data["kind"], form.moment(), data["window"])
        try:
            services.ask_correction(actor=request.actor, unit_id=unit.pk, wanted=wanted, at=now)
        except Refused as refused:
            field = {"at": "clock"}.get(refused.field or "", refused.field)
            show_refusal(form, Invalid(refused.message, field=field))
        else:
            messages.success(request, _("Asked. Somebody in charge decides; the bell tells you."))
            return redirect("duty:mine")
    context = {"form": form, "unit": unit, "heading": _("Ask for a correction"), "back": reverse("duty:mine")}
    return render(request, "duty/form.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def decide_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Approve a correction or refuse it."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Please say yes or no, with at most 300 characters."))
    data = form.cleaned_data
    row = services.decide_correction(
        actor=request.actor, correction_id=correction_id, approved=data["approved"] == "yes",
        words=data["words"], at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Decided. The person is told."))
    return redirect(f"{reverse('duty:corrections')}?unit={row.unit_id}")
