"""Reads about staff: who somebody is, what he may do, and who holds a role somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Length, Now

from liangdian.foundation.actor import Actor, Grant, Role
from liangdian.foundation.refused import NotFound
from liangdian.platform.accounts import policy, units
from liangdian.platform.accounts.models import GroupMapping, RoleGrant, User
from liangdian.platform.accounts.wording import NO_SUCH_PERSON


def actor_of(user: User, at: datetime | None = None) -> Actor:
    """The actor that ``user`` is at ``at`` (the database's present moment when not given). One query.

    His own unit is the one where he works, else the unit of his oldest role.
    """
    rows = RoleGrant.objects.filter(user_id=user.pk).current(at or Now())
    grants = tuple(
        Grant(Role(role), unit_id, path)
        for role, unit_id, path in rows.values_list("role", "unit_id", "unit_path")
    )
    return _actor(user, grants)


def signing_in(user_id: int) -> User | None:
    """The account of a session with the roles in force now, in one query; ``actor_signed_in`` reads them."""
    current = RoleGrant.objects.filter(user_id=OuterRef("pk")).current(Now()).order_by("since", "id")
    held = current.values(json=JSONObject(role="role", unit_id="unit_id", path="unit_path"))
    return User.objects.annotate(held=ArraySubquery(held)).filter(pk=user_id).first()


def actor_signed_in(user: User) -> Actor:
    """The actor of a session; no query, unless the person signed in only in this request."""
    held = getattr(user, "held", None)
    if held is None:
        return actor_of(user)
    return _actor(user, tuple(Grant(Role(row["role"]), row["unit_id"], row["path"]) for row in held))


def _actor(user: User, grants: tuple[Grant, ...]) -> Actor:
    home = user.unit_id or (grants[0].unit_id if grants else None)
    return Actor(user_id=user.pk, name=user.name, unit_id=home, grants=grants)


def user_by_id(user_id: int) -> User:
    """The account, or ``NotFound``."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(NO_SUCH_PERSON)
    return user


def user_by_name(username: str) -> User | None:
    """The account with this user name, whatever the case of its letters."""
    return User.objects.filter(username__iexact=username).first()


def users_by_ids(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id, in one query; ids that do not exist are missing."""
    wanted = {i for i in ids if i is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def active_ids(ids: Iterable[int]) -> set[int]:
    """Those of these accounts that are in use."""
    return set(User.objects.filter(pk__in=list(ids), is_active=True).values_list("pk", flat=True))


def holders(role: Role, path: str, at: datetime | None = None) -> list[User]:
    """Active staff who hold ``role`` for the unit at ``path`` or for a unit below it."""
    return _holding(RoleGrant.objects.filter(role=role).inside(path), at)


def holders_reaching(role: Role, path: str, at: datetime | None = None) -> list[User]:
    """Active staff whose ``role`` reaches the unit at ``path``: held for it or above it, nearest first."""
    rows = (
        RoleGrant.objects.filter(role=role)
        .reaching(path)
        .current(at or Now())
        .order_by(Length("unit_path").desc())
    )
    ordered = list(dict.fromkeys(rows.values_list("user_id", flat=True)))
    found = User.objects.filter(is_active=True).in_bulk(ordered)
    return [found[i] for i in ordered if i in found]


def staff_within(path: str, at: datetime | None = None) -> list[User]:
    """Active staff with any role for the unit at ``path`` or for a unit below it, by name."""
    return _holding(RoleGrant.objects.inside(path), at)


def _holding(rows: QuerySet[RoleGrant], at: datetime | None) -> list[User]:
    current = rows.current(at or Now()).values("user_id")  # type: ignore[attr-defined]
    return list(User.objects.filter(is_active=True, pk__in=current).order_by("name", "pk"))


def user_ids_within(paths: Sequence[str]) -> QuerySet[RoleGrant, int]:
    """Ids of everybody who holds or held a role at or below one of ``paths``; usable as a subquery."""
    return RoleGrant.objects.filter(_inside(paths)).values_list("user_id", flat=True)


def members(actor: Actor, *, text: str = "", after: str = "", limit: int = 25) -> list[User]:
    """Accounts that ``actor`` may look after, by user name; ``roles_of`` gives their roles.

    ``after`` is the last user name of the page before.
    """
    people = User.objects.order_by("username")
    if not actor.is_system:
        within = _inside(actor.paths(Role.SECURITY))
        anywhere = RoleGrant.objects.filter(until__isnull=True)
        people = people.filter(
            Q(pk__in=anywhere.filter(within).values("user_id")) | ~Q(pk__in=anywhere.values("user_id"))
        )
    if text:
        people = people.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if after:
        people = people.filter(username__gt=after)
    return list(people[:limit])


def _inside(paths: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(unit_path__startswith=path)
    return wanted


def roles_of(user_ids: Iterable[int], at: datetime | None = None) -> dict[int, list[RoleGrant]]:
    """Current grants by user, each with ``unit_label`` in the reader's language. Two queries."""
    rows = list(RoleGrant.objects.filter(user_id__in=list(user_ids)).current(at or Now()))
    labels = units.known().labels({row.unit_id for row in rows})
    found: dict[int, list[RoleGrant]] = {}
    for row in rows:
        row.unit_label = labels.get(row.unit_id, "")  # type: ignore[attr-defined]
        found.setdefault(row.user_id, []).append(row)
    return found


def group_mappings() -> list[GroupMapping]:
    """The lines that make roles of groups, each with ``unit_label``. Two queries."""
    rows = list(GroupMapping.objects.all())
    labels = units.known().labels({row.unit_id for row in rows})
    for row in rows:
        row.unit_label = labels.get(row.unit_id, "")  # type: ignore[attr-defined]
    return rows


def require_cared_for(actor: Actor, user: User) -> None:
    """Raises NotAllowed when ``actor`` does not look after this account."""
    policy.require_administer_user(actor, user, units.known().path(user.unit_id) if user.unit_id else None)
