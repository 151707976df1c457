"""Groups of the sign-in service become roles: the table, and what it does at every sign-in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import policy, units
from liangdian.platform.accounts.models import GroupMapping, RoleGrant, Source, User
from liangdian.platform.accounts.services.roles import (
    check_apart,
    end_grant,
    keep_one_administrator,
    known_role,
)
from liangdian.platform.accounts.services.telling import locked, tell, tell_rule


@transaction.atomic
def map_group(*, actor: Actor, value: str, role: Role | str, unit_id: int, at: datetime) -> GroupMapping:
    """From the next sign-in on, who belongs to the group ``value`` holds ``role`` for the unit.

    Raises NotAllowed; Invalid for an empty name, an unknown role or unit, or a line that is there already.
    """
    path = units.known().path(unit_id)
    if path is None:
        raise Invalid(_("There is no such unit. Please choose one from the list."), field="unit_id")
    policy.require_administer(actor, path)
    value, role = clean(value), known_role(role)
    if not value or len(value) > 200:
        raise Invalid(_("Please type the group's name as the sign-in service calls it."), field="value")
    try:
        with transaction.atomic():
            mapping = GroupMapping.objects.create(
                value=value, role=role, unit_id=unit_id, made_at=at, made_by_id=actor.user_id
            )
    except IntegrityError as error:
        raise Invalid(_("This line is in the table already."), field="value") from error
    tell_rule("group_mapped", actor, f"{value}: {role} {path}", at)
    return mapping


@transaction.atomic
def unmap_group(*, actor: Actor, mapping_id: int, at: datetime) -> None:
    """The line is gone; roles that came from it end at each person's next sign-in."""
    mapping = GroupMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping is None:
        raise NotFound(_("This line is no longer in the table. Please open the page again."))
    policy.require_administer(actor, units.known().path(mapping.unit_id) or "/")
    tell_rule("group_unmapped", actor, f"{mapping.value}: {mapping.role} {mapping.unit_id}", at)
    mapping.delete()


@transaction.atomic
def apply_groups(*, user_id: int, groups: Collection[str], at: datetime) -> None:
    """What the table says about ``groups`` is true for this person from now on.

    Only roles that came from the table are ended. A role that the person must not hold beside another
    is not given, and the last administrator is not ended; the access log tells both.
    """
    user = locked(user_id)
    wanted = {(row.role, row.unit_id) for row in GroupMapping.objects.filter(value__in=list(groups))}
    held = RoleGrant.objects.filter(user=user, until__isnull=True).select_related("user")
    for grant in held.filter(source=Source.SIGN_ON).select_for_update(of=("self",)):
        if (grant.role, grant.unit_id) not in wanted:
            _end(grant, at)
    present = set(held.values_list("role", "unit_id"))
    for role, unit_id in sorted(wanted - present):
        _give(user, Role(role), unit_id, at)


def _end(grant: RoleGrant, at: datetime) -> None:
    try:
        keep_one_administrator(RoleGrant.objects.filter(pk=grant.pk))
    except Refused:
        tell("group_role_kept", SYSTEM, grant.user, f"{grant.role} {grant.unit_path}", at)
        return
    end_grant(SYSTEM, grant, at)


def _give(user: User, role: Role, unit_id: int, at: datetime) -> None:
    path = units.known().path(unit_id)
    if path is None:
        return
    try:
        check_apart(role, RoleGrant.objects.filter(user=user, until__isnull=True))
    except Invalid:
        tell("group_role_refused", SYSTEM, user, f"{role} {path}", at)
        return
    RoleGrant.objects.create(
        user=user, role=role, unit_id=unit_id, unit_path=path, since=at, source=Source.SIGN_ON
    )
    tell("role_granted", SYSTEM, user, f"{role} {path}", at)
