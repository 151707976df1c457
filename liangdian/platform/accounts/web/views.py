"""Pages: my account, and for security administrators the staff with their roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Invalid, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import second_factor, selectors, services, units
from liangdian.platform.accounts.models import User
from liangdian.platform.accounts.web.doors import role_required, staff_required
from liangdian.platform.accounts.web.forms import GrantForm, MemberForm, NewMemberForm, SearchForm
from liangdian.platform.ui.forms import show_refusal

PAGE = 25
administrators = role_required(Role.SECURITY)


@require_safe
@staff_required
def mine(request: HttpRequest) -> HttpResponse:
    """Who I am, which roles I hold, my password."""
    user = request.user
    user_id = request.actor.user_id  # type: ignore[attr-defined]
    roles = selectors.roles_of([user_id]).get(user_id, [])
    has_factor = second_factor.has_one(user_id)
    return render(request, "accounts/mine.html", {"person": user, "roles": roles, "has_factor": has_factor})


@require_safe
@administrators
def members(request: HttpRequest) -> HttpResponse:
    """The staff that this administrator looks after."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    after = clean(request.GET.get("after", ""))[:150]
    found = selectors.members(request.actor, text=text, after=after, limit=PAGE + 1)  # type: ignore[attr-defined]
    people, more = found[:PAGE], len(found) > PAGE
    roles = selectors.roles_of([person.pk for person in people])
    page = {"next_url": "?" + urlencode({"q": text, "after": people[-1].username}) if more else ""}
    rows = [(person, roles.get(person.pk, [])) for person in people]
    return render(request, "accounts/members.html", {"form": form, "rows": rows, "page": page, "text": text})


@require_http_methods(["GET", "POST"])
@administrators
@never_cache
def new_member(request: HttpRequest) -> HttpResponse:
    """Make an account; its password is shown once on the page that follows."""
    actor = request.actor  # type: ignore[attr-defined]
    form = NewMemberForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        password = services.new_password()
        try:
            user = services.create_user(
                actor=actor,
                password=password,
                must_change_password=True,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Invalid as refused:
            show_refusal(form, refused)
        else:
            return render(request, "accounts/password.html", {"person": user, "password": password})
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrators
def member(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: what the list says, and the roles."""
    actor, user = request.actor, selectors.user_by_id(user_id)  # type: ignore[attr-defined]
    first = {"name": user.name, "unit_id": user.unit_id, "email": user.email, "is_active": user.is_active}
    form = MemberForm(request.POST or None, actor=actor, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_user(actor=actor, user_id=user_id, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:member", user_id)
    return _member_page(request, user, form, GrantForm(actor=actor, empty=False))


def _member_page(request: HttpRequest, user: User, form: Any, grant_form: Any) -> HttpResponse:
    roles = selectors.roles_of([user.pk]).get(user.pk, [])
    context = {
        "person": user, "form": form, "grant_form": grant_form, "roles": roles,
        "has_factor": second_factor.has_one(user.pk),
    }  # fmt: skip
    wrong = form.errors or grant_form.errors
    return render(request, "accounts/member.html", context, status=422 if wrong else 200)


@require_POST
@administrators
def grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give the person a role."""
    actor, user = request.actor, selectors.user_by_id(user_id)  # type: ignore[attr-defined]
    form = GrantForm(request.POST, actor=actor, empty=False)
    if form.is_valid():
        unit_id = form.cleaned_data["unit_id"]
        try:
            services.grant_role(
                actor=actor,
                user=user,
                role=form.cleaned_data["role"],
                unit_id=unit_id,
                unit_path=units.known().path(unit_id) or "",
                at=timezone.now(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The role was given."))
            return redirect("accounts:member", user_id)
    first = {"name": user.name, "unit_id": user.unit_id, "email": user.email, "is_active": user.is_active}
    return _member_page(request, user, MemberForm(actor=actor, initial=first), form)


@require_POST
@administrators
def revoke(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a role."""
    ended = services.revoke_role(actor=request.actor, grant_id=grant_id, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("The role was ended."))
    return redirect("accounts:member", ended.user_id)


@require_POST
@administrators
@never_cache
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new password, shown once; the person must change it at the next sign-in."""
    password = services.new_password()
    user = services.set_password(
        actor=request.actor,  # type: ignore[attr-defined]
        user_id=user_id,
        password=password,
        at=timezone.now(),
    )
    return render(request, "accounts/password.html", {"person": user, "password": password})
