"""Staff who sign in, and the roles that they hold for units."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.platform.accounts.roles import ROLE_LABELS
from liangdian.platform.accounts.token_model import ApiToken

__all__ = ["ApiToken", "RoleGrant", "User", "UserManager"]


class UserManager(BaseUserManager["User"]):
    """Looks users up by user name; making users is a service's work."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A member of staff.

    ``unit_id`` is the unit where the person works (a plain number: units live in a higher layer).
    ``demonstration`` marks an account whose password is printed on the screen; it can only be used
    where ``settings.DEMONSTRATION`` is set. ``ended_at``: the person has left; the row stays.
    """

    username = models.CharField(
        _("User name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("Name"), max_length=100)
    email = models.EmailField(_("E-mail"), blank=True, default="")
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    unit_id = models.BigIntegerField(null=True, blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)
    must_change_password = models.BooleanField(default=False)
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="accounts_user_username_filled"),
            models.CheckConstraint(condition=Q(username=Lower("username")), name="accounts_user_lower_case"),
            models.CheckConstraint(condition=~Q(name=""), name="accounts_user_name_filled"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(is_active=False), name="accounts_user_ended_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Source(models.TextChoices):
    """Who gave a role: a security administrator, or the mapping of groups at sign-in."""

    HAND = "hand", _("by hand")
    SIGN_ON = "sign_on", _("by group")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def current(self, at: Any) -> RoleGrantQuerySet:
        """Grants in force at ``at`` (an aware datetime or a database expression)."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)

    def reaching(self, path: str) -> RoleGrantQuerySet:
        """Grants whose unit is the one at ``path`` or stands above it."""
        parts = [part for part in path.split("/") if part]
        above = ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
        return self.filter(unit_path__in=above)

    def inside(self, path: str) -> RoleGrantQuerySet:
        """Grants held for the unit at ``path`` or for a unit below it."""
        return self.filter(unit_path__startswith=path)


class RoleGrant(models.Model):
    """One role held by one person for one unit, from ``since`` up to (not including) ``until``.

    ``unit_path`` repeats the unit's place in the tree, such as ``/1/4/9/``; the organisation register
    keeps it in step when a unit moves. A grant is ended, never deleted.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("Role"), max_length=30, choices=ROLE_LABELS)
    unit_id = models.BigIntegerField()
    unit_path = models.CharField(max_length=255)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    granted_by_id = models.BigIntegerField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit_id"],
                condition=Q(until__isnull=True),
                name="accounts_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="accounts_grant_known_role"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="accounts_grant_period"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="accounts_grant_known_source"),
            models.CheckConstraint(
                condition=Q(unit_path__regex=r"^(/[0-9]+)+/$"), name="accounts_grant_path_form"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit_path", "role"], opclasses=["text_pattern_ops", ""], name="accounts_grant_path"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_path}"


class RequiredFactor(models.Model):
    """What the security administrator chose: whether a role needs a second factor to sign in.

    A role without a row follows ``settings.SECOND_FACTOR_ROLES``.
    """

    role = models.CharField(_("Role"), max_length=30, choices=ROLE_LABELS, unique=True)
    required = models.BooleanField()
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="accounts_factor_known_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.required}"


class GroupMapping(models.Model):
    """Who belongs to ``value`` at the sign-in service holds ``role`` for the unit, until the next sign-in."""

    value = models.CharField(_("Group"), max_length=200)
    role = models.CharField(_("Role"), max_length=30, choices=ROLE_LABELS)
    unit_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["value", "role", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["value", "role", "unit_id"], name="accounts_mapping_once"),
            models.CheckConstraint(condition=~Q(value=""), name="accounts_mapping_value_filled"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="accounts_mapping_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.role} {self.unit_id}"


class FormerPassword(models.Model):
    """A password that this person chose or was given, as its hash: the last five are not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
