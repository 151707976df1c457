"""Leave, and closures announced to the public."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.desks.duty import absence, policy, services
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.closures import Announcement
from liangdian.desks.duty.services.leaves import Request
from liangdian.desks.duty.web.asked import frame, unit_of
from liangdian.desks.duty.web.forms import ClosureForm, DecisionForm, LeaveForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal


@require_http_methods(["GET", "POST"])
@staff_required
def leave(request: HttpRequest) -> HttpResponse:
    """Leaves that concern the person or that he decides, and the form to ask for one."""
    now = timezone.now()
    unit, today = unit_of(request), business_date(now)
    may_ask = policy.may(request.actor, Act.SIGN, unit.path)
    form = LeaveForm(request.POST or None, unit=unit, initial={"first_day": today}) if may_ask else None
    if request.method == "POST":
        policy.require(request.actor, Act.SIGN, unit.path)
        if form and form.is_valid():
            data = form.cleaned_data
            asked = Request(
                data["kind"], data["first_day"], data["last_day"], data["reason"], data["stand_in"]
            )
            try:
                services.ask_leave(actor=request.actor, unit_id=unit.pk, request=asked, at=now)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("Asked. Somebody above decides; the bell tells you."))
                return redirect(f"{reverse('duty:leave')}?unit={unit.pk}")
    context = {
        **frame(request, unit, "leave"), "rows": absence.leaves_for(request.actor, unit), "form": form,
        "may_decide": policy.may(request.actor, Act.DECIDE, unit.path),
    }  # fmt: skip
    return render(request, "duty/leave.html", context, status=422 if form and form.errors else 200)


@require_POST
@staff_required
def decide_leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Approve a leave or refuse it."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Please say yes or no, with at most 300 characters."))
    data = form.cleaned_data
    row = services.decide_leave(
        actor=request.actor, leave_id=leave_id, approved=data["approved"] == "yes", words=data["words"],
        at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Decided. The person is told."))
    return redirect(f"{reverse('duty:leave')}?unit={row.unit_id}")


@require_POST
@staff_required
def withdraw_leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Take one's own request back."""
    row = services.withdraw_leave(actor=request.actor, leave_id=leave_id, at=timezone.now())
    messages.success(request, _("Your request was taken back."))
    return redirect(f"{reverse('duty:leave')}?unit={row.unit_id}")


@require_http_methods(["GET", "POST"])
@staff_required
def closures(request: HttpRequest) -> HttpResponse:
    """What was announced, and the form to announce a closure."""
    now = timezone.now()
    unit = unit_of(request)
    may_announce = policy.may(request.actor, Act.ANNOUNCE, unit.path)
    form = ClosureForm(request.POST or None, unit=unit, initial={"begins_at": now}) if may_announce else None
    if request.method == "POST":
        policy.require(request.actor, Act.ANNOUNCE, unit.path)
        if form and form.is_valid():
            data = dict(form.cleaned_data)
            said = Announcement(window_id=data.pop("window"), **data)
            try:
                services.announce_closure(actor=request.actor, unit_id=unit.pk, announcement=said, at=now)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("Announced on the public page and for the board."))
                return redirect(f"{reverse('duty:closures')}?unit={unit.pk}")
    rows = [
        (row, row.until is None or row.until > now, row.begins_at > now) for row in absence.closures_of(unit)
    ]
    context = {**frame(request, unit, "closures"), "rows": rows, "form": form, "may_announce": may_announce}
    return render(request, "duty/closures.html", context, status=422 if form and form.errors else 200)


@require_POST
@staff_required
def end_closure(request: HttpRequest, closure_id: int) -> HttpResponse:
    """Open again."""
    row = services.end_closure(actor=request.actor, closure_id=closure_id, at=timezone.now())
    messages.success(request, _("The closure is over. The public page says so."))
    return redirect(f"{reverse('duty:closures')}?unit={row.unit_id}")
