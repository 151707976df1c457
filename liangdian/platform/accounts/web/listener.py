"""What a person changes about his own sign-in is told like every other act on accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.mfa.signals import authenticator_reset as codes_renewed
from django.dispatch import receiver
from django.utils import timezone

from liangdian.platform.accounts import services
from liangdian.platform.accounts.models import User

_ACTS = {
    authenticator_added: "factor_added",
    authenticator_removed: "factor_removed",
    codes_renewed: "recovery_codes_made",
    authentication_failed: "factor_failed",
}


@receiver(list(_ACTS), dispatch_uid="accounts.factor")
def on_factor(signal: object, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    """A second factor was added, removed, renewed, or a code of it was wrong."""
    services.tell_about_own_account(
        act=_ACTS[signal],  # type: ignore[index]
        user=user,
        detail=str(authenticator.type),
        at=timezone.now(),
    )
