"""allauth's forms for a code, without its placeholder: the label says what to type."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm


class _Plain:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)


class PlainAuthenticateForm(_Plain, AuthenticateForm):
    """At sign-in: a code of the app, or a recovery code."""


class PlainReauthenticateForm(_Plain, ReauthenticateForm):
    """Before something about the sign-in is changed."""


class PlainActivateForm(_Plain, ActivateTOTPForm):
    """Setting up the app."""
