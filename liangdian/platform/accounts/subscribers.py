"""What accounts do when allauth tells that something happened."""

from __future__ import annotations

from allauth.account.signals import password_changed, password_set
from django.dispatch import receiver

from liangdian.platform.accounts import services
from liangdian.platform.accounts.models import User


@receiver([password_changed, password_set], dispatch_uid="accounts.password_was_changed")
def on_password_changed(user: User, **kwargs: object) -> None:
    """The duty to change a given password is fulfilled."""
    services.password_was_changed(user_id=user.pk)
