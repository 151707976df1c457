"""What was typed into a form while the screen fell idle is kept over the new sign-in.

It lies sealed in the session of the browser that sent it, for half an hour, and only the same person
gets it back. Passwords and files are not kept.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liangdian.platform import crypto
from liangdian.platform.accounts.web.doors import staff_required

_KEY = "kept_form"
_SECONDS = 1800
_LARGEST = 200_000  # characters; more is no form that a person typed
_SHOWN = 3
_NEVER = ("csrfmiddlewaretoken",)


@dataclass(frozen=True, slots=True)
class Kept:
    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep(request: HttpRequest, *, user_id: int) -> bool:
    """Put the form of ``request`` aside for this person. False when there is nothing that may be kept."""
    match = request.resolver_match
    if match is None or match.view_name.startswith(("account_", "mfa_", "openid_")):
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NEVER and "password" not in name
    ]
    sealed = json.dumps({"fields": fields, "files": bool(request.FILES)})
    if not fields or len(sealed) > _LARGEST:
        return False
    request.session[_KEY] = {
        "user": user_id,
        "path": request.get_full_path(),
        "at": int(time.time()),
        "sealed": crypto.encrypt(sealed),
    }
    return True


def _kept_for(request: HttpRequest) -> Kept | None:
    stored = request.session.get(_KEY)
    if stored is None:
        return None
    if stored["user"] != request.user.pk or time.time() - stored["at"] > _SECONDS:
        del request.session[_KEY]
        return None
    opened = json.loads(crypto.decrypt(stored["sealed"]))
    return Kept(stored["path"], [(name, value) for name, value in opened["fields"]], opened["files"])


@require_http_methods(["GET", "POST"])
@staff_required
@never_cache
def carry_on(request: HttpRequest) -> HttpResponse:
    """Send what was typed before the screen fell idle, or throw it away (POST)."""
    kept = _kept_for(request)
    if kept is None or request.method == "POST":
        request.session.pop(_KEY, None)
        return redirect("/")
    texts = sorted((value for _name, value in kept.fields), key=len, reverse=True)[:_SHOWN]
    context = {"path": kept.path, "fields": kept.fields, "had_files": kept.had_files, "texts": texts}
    return render(request, "accounts/continue.html", context)
