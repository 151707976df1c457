"""The resident on the pages of casework: picked from the register at intake, his phone, his matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.casework import policy, selectors, services, worklists
from liangdian.casework.lights import light_of
from liangdian.casework.models import Case
from liangdian.casework.web.forms import ShowPhoneForm
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.people import selectors as people
from liangdian.registers.people.panels import Panel, register

SHOWN = 10
_LONGEST_ID = 18


def choices(actor: Actor, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The known residents who fit what is typed so far, the one already chosen among them."""
    found = people.known_residents(
        actor=actor, name=str(typed.get("resident_name", ""))[:100], phone=str(typed.get("phone", ""))[:40],
        identity=str(typed.get("identity", ""))[:40],
    )  # fmt: skip
    chosen = str(typed.get("resident") or "")
    known = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < _LONGEST_ID else 0
    if known and known not in {resident.pk for resident in found}:
        try:
            found.insert(0, people.resident_for(actor=actor, resident_id=known))
        except NotFound:
            known = 0
    return {"residents": found, "chosen_resident": known}


@require_POST
@never_cache
@staff_required
def resident_choices(request: HttpRequest) -> HttpResponse:
    """The same list for htmx, while the person types. Sent by POST: numbers never stand in an address."""
    return render(request, "casework/resident_choices.html", choices(request.actor, request.POST))


def phone_of(actor: Actor, case: Case, form: ShowPhoneForm | None = None) -> dict[str, Any]:
    """The masked phone of the case's resident and, for those who may see it, the form that shows it."""
    masked = people.masked(case.phone_sealed)  # type: ignore[attr-defined]
    may = bool(masked) and services.may_reveal(actor, case)
    return {"phone": masked, "phone_form": (form or ShowPhoneForm()) if may else None}


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def phone(request: HttpRequest, reference: str) -> HttpResponse:
    """The phone in clear, once; the reason is logged before anything is shown."""
    case = selectors.case_for(actor=request.actor, reference=reference)
    if request.method == "GET":  # back here by the language menu or a new visit: hidden again
        return redirect("casework:case", reference=reference)
    form = ShowPhoneForm(request.POST)
    clear = ""
    if form.is_valid():
        try:
            clear = services.reveal_phone(
                actor=request.actor, case_id=case.pk, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except Invalid as refused:
            show_refusal(form, refused)
    context = {"case": case, "clear": clear, "form": form}
    return render(request, "casework/phone.html", context, status=422 if form.errors else 200)


def matters_of(actor: Actor, resident_id: int, after: str, now: datetime) -> dict[str, Any]:
    """The resident's matters that this person may see, newest first, for the page of the register."""
    page = worklists.page_of_resident(actor, resident_id, after=after, size=SHOWN)
    days = calendar.shown_days()
    return {
        "rows": [(case, light_of(case, now=now, days=days)) for case in page.rows],
        "next_key": page.next_key,
        "has_previous": page.has_previous,
        "resident_id": resident_id,
        "may_register": policy.may_register(actor),
    }


def open_panel() -> None:
    """Put the matters on the resident's page."""
    register(Panel(key="matters", template="casework/matters_of_resident.html", read=matters_of))
