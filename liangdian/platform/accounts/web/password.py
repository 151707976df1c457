"""Changing one's own password."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from liangdian.foundation.refused import Refused


class ChangePassword(allauth.PasswordChangeView):
    """Who comes in only through the sign-in service has no password here."""

    template_name = "accounts/password_change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Refused(
                _("You have no password here: you sign in through the sign-in service. Change it there.")
            )
        return super().dispatch(request, *args, **kwargs)
