"""What the committee watches over, and its figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from liangdian.desks.mediation import figures, policy, selectors
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts.web.doors import staff_required

LONGEST_DAYS = 3_660


class PeriodForm(forms.Form):
    """From which day to which."""

    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end lies before the beginning."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("last", _("Choose at most %(n)s days.") % {"n": LONGEST_DAYS})
        return data


def require_reader(actor: Actor) -> None:
    """Raises NotFound for roles that do not open the desk."""
    if not actor.holds(*policy.READERS):
        raise NotFound(_("Your role does not open the mediation desk."))


@require_GET
@staff_required
def fulfilment(request: HttpRequest) -> HttpResponse:
    """Obligations that need somebody, and agreements that the court can still confirm."""
    require_reader(request.actor)
    today = business_date(timezone.now())
    context = {
        "watched": selectors.watched(request.actor, today=today, mine="mine" in request.GET),
        "windows": selectors.windows_open(request.actor, today=today), "today": today,
        "mine": "mine" in request.GET, "most": selectors.LONGEST, "days": selectors.SOON_DAYS,
    }  # fmt: skip
    return render(request, "mediation/fulfilment.html", context)


@require_GET
@staff_required
def period(request: HttpRequest) -> HttpResponse:
    """The figures of a period: this year so far unless others are asked for."""
    require_reader(request.actor)
    today = business_date(timezone.now())
    start = {"first": date(today.year, 1, 1), "last": today}
    form = PeriodForm(request.GET) if request.GET else PeriodForm(start)
    days = form.cleaned_data if form.is_valid() else start
    rows = figures.by_category(request.actor, **days)
    context = {
        "form": form, "rows": rows, "total": figures.total_of(rows),
        "kept": figures.fulfilment(request.actor, **days, today=today),
    }  # fmt: skip
    return render(request, "mediation/figures.html", context)
