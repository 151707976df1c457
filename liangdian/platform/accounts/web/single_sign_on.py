"""Sign-in through the institution's own service (OpenID Connect): who is known, who is new, which roles."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from requests import RequestException

from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors, services
from liangdian.platform.accounts.models import User

logger = logging.getLogger(__name__)
_GROUPS = "groups"


class SignOnAdapter(DefaultSocialAccountAdapter):
    """A person is known by the service's own number, and the first time by the user name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link a known person, make a new one where the installation wants that, or refuse.

        Of what the service tells only the groups are kept.
        """
        choices = sociallogin.account.get_provider(request).app.settings
        claims = _claims(sociallogin.account.extra_data)
        groups = _texts(claims, choices["groups_claim"])
        sociallogin.account.extra_data = {_GROUPS: groups}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        user = _known_or_new(sociallogin.account, claims, choices)
        if user is None:
            raise ImmediateHttpResponse(render(request, "accounts/sign_on_unknown.html", status=403))
        sociallogin.connect(request, user)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **kwargs: Any
    ) -> None:
        """The reason goes to the log of the server; the page says only that it did not work."""
        logger.warning("single sign-on failed: %s %s", error, type(exception).__name__)
        raise ImmediateHttpResponse(render(request, "accounts/sign_on_failed.html", status=502))


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    """What the service says about the person; its answer to our question wins over the token."""
    return {**(data.get("id_token") or {}), **(data.get("userinfo") or {})}


def _texts(claims: dict[str, Any], path: str) -> list[str]:
    """The texts at ``path`` (dots lead into objects), one text counting as a list of one."""
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, str):
        return [found]
    return [each for each in found if isinstance(each, str)] if isinstance(found, Iterable) else []


def _known_or_new(account: SocialAccount, claims: dict[str, Any], choices: dict[str, Any]) -> User | None:
    name = next(iter(_texts(claims, choices["username_claim"])), "").lower()
    user = selectors.user_by_name(name) if name else None
    if user is not None:
        # The name was given to somebody else since: the account stays with the first.
        taken = SocialAccount.objects.filter(user=user, provider=account.provider)
        return None if taken.exists() or user.demonstration else user
    if not name or not choices["create_unknown"]:
        return None
    try:
        return services.create_user(
            actor=SYSTEM,
            username=name,
            name=next(iter(_texts(claims, "name")), name)[:100],
            email=next(iter(_texts(claims, "email")), ""),
            password=None,
            at=timezone.now(),
        )
    except Invalid:
        return None


@receiver(user_logged_in, dispatch_uid="accounts.single_sign_on")
def on_signed_in(user: User, sociallogin: SocialLogin | None = None, **kwargs: object) -> None:
    """After the last step of signing in: the roles that follow from the groups."""
    if sociallogin is not None:
        groups = sociallogin.account.extra_data.get(_GROUPS, [])
        services.apply_groups(user_id=user.pk, groups=groups, at=timezone.now())


@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the sign-in service. Only from our own form, and only for signing in."""
    if request.method != "POST":
        return redirect("account_login")
    if "process" in request.GET or "process" in request.POST:
        raise Http404
    try:
        return openid_connect.login(request, provider_id)
    except RequestException as error:
        logger.warning("the sign-in service does not answer: %s", type(error).__name__)
        return render(request, "accounts/sign_on_failed.html", status=502)


@never_cache
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the sign-in service."""
    return openid_connect.callback(request, provider_id)
