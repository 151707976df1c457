"""The only key to the API: a personal token in the header ``Authorization: Bearer ...``.

Session cookies open nothing here, so a foreign page cannot make a browser act (no CSRF).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from ninja.security.base import AuthBase

from liangdian.foundation.actor import Actor
from liangdian.platform.accounts import tokens
from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.api import rates
from liangdian.platform.api.refusals import NoToken, ScopeMissing, TooMany

LONGEST_SECRET = 100


class Bearer(AuthBase):
    """``Bearer(Scope.CASES_READ)`` lets in whoever presents a token with that scope; None asks for no scope.

    Puts the token's ``Holder`` on the request as ``caller``.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> tokens.Holder:
        now = timezone.now()
        holder = tokens.holder_of(secret=_secret(request), at=now)
        if holder is None:
            raise NoToken(_("This token is not known, has ended, or its owner may not sign in."))
        wait = rates.spend(token_id=holder.token_id, limit=settings.API_REQUESTS_PER_MINUTE, at=now)
        if wait:
            raise TooMany(_("Too many requests with this token. Wait, then go on more slowly."), wait=wait)
        if not request.headers.get("Accept-Language"):
            translation.activate(holder.language)
        if self.scope is not None and self.scope not in holder.scopes:
            raise ScopeMissing(
                _("This token was not made for that. Make one with the scope %(scope)s.")
                % {"scope": self.scope.value}
            )
        request.caller = holder  # type: ignore[attr-defined]
        return holder


def _secret(request: HttpRequest) -> str:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NoToken(_("Send a personal token in the header Authorization: Bearer."))
    return secret.strip()[:LONGEST_SECRET]


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    actor: Actor = request.caller.actor  # type: ignore[attr-defined]
    return actor
