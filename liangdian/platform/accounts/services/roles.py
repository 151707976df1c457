"""Giving and ending roles."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound, Refused
from liangdian.platform.accounts import policy
from liangdian.platform.accounts.models import RoleGrant, Source, User
from liangdian.platform.accounts.roles import apart_from
from liangdian.platform.accounts.services.telling import locked, tell

# Without one of each the installation could not be looked after any more.
_NEVER_WITHOUT = {
    Role.ADMINISTRATOR: _("This is the last system administrator. Please name another one first."),
    Role.SECURITY: _("This is the last security administrator. Please name another one first."),
}


@transaction.atomic
def grant_role(
    *, actor: Actor, user: User, role: Role | str, unit_id: int, unit_path: str, at: datetime
) -> RoleGrant:
    """Give ``user`` a role for a unit and everything below it. A role already held is returned.

    GB/T 22239-2019: system, security and audit administrator are three people; nobody gives himself a role.
    """
    policy.require_administer(actor, unit_path)
    if actor.user_id == user.pk:
        raise NotAllowed(
            _("Nobody gives himself a role. Please ask another security administrator."), field="role"
        )
    role = known_role(role)
    user = locked(user.pk)
    if user.ended_at is not None:
        raise Invalid(_("This person has left. Please let him sign in again first."), field="role")
    held = RoleGrant.objects.filter(user=user, until__isnull=True)
    check_apart(role, held)
    present = held.filter(role=role, unit_id=unit_id).first()
    if present:
        if present.source != Source.HAND:  # given by hand on top: it no longer ends with the group
            present.source, present.granted_by_id = Source.HAND, actor.user_id
            present.save(update_fields=["source", "granted_by_id"])
            tell("role_granted", actor, user, f"{role} {unit_path}", at)
        return present
    grant = RoleGrant.objects.create(
        user=user, role=role, unit_id=unit_id, unit_path=unit_path, since=at, granted_by_id=actor.user_id
    )
    tell("role_granted", actor, user, f"{role} {unit_path}", at)
    return grant


def check_apart(role: Role, held: QuerySet[RoleGrant]) -> None:
    """Raises Invalid when ``role`` must not be held beside one of ``held`` (GB/T 22239-2019)."""
    if held.filter(role__in=apart_from(role)).exists():
        raise Invalid(
            _(
                "System, security and audit are administered by three people, and who gives the roles "
                "holds no other. Please give one of the roles to somebody else."
            ),
            field="role",
        )


def known_role(role: str) -> Role:
    """The role of this name. Raises Invalid."""
    try:
        return Role(role)
    except ValueError as error:
        raise Invalid(_("There is no such role. Please choose one from the list."), field="role") from error


@transaction.atomic
def revoke_role(*, actor: Actor, grant_id: int, at: datetime) -> RoleGrant:
    """End a role at once. The last administrator of the whole installation cannot be ended."""
    grant = RoleGrant.objects.select_for_update().filter(pk=grant_id).select_related("user").first()
    if grant is None:
        raise NotFound(_("This role is no longer in the list. Please open the page again."))
    policy.require_administer(actor, grant.unit_path)
    if grant.until is not None:
        return grant
    keep_one_administrator(RoleGrant.objects.filter(pk=grant.pk))
    end_grant(actor, grant, at)
    return grant


def end_grant(actor: Actor, grant: RoleGrant, at: datetime) -> None:
    """The grant ends now, and it is told."""
    grant.until, grant.ended_by_id = at, actor.user_id
    grant.save(update_fields=["until", "ended_by_id"])
    tell("role_revoked", actor, grant.user, f"{grant.role} {grant.unit_path}", at)


def keep_one_administrator(leaving: QuerySet[RoleGrant]) -> None:
    """Refuse when no active system or security administrator would remain. Locks the grants it counts."""
    for role, sentence in _NEVER_WITHOUT.items():
        grants = RoleGrant.objects.select_for_update().filter(
            role=role, until__isnull=True, user__is_active=True
        )
        present = set(grants.values_list("pk", flat=True))
        ending = set(leaving.filter(role=role).values_list("pk", flat=True))
        if present & ending and not present - ending:
            raise Refused(sentence)


def rewrite_paths(*, old: str, new: str) -> int:
    """Keep the grants in step when the unit at ``old`` has moved to ``new``. Returns how many changed."""
    return RoleGrant.objects.inside(old).update(
        unit_path=Concat(Value(new), Substr(F("unit_path"), len(old) + 1)),
    )
