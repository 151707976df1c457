"""Second factors: who must have one, and taking a lost one away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import Refused
from liangdian.platform.accounts import policy, second_factor
from liangdian.platform.accounts.models import RequiredFactor, User
from liangdian.platform.accounts.services.roles import known_role
from liangdian.platform.accounts.services.sessions import sign_out_everywhere
from liangdian.platform.accounts.services.telling import locked_for, tell, tell_rule


@transaction.atomic
def choose_required_roles(*, actor: Actor, roles: Collection[Role | str], at: datetime) -> None:
    """From now on exactly these roles need a second factor. Only for the whole installation's security.

    Raises NotAllowed, and Invalid for an unknown role.
    """
    policy.require_whole_installation(actor)
    wanted = {known_role(role) for role in roles}
    before = second_factor.required_roles()
    for role in Role:
        if (role in wanted) == (role in before):
            continue
        RequiredFactor.objects.update_or_create(
            role=role,
            defaults={"required": role in wanted, "chosen_at": at, "chosen_by_id": actor.user_id},
        )
        tell_rule("factor_required" if role in wanted else "factor_not_required", actor, role.value, at)


@transaction.atomic
def remove_factors(*, actor: Actor, user_id: int, at: datetime) -> int:
    """Take away a lost second factor, recovery codes included. Returns how many there were.

    Where the role needs one, the person sets up another right after the next sign-in.
    """
    user = locked_for(actor, user_id)
    if actor.user_id == user.pk:
        raise Refused(
            _("You cannot take away your own second factor here. Please ask another security administrator.")
        )
    removed, _rows = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed:
        sign_out_everywhere(user)
        tell("factors_removed", actor, user, user.username, at)
    return removed


def tell_about_own_account(*, act: str, user: User, detail: str, at: datetime) -> None:
    """A person changed his own way of signing in: told to the access log like an administrator's act."""
    tell(act, Actor(user_id=user.pk, name=user.name), user, detail, at)
