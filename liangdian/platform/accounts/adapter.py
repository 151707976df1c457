"""How allauth behaves for staff: no sign-up, lock-outs are told, the person's own language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from liangdian.platform.accounts.backend import is_admitted
from liangdian.platform.accounts.events import locked_out
from liangdian.platform.accounts.models import User


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is not right. Please try again."),
        "too_many_login_attempts": _(
            "Too many attempts. Please wait five minutes, or ask the administrator for a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            locked_out.send(sender=User, request=request, username=credentials.get("username", ""))
            raise

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        response = super().pre_login(request, user, **kwargs)
        if response is None and not is_admitted(user):
            return self.respond_user_inactive(request, user)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response

    def clean_password(self, password: str, user: User | None = None) -> str:
        password = super().clean_password(password, user)
        if user is not None and user.pk and user.must_change_password and user.check_password(password):
            raise ValidationError(
                _("This is the password that you were given. Please choose one of your own.")
            )
        return password

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No banner for signing in and out: the page itself shows it."""


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in the cookie that Django's LocaleMiddleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
