"""Verbs on accounts and roles. Every one of them is told to the access log through ``events``."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.refused import Invalid, NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import policy, units
from liangdian.platform.accounts.events import Administered, administered
from liangdian.platform.accounts.models import RoleGrant, User
from liangdian.platform.accounts.roles import APART, ROLE_LABELS
from liangdian.platform.accounts.wording import NO_SUCH_PERSON

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_LANGUAGES = ("zh-hans", "zh-hant", "en")


def new_password() -> str:
    """A random password of four groups of four letters and digits (80 bits), easy to copy from paper."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _group in range(4))


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    at: datetime,
    email: str = "",
    language: str = "zh-hans",
    unit_id: int | None = None,
    must_change_password: bool = False,
    demonstration: bool = False,
) -> User:
    """A new account without any role yet. The user name is kept in lower case.

    Raises ``NotAllowed``; ``Invalid`` for a name that is taken or malformed, or a weak password.
    """
    home = units.known().path(unit_id) if unit_id else None
    if home or not actor.holds(Role.ADMINISTRATOR):
        policy.require_administer(actor, home or "/")
    user = User(
        username=clean(username).lower(),
        name=clean(name),
        email=clean(email),
        language=language if language in _LANGUAGES else "zh-hans",
        unit_id=unit_id,
        must_change_password=must_change_password,
        demonstration=demonstration,
        created_at=at,
    )
    if not demonstration:
        _check_password(password, user)
    user.set_password(password)
    _check_fields(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("This user name is taken. Please choose another one."), field="username") from error
    _tell("user_created", actor, user, user.username, at)
    return user


def _check_fields(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(messages[0], field=field) from error


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


@transaction.atomic
def update_user(
    *, actor: Actor, user_id: int, name: str, email: str, unit_id: int | None, is_active: bool, at: datetime
) -> User:
    """Change what the list of staff says about a person, or close the account (``is_active`` False)."""
    user = _locked(user_id)
    policy.require_administer_user(actor, user, _home(user))
    if unit_id and unit_id != user.unit_id:
        policy.require_administer(actor, units.known().path(unit_id) or "/")
    if user.is_active and not is_active:
        if actor.user_id == user.pk:
            raise Refused(_("You cannot close your own account. Please ask another administrator."))
        _keep_one_administrator(RoleGrant.objects.filter(user=user))
    user.name, user.email, user.unit_id, user.is_active = clean(name), clean(email), unit_id, is_active
    _check_fields(user)
    user.save(update_fields=["name", "email", "unit_id", "is_active"])
    _tell("user_changed" if is_active else "user_closed", actor, user, user.username, at)
    return user


@transaction.atomic
def set_password(
    *, actor: Actor, user_id: int, password: str, at: datetime, must_change: bool = True
) -> User:
    """Give somebody a new password; by default he must change it when he signs in. Ends his sessions."""
    user = _locked(user_id)
    policy.require_administer_user(actor, user, _home(user))
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    _tell("password_reset", actor, user, user.username, at)
    return user


def set_language(*, user_id: int, language: str) -> None:
    """Remember the language in which this person reads the screens; an unknown one is refused."""
    if language not in _LANGUAGES:
        raise Invalid(_("This language is not offered. Please choose one from the list."), field="language")
    User.objects.filter(pk=user_id).update(language=language)


def password_was_changed(*, user_id: int) -> None:
    """The person chose a password himself: the duty to change it is fulfilled."""
    User.objects.filter(pk=user_id, must_change_password=True).update(must_change_password=False)


@transaction.atomic
def grant_role(
    *, actor: Actor, user: User, role: Role | str, unit_id: int, unit_path: str, at: datetime
) -> RoleGrant:
    """Give ``user`` a role for a unit and everything below it. A role already held is returned as it is.

    GB/T 22239-2019: administrator and auditor are never the same person.
    """
    policy.require_administer(actor, unit_path)
    role = _known_role(role)
    user = _locked(user.pk)
    held = RoleGrant.objects.filter(user=user, until__isnull=True)
    if held.filter(role__in=APART.get(role, ())).exists():
        raise Invalid(
            _("Who administers the system must not audit it. Please give one of the roles to somebody else."),
            field="role",
        )
    present = held.filter(role=role, unit_id=unit_id).first()
    if present:
        return present
    grant = RoleGrant.objects.create(
        user=user, role=role, unit_id=unit_id, unit_path=unit_path, since=at, granted_by_id=actor.user_id
    )
    _tell("role_granted", actor, user, f"{role} {unit_path}", at)
    return grant


def _known_role(role: str) -> Role:
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
    _keep_one_administrator(RoleGrant.objects.filter(pk=grant.pk))
    grant.until, grant.ended_by_id = at, actor.user_id
    grant.save(update_fields=["until", "ended_by_id"])
    _tell("role_revoked", actor, grant.user, f"{grant.role} {grant.unit_path}", at)
    return grant


def _keep_one_administrator(leaving: object) -> None:
    """Refuse when no active administrator would remain. Locks the grants that it counts."""
    grants = RoleGrant.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, until__isnull=True, user__is_active=True
    )
    present = set(grants.values_list("pk", flat=True))
    ending = set(leaving.filter(role=Role.ADMINISTRATOR).values_list("pk", flat=True))  # type: ignore[attr-defined]
    if present & ending and not present - ending:
        raise Refused(_("This is the last administrator. Please name another administrator first."))


def rewrite_paths(*, old: str, new: str) -> int:
    """Keep the grants in step when the unit at ``old`` has moved to ``new``. Returns how many changed."""
    return RoleGrant.objects.inside(old).update(
        unit_path=Concat(Value(new), Substr(F("unit_path"), len(old) + 1)),
    )


@transaction.atomic
def create_administrator(
    *, username: str, name: str, unit_id: int, unit_path: str, at: datetime, password: str | None = None
) -> tuple[User, str]:
    """An administrator made from the command line; returns the account and its password.

    The password is random when none is given. It must be changed at the first sign-in either way.
    """
    secret = password or new_password()
    user = create_user(
        actor=SYSTEM,
        username=username,
        name=name,
        password=secret,
        unit_id=unit_id,
        must_change_password=True,
        at=at,
    )
    grant_role(actor=SYSTEM, user=user, role=Role.ADMINISTRATOR, unit_id=unit_id, unit_path=unit_path, at=at)
    return user, secret


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound(NO_SUCH_PERSON)
    return user


def _home(user: User) -> str | None:
    return units.known().path(user.unit_id) if user.unit_id else None


def role_label(role: str) -> object:
    """The role's name in the reader's language."""
    return dict(ROLE_LABELS)[role]


def _tell(act: str, actor: Actor, user: User, detail: str, at: datetime) -> None:
    administered.send(sender=User, event=Administered(act, actor, user.pk, detail, at))
