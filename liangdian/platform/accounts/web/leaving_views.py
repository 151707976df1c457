"""Somebody moves to another unit, or leaves: what is still in his hands, and the one act that follows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liangdian.foundation.actor import Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts import leaving, selectors, services
from liangdian.platform.accounts.models import User
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.accounts.web.forms import MoveForm
from liangdian.platform.ui.forms import show_refusal

security = role_required(Role.SECURITY)


def _cared_for(request: HttpRequest, user_id: int) -> User:
    """The person, when this security administrator looks after him. Raises NotFound, NotAllowed."""
    user = selectors.user_by_id(user_id)
    selectors.require_cared_for(request.actor, user)  # type: ignore[attr-defined]
    return user


@require_http_methods(["GET", "POST"])
@security
def move(request: HttpRequest, user_id: int) -> HttpResponse:
    """Another unit, and which roles go along."""
    now, actor, user = timezone.now(), request.actor, _cared_for(request, user_id)  # type: ignore[attr-defined]
    roles = selectors.roles_of([user_id]).get(user_id, [])
    here = [role for role in roles if role.unit_id == user.unit_id]
    form = MoveForm(request.POST or None, actor=actor, empty=False, roles=here)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_user(actor=actor, user_id=user_id, at=now, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The person works in the new unit from now on."))
            return redirect("accounts:member", user_id)
    context = {"person": user, "form": form, "lines": leaving.still_open(user_id, now), "here": here}
    return render(request, "accounts/move.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@security
def leave(request: HttpRequest, user_id: int) -> HttpResponse:
    """Everything that must be taken over, and then the end of the account."""
    now, user = timezone.now(), _cared_for(request, user_id)
    if request.method == "POST":
        services.end_account(actor=request.actor, user_id=user_id, at=now)  # type: ignore[attr-defined]
        messages.success(request, _("The account has ended. Everything the person did stays."))
        return redirect("accounts:member", user_id)
    context = {
        "person": user,
        "lines": leaving.still_open(user_id, now),
        "roles": selectors.roles_of([user_id]).get(user_id, []),
    }
    return render(request, "accounts/leave.html", context)
