"""Every request knows who acts: ``request.actor``, or None when nobody is signed in."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liangdian.platform.accounts import second_factor, selectors, services
from liangdian.platform.accounts.my_sessions import SEEN
from liangdian.platform.accounts.web import kept
from liangdian.platform.accounts.web.doors import to_sign_in

_SEEN_STEP = 60
_FACTOR = "second_factor"
_OPEN_DOORS = frozenset(
    {"account_change_password", "account_logout", "account_login", "ui:language", "ui:display"}
)
_FACTOR_DOORS = _OPEN_DOORS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
}


class ActorMiddleware:
    """Sets ``request.actor``; closes idle sessions; sends people with a given password to change it, and
    those whose role needs a second factor to set one up.

    A request without a session cookie costs no query. The roles of a signed-in one come with the account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if self._is_idle(request):
                return self._close(request)
            request.actor = selectors.actor_signed_in(request.user)  # type: ignore[arg-type, attr-defined]
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        self._keep_language(request, response)
        return response

    def _close(self, request: HttpRequest) -> HttpResponse:
        """Sign out; a form that was on its way goes on to ``process_view``, after the check of its origin."""
        request.typed_by = request.user.pk if request.method == "POST" else None  # type: ignore[attr-defined]
        logout(request)
        messages.info(request, _("You were signed out because nobody used this screen for a while."))
        return self._answer(request) if request.method == "POST" else to_sign_in(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """A password that somebody else knows opens nothing but the page that changes it.

        Then a role that needs a second factor opens nothing but the pages that set one up.
        """
        typed_by = getattr(request, "typed_by", None)
        if typed_by is not None:
            kept_there = reverse("accounts:continue") if kept.keep(request, user_id=typed_by) else ""
            return to_sign_in(request, kept_there)
        match = request.resolver_match
        if request.actor is None or match is None or match.view_name in _OPEN_DOORS:  # type: ignore[attr-defined]
            return None
        if getattr(request.user, "must_change_password", False):
            return redirect("account_change_password")
        if match.view_name not in _FACTOR_DOORS and self._lacks_factor(request):
            return redirect("mfa_index")
        return None

    def _lacks_factor(self, request: HttpRequest) -> bool:
        """Asked until the person has one: whoever takes it away ends this session, too."""
        if not second_factor.is_asked_here() or request.session.get(_FACTOR):
            return False
        if not second_factor.is_required(request.actor):  # type: ignore[attr-defined]
            return False
        if not second_factor.has_one(request.actor.user_id):  # type: ignore[attr-defined]
            return True
        request.session[_FACTOR] = True
        return False

    def _is_idle(self, request: HttpRequest) -> bool:
        """True when the last sign of life is too old; notes the present one at most once a minute."""
        now = int(time.time())
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > settings.IDLE_SECONDS:
            return True
        if seen is None or now - seen >= _SEEN_STEP:
            request.session[SEEN] = now
        return False

    def _keep_language(self, request: HttpRequest, response: HttpResponse) -> None:
        """A language chosen while signed in is remembered with the account."""
        actor = request.actor  # type: ignore[attr-defined]
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        if actor is not None and chosen is not None and chosen.value != request.user.language:  # type: ignore[union-attr]
            services.set_language(user_id=actor.user_id, language=chosen.value)
