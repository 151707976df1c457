"""Pages of the residents' register. Numbers arrive by POST only and are shown masked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.foundation.refused import Invalid, NotAllowed, Stale
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.platform.ui.languages import LANGUAGES
from liangdian.registers.people import panels, policy, selectors, services
from liangdian.registers.people.models import Resident
from liangdian.registers.people.web.forms import (
    Change,
    FindForm,
    NewResidentForm,
    ResidentForm,
    RevealForm,
    sealed,
    shown_of,
)

PAGE = 30
LOOKS = 5
LANGUAGE_NAMES = {language.code: language.name for language in LANGUAGES}
readers = role_required(*policy.READING)


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def residents(request: HttpRequest) -> HttpResponse:
    """Residents of the person's units. A name goes on into the address, a number never does."""
    form = FindForm(request.POST if request.method == "POST" else request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    number = selectors.holds_a_number(text)
    if request.method == "POST" and form.is_valid() and not number:
        return redirect(f"{reverse('people:list')}?{urlencode({'q': text})}" if text else "people:list")
    if request.method == "GET" and number:
        # Led away at once, so that neither the address nor the page repeats the number.
        sentence = _("Please type the number into the box again: it must not stand in an address.")
        messages.warning(request, sentence)
        return redirect("people:list")
    found: list[Resident] = []
    if form.is_valid():
        after = _position(request.GET.get("after", ""))
        found = selectors.search_residents(actor=request.actor, text=text, limit=PAGE + 1, after=after)
    context = {
        "form": FindForm() if number else form,
        "text": text,
        "rows": found[:PAGE],
        "may_make": request.actor.holds(*policy.SERVING),
        "page": {} if number else _pages(request, text, found),
    }
    return render(request, "people/list.html", context, status=422 if form.errors else 200)


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _pages(request: HttpRequest, text: str, found: list[Resident]) -> dict[str, str]:
    query = {"q": text} if text else {}
    following = urlencode({**query, "after": found[PAGE - 1].pk}) if len(found) > PAGE else ""
    first = f"?{urlencode(query)}" if request.GET.get("after") else ""
    return {"next_url": f"?{following}" if following else "", "previous_url": first}


@require_GET
@never_cache
@readers
def resident(request: HttpRequest, resident_id: int) -> HttpResponse:
    """What is known of one resident, numbers masked."""
    found = selectors.resident_for(actor=request.actor, resident_id=resident_id)
    return _resident_page(request, found, RevealForm(resident=found))


@require_GET
@never_cache
@readers
def looks(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Everybody who saw a hidden number of this resident, for those who oversee the unit."""
    found = selectors.resident_for(actor=request.actor, resident_id=resident_id)
    after = _position(request.GET.get("before", "")) or None
    lines = selectors.looks_for(actor=request.actor, resident=found, before=after, limit=PAGE + 1)
    if lines is None:
        raise NotAllowed(_("Only those who oversee this unit see who looked. Please ask your secretary."))
    page = {
        "next_url": f"?before={lines[PAGE - 1].id}" if len(lines) > PAGE else "",
        "previous_url": "?" if after else "",
    }
    context = {"resident": found, "lines": lines[:PAGE], "page": page}
    return render(request, "people/looks.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def reveal(request: HttpRequest, resident_id: int) -> HttpResponse:
    """One hidden number in clear, once; the reason is logged before anything is shown."""
    if request.method == "GET":  # back here by the language menu or a new visit: hidden again
        return redirect("people:detail", resident_id)
    found = selectors.resident_for(actor=request.actor, resident_id=resident_id)
    form = RevealForm(request.POST, resident=found)
    revealed = {}
    if form.is_valid():
        field = form.cleaned_data["field"]
        try:
            value = services.reveal(
                actor=request.actor, resident_id=found.pk, field=field, reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )  # fmt: skip
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            revealed = {"label": dict(form.fields["field"].choices)[field], "value": value}
            form = RevealForm(resident=found)
    return _resident_page(request, found, form, revealed=revealed)


def _resident_page(
    request: HttpRequest, found: Resident, form: RevealForm, *, revealed: dict[str, Any] | None = None
) -> HttpResponse:
    context = {
        "resident": found,
        "contacts": sorted(found.contacts.all(), key=lambda point: (not point.preferred, -point.pk)),
        "form": form,
        "revealed": revealed,
        "language_name": LANGUAGE_NAMES.get(found.language, found.language),
        "housemates": selectors.housemates(actor=request.actor, resident=found),
        "may_change": policy.may_change(request.actor, path=found.unit.path),
        "panels": _panels(request, found.pk),
        "looks": selectors.looks_for(actor=request.actor, resident=found, limit=LOOKS),
    }
    return render(request, "people/resident.html", context, status=422 if form.errors else 200)


def _panels(request: HttpRequest, resident_id: int) -> list[tuple[str, Any]]:
    """The sections of other rooms, each as template and content."""
    now = timezone.now()
    return [
        (panel.template, panel.read(request.actor, resident_id, request.GET.get(panel.key, "")[:80], now))
        for panel in panels.registered()
    ]


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def edit(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Correct what is known; when a colleague was faster, show what changed and keep what was typed."""
    found = selectors.resident_for(actor=request.actor, resident_id=resident_id)
    policy.require_serving(request.actor, path=found.unit.path)
    units = selectors.units_served_by(request.actor)
    form = ResidentForm(request.POST or None, resident=found, units=units)
    changes: list[Change] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found.pk, form)
        except Stale:
            changes = form.changes(shown_of(found))
            typed = request.POST.copy()
            typed["shown"] = sealed(shown_of(found))
            form = ResidentForm(typed, resident=found, units=units)
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:detail", found.pk)
    context = {"form": form, "resident": found, "changes": changes, "stale": changes is not None}
    status = 409 if changes is not None else 422 if form.errors else 200
    return render(request, "people/edit.html", context, status=status)


def _save(request: HttpRequest, resident_id: int, form: ResidentForm) -> None:
    data = {name: value for name, value in form.cleaned_data.items() if name not in ("shown", "unit")}
    services.update_resident(
        actor=request.actor, resident_id=resident_id, at=timezone.now(), seen=form.was_shown()["version"],
        unit_id=form.cleaned_data["unit"], **data,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def new(request: HttpRequest) -> HttpResponse:
    """Write down a resident who has brought no matter yet; one who is known already is found."""
    units = selectors.units_served_by(request.actor)
    if not units:
        raise NotAllowed(_("Your role does not write down residents."))
    form = NewResidentForm(request.POST or None, units=units, initial={"unit": request.actor.unit_id})
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "unit"}
        try:
            made, created = services.find_or_create(
                actor=request.actor, unit_id=form.cleaned_data["unit"], at=timezone.now(), **data
            )
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            return _to_the_record(request, made, created=created)
    status = 422 if form.errors else 200
    return render(request, "people/new.html", {"form": form}, status=status)


def _to_the_record(request: HttpRequest, resident: Resident, *, created: bool) -> HttpResponse:
    """To the resident's page, when he is one of the person's units."""
    if created:
        messages.success(request, _("The resident is noted down."))
    else:
        messages.info(request, _("This resident is known already. What is new was added."))
    seen = selectors.may_see(actor=request.actor, resident_id=resident.pk)
    return redirect("people:detail", resident.pk) if seen else redirect("people:list")


@require_POST
@never_cache
@readers
def household(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Into the household of the address, or out of it."""
    if request.POST.get("act") == "leave":
        services.leave_household(actor=request.actor, resident_id=resident_id, at=timezone.now())
        messages.success(request, _("Taken out of the household."))
    else:
        services.join_household(actor=request.actor, resident_id=resident_id, at=timezone.now())
        messages.success(request, _("Put into the household of this address."))
    return redirect("people:detail", resident_id)
