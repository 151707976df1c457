"""The monthly sheet with its export, and the rules of allowances."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.duty import kept, policy, services, sheets
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.sheets import Rule
from liangdian.desks.duty.sheets import Readable
from liangdian.desks.duty.web.asked import frame, month_of, months, unit_of
from liangdian.desks.duty.web.forms import AllowanceForm, DecisionForm
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.documents.exports import TYPES, as_xlsx
from liangdian.platform.ui.forms import show_refusal

XLSX = TYPES["xlsx"]


@require_GET
@staff_required
def sheet(request: HttpRequest) -> HttpResponse:
    """The sheet of a month: hours, allowances, who made and who decided it; and the windows' hours kept."""
    now = timezone.now()
    unit, month = unit_of(request), month_of(request, now)
    policy.require(request.actor, Act.SEE_SHEET, unit.path)
    row = sheets.newest(unit, month)
    may_decide = (
        row is not None and row.approved is None and row.made_by_id != request.actor.user_id
        and policy.may(request.actor, Act.APPROVE_SHEET, unit.path)
    )  # fmt: skip
    context = {
        **frame(request, unit, "sheet"), **months(unit, month), "sheet": row,
        "found": sheets.readable(row) if row else None, "may_decide": may_decide,
        "may_make": policy.may(request.actor, Act.MAKE_SHEET, unit.path) and not (row and row.approved),
        "windows": kept.kept_at_windows(unit, month, now),
    }  # fmt: skip
    return render(request, "duty/sheet.html", context)


@require_POST
@staff_required
def make(request: HttpRequest) -> HttpResponse:
    """Make the sheet of the month, or make it anew."""
    now = timezone.now()
    unit, month = unit_of(request), month_of(request, now)
    services.make_sheet(actor=request.actor, unit_id=unit.pk, month=month, at=now)
    messages.success(request, _("The sheet is made. Somebody else approves it."))
    return redirect(f"{reverse('duty:sheet')}?unit={unit.pk}&month={month:%Y-%m}")


@require_POST
@staff_required
def decide(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Approve the sheet or send it back."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Please say yes or no, with at most 300 characters."))
    data = form.cleaned_data
    row = services.decide_sheet(
        actor=request.actor, sheet_id=sheet_id, approved=data["approved"] == "yes", words=data["words"],
        at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Approved and locked.") if row.approved else _("Sent back."))
    return redirect(f"{reverse('duty:sheet')}?unit={row.unit_id}&month={row.month:%Y-%m}")


@never_cache
@require_GET
@staff_required
def export(request: HttpRequest, sheet_id: int, part: str) -> HttpResponse:
    """Hours or allowances of a sheet as a workbook; the export is a row of the access log."""
    tables = {"hours": _hours, "allowances": _allowances}
    if part not in tables:
        raise NotFound(_("There is nothing here. Please open the sheet again."))
    row = sheets.sheet_for(request.actor, sheet_id)
    titles, lines = tables[part](sheets.readable(row))
    services.record_export(actor=request.actor, sheet=row, at=timezone.now())
    response = HttpResponse(as_xlsx(titles, lines), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="duty-{part}-{row.month:%Y-%m}.xlsx"'
    return response


def _hours(found: Readable) -> tuple[list[str], list[list[object]]]:
    titles = [
        _("Person"), _("Where"), _("Hours planned"), _("Hours kept"), _("Hours beyond"), _("Days kept"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [line.name, line.window or _("Hall"), line.scheduled, line.kept, line.beyond, line.days]
        for line in found.hours
    ]
    return titles, rows


def _allowances(found: Readable) -> tuple[list[str], list[list[object]]]:
    titles = [
        _("Person"), _("Allowance"), _("Paid for"), _("Quantity"), _("Yuan each"), _("Yuan"),
        _("Document and article"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [line.name, line.rule.name, line.rule.get_basis_display(), line.quantity, line.each, line.amount,
         line.rule.source]
        for line in found.allowances
    ]  # fmt: skip
    return titles, [*rows, [_("Together"), "", "", "", "", found.total, ""]]


@require_http_methods(["GET", "POST"])
@staff_required
def allowances(request: HttpRequest) -> HttpResponse:
    """The versions of the rules that reach this unit, and the form for another."""
    now = timezone.now()
    unit, today = unit_of(request), business_date(now)
    policy.require(request.actor, Act.SEE_SHEET, unit.path)
    may_set = policy.may(request.actor, Act.SET_ALLOWANCE, unit.path)
    form = AllowanceForm(request.POST or None, initial={"valid_from": today}) if may_set else None
    if request.method == "POST":
        policy.require(request.actor, Act.SET_ALLOWANCE, unit.path)
        if form and form.is_valid():
            data = form.cleaned_data
            rule = Rule(
                data["code"], data["name"], data["basis"], form.fen(), data["valid_from"], data["source"],
                data["minimum_minutes"],
            )  # fmt: skip
            try:
                services.set_allowance(actor=request.actor, unit_id=unit.pk, rule=rule, at=now)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("The rule holds from that day on."))
                return redirect(f"{reverse('duty:allowances')}?unit={unit.pk}")
    rules = sheets.rules_for(unit)
    held = {rule.pk for rule in sheets.in_force(rules, today)}
    rows = [(rule, rule.pk in held, rule.fen / 100) for rule in reversed(rules)]
    context = {**frame(request, unit, "allowances"), "rows": rows, "form": form}
    return render(request, "duty/allowances.html", context, status=422 if form and form.errors else 200)
