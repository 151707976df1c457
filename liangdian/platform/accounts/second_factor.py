"""Who must have a second factor, and who has one."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings

from liangdian.foundation.actor import Actor, Role
from liangdian.platform.accounts.models import RequiredFactor

# Recovery codes stand in for a factor that was lost; they are none of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def required_roles() -> frozenset[Role]:
    """The roles that need a second factor: the security administrator's choice, else the setting's."""
    required = {Role(role) for role in settings.SECOND_FACTOR_ROLES}
    for role, wanted in RequiredFactor.objects.values_list("role", "required"):
        (required.add if wanted else required.discard)(Role(role))
    return frozenset(required)


def is_asked_here() -> bool:
    """False in the demonstration, which anybody may look at with one click."""
    return not settings.DEMONSTRATION


def is_required(actor: Actor) -> bool:
    """True when one of the actor's roles needs a second factor in this installation."""
    return is_asked_here() and actor.holds(*required_roles())


def has_one(user_id: int) -> bool:
    """True when the person signs in with a second factor."""
    return Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exists()


def holders(user_ids: Iterable[int]) -> set[int]:
    """Those of ``user_ids`` who have a second factor, in one query."""
    rows = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=FACTORS)
    return set(rows.values_list("user_id", flat=True))
