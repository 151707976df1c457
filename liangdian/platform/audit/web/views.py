"""The auditor's page. Reading the log is itself a row of the log."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from liangdian.foundation.actor import Role
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.audit import acts, selectors, services

PAGE = 50


class LogForm(forms.Form):
    name = forms.CharField(label=_("Person"), max_length=100, required=False)
    act = forms.ChoiceField(label=_("Act"), required=False, choices=())
    subject_id = forms.CharField(label=_("Number of the thing"), max_length=60, required=False)
    first = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["act"].choices = [("", _("All acts")), *acts.choices()]  # type: ignore[attr-defined]


@require_safe
@role_required(Role.AUDITOR)
def log(request: HttpRequest) -> HttpResponse:
    """Who did or saw what, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    form = LogForm(request.GET)
    form.is_valid()
    wanted = selectors.Wanted(**{key: value for key, value in form.cleaned_data.items() if value})
    before = request.GET.get("before", "")
    found = selectors.entries(
        actor, wanted, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE + 1
    )
    rows, more = found[:PAGE], len(found) > PAGE
    services.record(actor, "log_read", reason=request.GET.urlencode(), at=timezone.now())
    query = {key: value for key, value in request.GET.items() if key != "before"}
    page = {"next_url": "?" + urlencode({**query, "before": rows[-1].pk}) if more else ""}
    shown = [(row, acts.label_of(row.act)) for row in rows]
    return render(request, "audit/log.html", {"form": form, "rows": shown, "page": page})
