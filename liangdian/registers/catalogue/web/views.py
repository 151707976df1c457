"""Pages of the catalogue for staff: everybody reads it, administrators publish and retire."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.web.doors import role_required, staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import listing, selectors, services, words
from liangdian.registers.catalogue.models import Category, Item
from liangdian.registers.catalogue.web.forms import ItemFilterForm, NewItemForm, VersionForm, first_values
from liangdian.registers.catalogue.web.guide_views import pager_of, shown


def _choices() -> list[tuple[str, str]]:
    return [(c.code, c.label) for c in selectors.categories()]


@require_GET
@staff_required
def items(request: HttpRequest) -> HttpResponse:
    """All items with their filters, one keyset page."""
    form = ItemFilterForm(request.GET, categories=_choices())
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = selectors.items(
        text=wanted.get("q", ""), category=wanted.get("category", ""), active=not wanted.get("retired")
    )
    page = listing.page_of(rows, after=request.GET.get("after", "")[:80])
    query = {k: "on" if v is True else str(v) for k, v in wanted.items() if v}
    context = {
        "form": form,
        "filtered": bool(query),
        "rows": [
            (i, words.promised_words(i.current), words.legal_words(i.current)) for i in page.rows if i.current
        ],
        "pager": pager_of(page, query),
        "may_publish": request.actor.holds(Role.ADMINISTRATOR),
    }
    return render(request, "catalogue/list.html", context)


@require_GET
@staff_required
def item(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """One item: what its current (or the asked) version says, and all its versions."""
    found = selectors.guide(clean(code))
    assert found.current is not None  # ``guide`` only finds published ones
    version = found.current if number is None else selectors.version_of(found, min(number, 2**31 - 1))
    versions = selectors.versions_of(found)
    names = accounts.users_by_ids(v.created_by for v in versions)
    context = {
        "item": found,
        **shown(version, version.documents.all()),
        "is_current": version.pk == found.current_id,
        "versions": [(v, words.promised_words(v), names.get(v.created_by or 0, "")) for v in versions],
        "may_publish": request.actor.holds(Role.ADMINISTRATOR),
    }
    return render(request, "catalogue/item.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def new_item(request: HttpRequest) -> HttpResponse:
    """A new item with its first version."""
    form = NewItemForm(request.POST or None, categories=_choices())
    return _publishing(request, form, None)


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """A new version, begun with what the current one says."""
    found = selectors.guide(clean(code))
    form = VersionForm(
        request.POST or None, categories=_choices(), item=found, initial=first_values(found)
    )  # fmt: skip
    return _publishing(request, form, found)


def _publishing(request: HttpRequest, form: VersionForm, found: Item | None) -> HttpResponse:
    """The form; with ``act=preview`` below the guide as residents would read it, else published."""
    status, guide = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid() and _is_stale(form, found):
            status = 409
            form.add_error(None, _("Somebody else published a new version meanwhile. Open it and compare."))
        elif form.is_valid():
            code = found.code if found else form.cleaned_data["code"]
            try:
                if request.POST.get("act") != "preview":
                    _publish(request, form, code)
                    return _published(request, code)
                status, guide = 200, _preview(request, form, code)
            except Invalid as refused:
                show_refusal(form, refused)
    context = {"form": form, "item": found, "previewed": guide is not None, **(guide or {})}
    return render(request, "catalogue/form.html", context, status=status)


def _published(request: HttpRequest, code: str) -> HttpResponse:
    messages.success(request, _("Published. Matters already begun keep the version they have."))
    return redirect("catalogue:item", code=code)


def _preview(request: HttpRequest, form: VersionForm, code: str) -> dict[str, Any]:
    """What the guide would say; nothing is written."""
    version, documents = services.draft(
        actor=request.actor, code=code, content=form.content(), at=timezone.now()
    )
    return shown(version, documents)


def _is_stale(form: VersionForm, found: Item | None) -> bool:
    """True when the version from which this one was begun is not the newest any more."""
    newest = found.current.number if found and found.current else None
    return newest is not None and form.cleaned_data["seen"] != newest


@transaction.atomic
def _publish(request: HttpRequest, form: VersionForm, code: str) -> None:
    """A refused version leaves no new category behind."""
    services.publish_version(
        actor=request.actor, code=code, category=_category(form), content=form.content(), at=timezone.now()
    )


def _category(form: VersionForm) -> Category:
    name = form.cleaned_data["new_category"] or form.cleaned_data["category"]
    known = {c.code: c for c in selectors.categories()} | {c.name: c for c in selectors.categories()}
    return known.get(name) or services.category(code=name, name=name)


@require_POST
@role_required(Role.ADMINISTRATOR)
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take an item out of the lists."""
    services.retire_item(actor=request.actor, code=clean(code), at=timezone.now())
    messages.success(request, _("Retired. Residents no longer find it; matters already begun go on."))
    return redirect("catalogue:item", code=code)
