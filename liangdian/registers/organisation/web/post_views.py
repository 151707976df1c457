"""Pages of posts, windows and stand-ins."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.foundation.actor import Role
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts.web.doors import role_required, staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation import policy, selectors, services
from liangdian.registers.organisation.web.forms import (
    AppointForm,
    ChangePostForm,
    PostForm,
    StandInForm,
    WindowForm,
    names_of,
)

administrators = role_required(Role.ADMINISTRATOR)


def _form_page(request: HttpRequest, form: object, heading: str, unit_id: int) -> HttpResponse:
    context = {"form": form, "heading": heading, "unit_id": unit_id}
    wrong = form.errors  # type: ignore[attr-defined]
    return render(request, "organisation/form.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@administrators
def new_post(request: HttpRequest, unit_id: int) -> HttpResponse:
    actor, unit = request.actor, selectors.unit_by_id(unit_id)  # type: ignore[attr-defined]
    policy.require_change(actor, unit.path)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_post(actor=actor, unit=unit, at=timezone.now(), **form.values())
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The post was made. Now say who holds it."))
            return redirect("organisation:post", made.pk)
    return _form_page(request, form, _("New post"), unit_id)


@require_http_methods(["GET", "POST"])
@staff_required
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: who holds it; an administrator appoints somebody."""
    actor, found = request.actor, selectors.post_by_id(post_id)  # type: ignore[attr-defined]
    today = business_date(timezone.now())
    may_change = policy.may_change(actor, found.unit.path)
    form = None
    if may_change:
        form = AppointForm(request.POST or None, path=found.unit.path, initial={"since": today})
    if request.method == "POST":
        policy.require_change(actor, found.unit.path)
        if form and form.is_valid():
            try:
                services.appoint(
                    actor=actor,
                    post_id=post_id,
                    user_id=form.cleaned_data["user"],
                    since=form.cleaned_data["since"],
                    at=timezone.now(),
                )
            except Invalid as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("organisation:post", post_id)
    holdings = selectors.holdings_of([post_id], today).get(post_id, [])
    context = {"post": found, "holdings": holdings, "form": form, "may_change": may_change}
    return render(request, "organisation/post.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrators
def edit_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Rename a post, or take it out of use and back."""
    actor, found = request.actor, selectors.post_by_id(post_id)  # type: ignore[attr-defined]
    policy.require_change(actor, found.unit.path)
    form = ChangePostForm(request.POST or None, initial={**names_of(found), "active": found.active})
    if request.method == "POST" and form.is_valid():
        try:
            services.update_post(actor=actor, post_id=post_id, at=timezone.now(), **form.values())
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:post", post_id)
    return _form_page(request, form, found.label, found.unit_id)


@require_POST
@administrators
def relieve(request: HttpRequest, holding_id: int) -> HttpResponse:
    now = timezone.now()
    ended = services.relieve(
        actor=request.actor,  # type: ignore[attr-defined]
        holding_id=holding_id,
        on=business_date(now),
        at=now,
    )
    messages.success(request, _("The person no longer holds the post."))
    return redirect("organisation:post", ended.post_id)


@require_http_methods(["GET", "POST"])
@administrators
def new_window(request: HttpRequest, unit_id: int) -> HttpResponse:
    actor, unit = request.actor, selectors.unit_by_id(unit_id)  # type: ignore[attr-defined]
    policy.require_change(actor, unit.path)
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        values.pop("active")
        try:
            services.create_window(actor=actor, unit=unit, at=timezone.now(), **values)
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The window was made."))
            return redirect("organisation:unit", unit_id)
    return _form_page(request, form, _("New window"), unit_id)


@require_http_methods(["GET", "POST"])
@administrators
def edit_window(request: HttpRequest, window_id: int) -> HttpResponse:
    actor, found = request.actor, selectors.window_by_id(window_id)  # type: ignore[attr-defined]
    policy.require_change(actor, found.unit.path)
    first = {
        **names_of(found),
        "number": found.number,
        "serves": ", ".join(found.serves),
        "low_counter": found.low_counter,
        "active": found.active,
    }
    form = WindowForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_window(actor=actor, window_id=window_id, at=timezone.now(), **form.values())
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:unit", found.unit_id)
    return _form_page(request, form, found.label, found.unit_id)


@require_http_methods(["GET", "POST"])
@staff_required
def stand_ins(request: HttpRequest) -> HttpResponse:
    """My own stand-ins: who does my work while I am away."""
    actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    today = business_date(now)
    form = StandInForm(request.POST or None, actor=actor, initial={"since": today, "last_day": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.name_stand_in(
                actor=actor,
                user_id=actor.user_id,
                stand_in_id=data["stand_in"],
                since=data["since"],
                last_day=data["last_day"],
                at=now,
            )
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:stand_ins")
    found = selectors.stand_ins_of(actor.user_id, today)
    rows = [(row, row.until - timedelta(days=1)) for row in found]
    context = {"form": form, "rows": rows}
    return render(request, "organisation/stand_ins.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def end_stand_in(request: HttpRequest, stand_in_id: int) -> HttpResponse:
    now = timezone.now()
    services.end_stand_in(
        actor=request.actor,  # type: ignore[attr-defined]
        stand_in_id=stand_in_id,
        on=business_date(now),
        at=now,
    )
    messages.success(request, _("You do your work yourself again."))
    return redirect("organisation:stand_ins")
