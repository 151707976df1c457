"""The limits of the house: what holds, since when, from which source; a new version for the administrator."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import limits, policy, services
from liangdian.foundation.actor import Role
from liangdian.foundation.clock import business_date
from liangdian.foundation.limits import LONGEST
from liangdian.foundation.refused import Invalid, Stale
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal
from liangdian.platform.ui.navigation import Entry, Section, register
from liangdian.registers.catalogue.selectors import LIMIT_UNITS

administrators = role_required(Role.ADMINISTRATOR)


class LimitForm(forms.Form):
    """A new version of one limit."""

    amount = forms.IntegerField(
        label=gettext_lazy("Limit"), min_value=0, max_value=LONGEST, required=False,
        help_text=gettext_lazy("Empty for “at once”."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=LIMIT_UNITS)
    source = Text(
        label=gettext_lazy("Source"), max_length=200,
        help_text=gettext_lazy("The law and article, or whose rule it is."),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


@require_GET
@administrators
def limit_list(request: HttpRequest) -> HttpResponse:
    """All limits with what holds today and what comes."""
    today = business_date(timezone.now())
    context = {"rows": limits.overview(actor=request.actor, today=today)}  # type: ignore[attr-defined]
    return render(request, "casework/limits.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def limit(request: HttpRequest, code: str) -> HttpResponse:
    """All versions of one limit, and the form for the next one."""
    today = business_date(timezone.now())
    page = limits.page_of(actor=request.actor, code=code, today=today)  # type: ignore[attr-defined]
    newest = page.versions[0]
    first = {
        "amount": newest.rule.amount or None, "unit": newest.rule.unit, 
        "valid_from": max(today, newest.rule.valid_from), "seen": newest.rule.version,
    }  # fmt: skip
    form = LimitForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(request, code, form)
            except (Invalid, Stale) as refused:
                show_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, _("Saved. Matters already begun keep the limit they have."))
                return redirect("casework:limit", code=code)
    context = {"page": page, "form": form, "may_change": policy.may_set_limits(request.actor)}  # type: ignore[attr-defined]
    return render(request, "casework/limit.html", context, status=status)


def _save(request: HttpRequest, code: str, form: LimitForm) -> None:
    data = form.cleaned_data
    services.add_limit_version(
        actor=request.actor, code=code, amount=data["amount"] or 0, unit=data["unit"], source=data["source"],
        valid_from=data["valid_from"], seen=data["seen"], at=timezone.now(),
    )  # type: ignore[attr-defined]  # fmt: skip


def open_door() -> None:
    """The door in the rail."""
    register(
        Entry(
            gettext_lazy("Limits"), "casework:limits", "hourglass-high", (Role.ADMINISTRATOR,), 40,
            Section.SETTINGS,
        )
    )  # fmt: skip
