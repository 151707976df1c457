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

from liangdian.foundation.refused import Invalid, Stale
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.people import policy, selectors, services
from liangdian.registers.people.models import Resident
from liangdian.registers.people.needs import Need
from liangdian.registers.people.web.forms import FindForm, ResidentForm, RevealForm, sealed, shown_of

PAGE = 30
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
        form.add_error("q", _("Please type the number into the box again: it must not stand in an address."))
    found: list[Resident] = []
    if form.is_valid():
        after = _position(request.GET.get("after", ""))
        found = selectors.search_residents(actor=request.actor, text=text, limit=PAGE + 1, after=after)
    context = {
        "form": form,
        "text": text,
        "rows": found[:PAGE],
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


@require_POST
@never_cache
@readers
def reveal(request: HttpRequest, resident_id: int) -> HttpResponse:
    """One hidden number in clear, once; the reason is logged before anything is shown."""
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
        "may_change": policy.may_change(request.actor, path=found.unit.path),
    }
    return render(request, "people/resident.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@readers
def edit(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Correct what is known; when a colleague was faster, show what changed and keep what was typed."""
    found = selectors.resident_for(actor=request.actor, resident_id=resident_id)
    policy.require_serving(request.actor, path=found.unit.path)
    now = shown_of(found)
    first = {"name": found.name, "address": found.address, "needs": found.needs, "shown": sealed(now)}
    form = ResidentForm(request.POST or None, initial=first)
    changes: list[dict[str, object]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found.pk, form)
        except Stale:
            changes = _changes(form, now)
            form = ResidentForm({**request.POST.dict(), "needs": form.cleaned_data["needs"],
                                 "shown": sealed(now)})  # fmt: skip
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:detail", found.pk)
    context = {"form": form, "resident": found, "changes": changes, "stale": changes is not None}
    status = 409 if changes is not None else 422 if form.errors else 200
    return render(request, "people/edit.html", context, status=status)


def _save(request: HttpRequest, resident_id: int, form: ResidentForm) -> None:
    data = {name: value for name, value in form.cleaned_data.items() if name != "shown"}
    services.update_resident(
        actor=request.actor, resident_id=resident_id, at=timezone.now(), seen=form.was_shown()["version"],
        **data,
    )  # fmt: skip


def _changes(form: ResidentForm, now: dict[str, Any]) -> list[dict[str, object]]:
    """What a colleague changed since the form was opened."""
    before = form.was_shown()
    return [
        {
            "label": form.fields[name].label,
            "before": _words(name, before[name]),
            "now": _words(name, now[name]),
        }
        for name in ("name", "address", "phone", "identity", "needs")
        if name in before and before[name] != now[name]
    ]


def _words(name: str, value: Any) -> str:
    if name == "needs":
        return ", ".join(str(Need(need).label) for need in value)
    return str(value)
