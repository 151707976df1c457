"""Moving to another unit, and leaving: an account ends only with empty hands, and its row stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, Refused
from liangdian.platform.accounts import leaving, policy, units
from liangdian.platform.accounts.models import ApiToken, RoleGrant, User
from liangdian.platform.accounts.services.roles import end_grant, grant_role, keep_one_administrator
from liangdian.platform.accounts.services.sessions import sign_out_everywhere
from liangdian.platform.accounts.services.telling import locked_for, tell


@transaction.atomic
def move_user(*, actor: Actor, user_id: int, unit_id: int, take_along: Collection[int], at: datetime) -> User:
    """The person works in another unit from now on.

    Roles held for the unit where he worked end; those whose grant is in ``take_along`` are given for the
    new unit. Roles for other units stay. Raises NotAllowed, Invalid for an unknown unit or the same one.
    """
    user = locked_for(actor, user_id)
    path = units.known().path(unit_id)
    if path is None or unit_id == user.unit_id:
        raise Invalid(_("Please choose the unit to which the person moves."), field="unit_id")
    policy.require_administer(actor, path)
    if actor.user_id == user.pk:
        raise Refused(_("You cannot move yourself. Please ask another security administrator."))
    left = RoleGrant.objects.filter(user=user, until__isnull=True, unit_id=user.unit_id or 0)
    for grant in left.select_related("user").select_for_update(of=("self",)):
        if grant.pk in take_along:
            grant_role(actor=actor, user=user, role=grant.role, unit_id=unit_id, unit_path=path, at=at)
        else:
            keep_one_administrator(RoleGrant.objects.filter(pk=grant.pk))
        end_grant(actor, grant, at)
    user.unit_id = unit_id
    user.save(update_fields=["unit_id"])
    tell("user_moved", actor, user, path, at)
    return user


@transaction.atomic
def end_account(*, actor: Actor, user_id: int, at: datetime) -> User:
    """The person has left. Sessions, tokens, second factors and roles end; the row stays for the history.

    Raises Refused while he holds anything that somebody else has to take over.
    """
    user = locked_for(actor, user_id)
    if user.ended_at is not None:
        return user
    if actor.user_id == user.pk:
        raise Refused(_("You cannot end your own account. Please ask another security administrator."))
    if leaving.still_open(user.pk, at):
        raise Refused(_("This person still has something in hand. Please have it taken over first."))
    grants = RoleGrant.objects.filter(user=user, until__isnull=True)
    keep_one_administrator(grants)
    for grant in grants.select_related("user").select_for_update(of=("self",)):
        end_grant(actor, grant, at)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)
    Authenticator.objects.filter(user_id=user.pk).delete()
    SocialAccount.objects.filter(user_id=user.pk).delete()
    sign_out_everywhere(user)
    user.set_unusable_password()
    user.is_active, user.ended_at = False, at
    user.save(update_fields=["password", "is_active", "ended_at"])
    tell("account_ended", actor, user, user.username, at)
    return user
