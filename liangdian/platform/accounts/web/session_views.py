"""My sign-ins: where my account is open, and closing it there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from liangdian.foundation.actor import Role
from liangdian.platform.accounts import my_sessions, selectors, services
from liangdian.platform.accounts.web.doors import role_required, staff_required


@require_safe
@staff_required
@never_cache
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody still sits at this screen: being asked is the sign of life, so there is nothing to say."""
    return HttpResponse(status=204)


@require_safe
@staff_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which this person is signed in."""
    rows = my_sessions.open_sessions(
        user=request.user,  # type: ignore[arg-type]
        this_key=request.session.session_key,
        at=timezone.now(),
    )
    others = [row for row in rows if not row.is_this]
    return render(request, "accounts/sessions.html", {"rows": rows, "others": others})


@require_POST
@staff_required
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out there."""
    services.end_session(actor=request.actor, session_id=session_id, at=timezone.now())  # type: ignore[attr-defined]
    if not request.session.exists(request.session.session_key or ""):
        logout(request)
        return redirect("account_login")
    messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


@require_POST
@staff_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    services.end_other_sessions(
        actor=request.actor,  # type: ignore[attr-defined]
        keep=request.session.session_key or "",
        at=timezone.now(),
    )
    messages.success(request, _("Signed out everywhere else."))
    return redirect("accounts:sessions")


@require_POST
@role_required(Role.SECURITY)
def end_all_of(request: HttpRequest, user_id: int) -> HttpResponse:
    """The security administrator signs somebody out everywhere."""
    selectors.user_by_id(user_id)
    services.end_sessions_of(actor=request.actor, user_id=user_id, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("The person was signed out everywhere."))
    return redirect("accounts:member", user_id)
