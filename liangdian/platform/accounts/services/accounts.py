"""Making, changing and closing accounts, and their passwords."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import SYSTEM, Actor, Role
from liangdian.foundation.refused import Invalid, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import policy, units
from liangdian.platform.accounts.models import RoleGrant, User
from liangdian.platform.accounts.services.roles import grant_role, keep_one_administrator
from liangdian.platform.accounts.services.telling import locked_for, tell

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
    password: str | None,
    at: datetime,
    email: str = "",
    language: str = "zh-hans",
    unit_id: int | None = None,
    must_change_password: bool = False,
    demonstration: bool = False,
) -> User:
    """A new account without any role yet. The user name is kept in lower case.

    Without a ``password`` the person can only come in through the sign-in service.

    Raises ``NotAllowed``; ``Invalid`` for a name that is taken or malformed, or a weak password.
    """
    home = units.known().path(unit_id) if unit_id else None
    if home or not actor.holds(Role.SECURITY):
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
    if password is not None and not demonstration:
        _check_password(password, user)
    user.set_password(password)
    _check_fields(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("This user name is taken. Please choose another one."), field="username") from error
    tell("user_created", actor, user, user.username, at)
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
    user = locked_for(actor, user_id)
    if unit_id and unit_id != user.unit_id:
        policy.require_administer(actor, units.known().path(unit_id) or "/")
    if user.is_active and not is_active:
        if actor.user_id == user.pk:
            raise Refused(_("You cannot close your own account. Please ask another security administrator."))
        keep_one_administrator(RoleGrant.objects.filter(user=user))
    user.name, user.email, user.unit_id, user.is_active = clean(name), clean(email), unit_id, is_active
    if is_active:  # somebody who had left is back
        user.ended_at = None
    _check_fields(user)
    user.save(update_fields=["name", "email", "unit_id", "is_active", "ended_at"])
    tell("user_changed" if is_active else "user_closed", actor, user, user.username, at)
    return user


@transaction.atomic
def set_password(
    *, actor: Actor, user_id: int, password: str, at: datetime, must_change: bool = True
) -> User:
    """Give somebody a new password; by default he must change it when he signs in. Ends his sessions."""
    user = locked_for(actor, user_id)
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    tell("password_reset", actor, user, user.username, at)
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
def create_administrator(
    *,
    username: str,
    name: str,
    unit_id: int,
    unit_path: str,
    at: datetime,
    password: str | None = None,
    role: Role = Role.ADMINISTRATOR,
) -> tuple[User, str]:
    """An administrator (system, security or audit) made from the command line; the account, its password.

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
    grant_role(actor=SYSTEM, user=user, role=role, unit_id=unit_id, unit_path=unit_path, at=at)
    return user, secret
