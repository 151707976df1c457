"""The pages on which secretary and administrator set up what can be booked, its hours, and the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liangdian.bookings import policy, selectors, services
from liangdian.bookings.hall_time import number_in
from liangdian.bookings.models import Resource
from liangdian.bookings.rules import DEFAULTS
from liangdian.bookings.web.forms import (
    RULES,
    ClosureForm,
    HoursForm,
    ResourceForm,
    RuleForm,
    first_of,
    hours_of,
)
from liangdian.foundation.actor import Role
from liangdian.foundation.clock import business_date, start_of_day
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.organisation import selectors as organisation

definers = role_required(*policy.DEFINING)


def _choices(request: HttpRequest) -> dict[str, Any]:
    units = [
        unit for unit in organisation.units_visible_to(request.actor)
        if policy.may_define(request.actor, path=unit.path)
    ]  # fmt: skip
    paths = tuple(unit.path for unit in units)
    posts = (
        [post for post in organisation.posts_in_use() if post.unit.path.startswith(paths)] if paths else []
    )
    return {
        "units": [(unit.pk, unit.label) for unit in units],
        "posts": [(post.pk, f"{post.label} · {post.unit.label}") for post in posts],
        "categories": [(category.code, category.label) for category in catalogue.categories()],
    }


@require_http_methods(["GET", "POST"])
@never_cache
@definers
def new_resource(request: HttpRequest) -> HttpResponse:
    """Something new that can be booked; its hours come next."""
    form = ResourceForm(
        request.POST or None, **_choices(request), new=True, initial={"unit": request.actor.unit_id}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_resource(
                actor=request.actor, unit_id=form.cleaned_data["unit"], what=form.description(),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Made. Now say when it is open."))
            return redirect("bookings:hours", made.pk)
    context = {"form": form, "heading": _("New bookable thing"), "resource": None}
    return render(request, "bookings/resource_form.html", context, status=422 if form.errors else 200)


def _to_define(request: HttpRequest, resource_id: int) -> Resource:
    resource = selectors.resource_for(actor=request.actor, resource_id=resource_id)
    policy.require_define(request.actor, path=resource.unit.path)
    return resource


@require_http_methods(["GET", "POST"])
@never_cache
@definers
def edit_resource(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Change what is said of it, or take it out of use."""
    resource = _to_define(request, resource_id)
    form = ResourceForm(request.POST or None, **_choices(request), new=False, initial=first_of(resource))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_resource(
                actor=request.actor, resource_id=resource_id, what=form.description(),
                active=form.cleaned_data["active"], at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("bookings:list")
    context = {"form": form, "heading": resource.label, "resource": resource}
    return render(request, "bookings/resource_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@definers
def hours(request: HttpRequest, resource_id: int) -> HttpResponse:
    """The week's hours, and the days on which it is closed."""
    resource, now = _to_define(request, resource_id), timezone.now()
    form = HoursForm(initial=hours_of(selectors.openings_of(resource)))
    closure = ClosureForm()
    opened = number_in(request.POST.get("open", ""))
    try:
        if opened is not None:
            services.open_day(actor=request.actor, resource_id=resource_id, closure_id=opened, at=now)
            messages.success(request, _("Open again on this day."))
            return redirect("bookings:hours", resource_id)
        if request.POST.get("act") == "close":
            closure = ClosureForm(request.POST)
            if closure.is_valid():
                services.close_day(
                    actor=request.actor, resource_id=resource_id, at=now, **closure.cleaned_data
                )
                messages.success(request, _("Closed on this day."))
                return redirect("bookings:hours", resource_id)
        elif request.method == "POST":
            form = HoursForm(request.POST)
            if form.is_valid():
                services.set_hours(actor=request.actor, resource_id=resource_id, hours=form.hours(), at=now)
                messages.success(request, _("Saved."))
                return redirect("bookings:hours", resource_id)
    except Refused as refused:
        show_refusal(closure if closure.is_bound else form, refused)
    closures = selectors.closures_of(resource, since=business_date(now))
    context = {"resource": resource, "form": form, "closure": closure, "closures": closures}
    wrong = form.errors or closure.errors
    return render(request, "bookings/hours.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@role_required(Role.ADMINISTRATOR)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of appointments with their versions, and a form for a new one."""
    policy.require_rules(request.actor)
    now = timezone.now()
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        day = data["valid_from"]
        begin = now if day is None or day == business_date(now) else start_of_day(day)
        try:
            services.add_rule_version(
                actor=request.actor, code=data["code"], amount=data["amount"], valid_from=begin,
                reason=data["reason"], at=now,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("bookings:rules")
    versions = selectors.rule_versions()
    rows = [
        (RULES[code], DEFAULTS[code], [row for row in versions if row.code == code], now) for code in DEFAULTS
    ]
    return render(
        request, "bookings/rules.html", {"rows": rows, "form": form, "now": now},
        status=422 if form.errors else 200,
    )  # fmt: skip
