"""A person's saved filters: offered above each list, kept in order on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.casework import services, worklists
from liangdian.casework.web.asked import NAMES, filters_of, list_of, query_of
from liangdian.casework.web.forms import FilterForm
from liangdian.casework.worklists import LABELS, Filters, Worklist
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved filter as it is shown."""

    id: int
    name: str
    list: object
    query: str
    opens: bool

    @property
    def url(self) -> str:
        return f"{reverse('casework:list')}?{self.query}"


def saved_of(actor: Actor) -> list[Saved]:
    """The person's filters in the order of their names. One statement."""
    shown = []
    for row, worklist, filters in worklists.saved_by(actor):
        shown.append(
            Saved(row.pk, row.name, LABELS[worklist], urlencode(query_of(worklist, filters)), row.opens)
        )
    return shown


def opening(kept: list[Saved]) -> str:
    """The address with which the lists open, nothing when none of the filters opens by itself."""
    return next((row.url for row in kept if row.opens), "")


def panel(kept: list[Saved], chosen: Worklist, wanted: Filters) -> dict[str, Any]:
    """What stands above a list: the saved filters, the one that is shown now, and the form for another."""
    query = query_of(chosen, wanted)
    here, narrowed = urlencode(query), len(query) > 1
    known = any(row.query == here for row in kept)
    given = [(name, query.get(name, "")) for name in NAMES]
    return {
        "saved": kept, "here": here, "given": given,
        "save_form": SaveForm() if narrowed and not known else None,
    }  # fmt: skip


class SaveForm(forms.Form):
    """The name of a filter, and whether it opens by itself. What it narrows to comes with it, hidden."""

    name = Text(label=_("Name of the filter"), required=False, needed=True)
    opens = forms.BooleanField(label=_("Open the lists with it"), required=False)


@require_http_methods(["GET", "POST"])
@staff_required
def filters(request: HttpRequest) -> HttpResponse:
    """The saved filters; posted, another one is saved."""
    form = SaveForm(request.POST or None)
    given = request.POST if request.method == "POST" else request.GET
    asked = FilterForm(given)
    wanted, chosen = filters_of(asked), list_of(given)
    if request.method == "POST" and form.is_valid() and not asked.errors:
        try:
            services.save_filter(
                actor=request.actor, worklist=chosen, filters=wanted, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The filter is saved. It stands above every list."))
            return redirect(f"{reverse('casework:list')}?{urlencode(query_of(chosen, wanted))}")
    elif request.method == "POST" and asked.errors:
        form.add_error(None, _("The filter could not be read. Go back to the list and choose it again."))
    context = {
        "form": form if request.method == "POST" else None,
        "given": [(name, given.get(name, "")) for name in NAMES],
        "saved": saved_of(request.actor),
    }
    return render(request, "casework/filters.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def open_with(request: HttpRequest, number: int) -> HttpResponse:
    """The lists open with this filter from now on, or no longer."""
    opens = request.POST.get("opens") == "yes"
    services.open_with(actor=request.actor, filter_id=number, opens=opens, at=timezone.now())
    messages.success(
        request, _("The lists open with this filter.") if opens else _("The lists open as before.")
    )
    return redirect("casework:filters")


@require_POST
@staff_required
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Throw a saved filter away."""
    services.delete_filter(actor=request.actor, filter_id=number, at=timezone.now())
    messages.success(request, _("The filter is deleted."))
    return redirect("casework:filters")
