"""Pages of the tree and of one unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts.web.doors import role_required, staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation import policy, selectors, services
from liangdian.registers.organisation.web.forms import (
    ChangeUnitForm,
    FindUnitForm,
    MoveForm,
    NewUnitForm,
    names_of,
)

administrators = role_required(Role.ADMINISTRATOR)


@require_safe
@staff_required
def tree(request: HttpRequest) -> HttpResponse:
    """All units as an indented list."""
    actor = request.actor  # type: ignore[attr-defined]
    closed = request.GET.get("closed") == "1"
    form = FindUnitForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    units = selectors.all_units(with_closed=closed, text=text)
    mine = set(actor.paths())
    rows = [(unit, "" if text else "\u3000" * unit.depth, unit.path in mine) for unit in units]
    context = {
        "rows": rows, "closed": closed, "may_make": actor.holds(Role.ADMINISTRATOR), "form": form,
        "text": text,
    }  # fmt: skip
    return render(request, "organisation/tree.html", context)


@require_safe
@staff_required
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: what is said about it, posts with holders, windows, units below."""
    found = selectors.unit_by_id(unit_id)
    posts = selectors.posts_of(found)
    holders = selectors.holdings_of([post.pk for post in posts], business_date(timezone.now()))
    context = {
        "unit": found,
        "superior": selectors.superior_of(found),
        "posts": [(post, holders.get(post.pk, [])) for post in posts],
        "windows": selectors.windows_of(found),
        "retired_posts": selectors.posts_of(found, active=False),
        "retired_windows": selectors.windows_of(found, active=False),
        "children": selectors.children_of(found),
        "may_change": policy.may_change(request.actor, found.path),  # type: ignore[attr-defined]
    }
    return render(request, "organisation/unit.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def new_unit(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    above = request.GET.get("parent", "")
    form = NewUnitForm(request.POST or None, actor=actor, initial={"parent": above})
    if request.method == "POST" and form.is_valid():
        values = form.values()
        parent_id = values.pop("parent")
        try:
            made = services.create_unit(actor=actor, parent_id=parent_id, at=timezone.now(), **values)
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The unit was made."))
            return redirect("organisation:unit", made.pk)
    return _form_page(request, form, _("New unit"), "")


@require_http_methods(["GET", "POST"])
@administrators
def edit_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    found = selectors.unit_by_id(unit_id)
    policy.require_change(request.actor, found.path)  # type: ignore[attr-defined]
    first = {
        **names_of(found),
        "code": found.code,
        "seal": found.seal,
        "phone": found.phone,
        "address": found.address,
        "active": found.active,
    }
    form = ChangeUnitForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_unit(
                actor=request.actor,  # type: ignore[attr-defined]
                unit_id=unit_id,
                at=timezone.now(),
                **form.values(),
            )
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:unit", unit_id)
    return _form_page(request, form, found.label, unit_id)


@require_http_methods(["GET", "POST"])
@administrators
def move(request: HttpRequest, unit_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.unit_by_id(unit_id)
    form = MoveForm(request.POST or None, actor=actor, initial={"parent": found.parent_id})
    if request.method == "POST" and form.is_valid():
        try:
            parent = selectors.unit_by_id(form.cleaned_data["parent"])
            services.move_unit(actor=actor, unit_id=unit_id, parent=parent, at=timezone.now())
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The unit was moved with everything below it."))
            return redirect("organisation:unit", unit_id)
    return _form_page(request, form, _("Move %(unit)s") % {"unit": found.label}, unit_id)


def _form_page(request: HttpRequest, form: object, heading: str, unit_id: int | str) -> HttpResponse:
    context = {"form": form, "heading": heading, "unit_id": unit_id}
    wrong = form.errors  # type: ignore[attr-defined]
    return render(request, "organisation/form.html", context, status=422 if wrong else 200)
