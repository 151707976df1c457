"""What the help brought, for a period."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from liangdian.desks.assistance import policy
from liangdian.desks.assistance.figures import figures
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.web.doors import staff_required


def _day(label: object) -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class PeriodForm(forms.Form):
    first = _day(_("First day"))
    last = _day(_("Last day"))


@require_GET
@staff_required
def outcome(request: HttpRequest) -> HttpResponse:
    """Placed, still there after six months, median change of income; this year until today by default."""
    if not request.actor.holds(*policy.READERS):
        raise NotFound(gettext("Your role does not open livelihood help."))
    today = business_date(timezone.now())
    asked = PeriodForm(request.GET)
    typed = asked.cleaned_data if asked.is_valid() else {}
    typed = {name: day for name, day in typed.items() if day and 2000 <= day.year <= 2100}
    first: date = typed.get("first") or date(today.year, 1, 1)
    last: date = typed.get("last") or today
    found = figures(request.actor, first=first, last=max(first, last))
    context = {
        "form": PeriodForm(initial={"first": first, "last": max(first, last)}), "figures": found,
        "filtered": bool(typed.get("first") or typed.get("last")),
    }  # fmt: skip
    return render(request, "assistance/outcome.html", context)
