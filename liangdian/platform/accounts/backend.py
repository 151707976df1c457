"""Who may be signed in at all."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from liangdian.platform.accounts import selectors
from liangdian.platform.accounts.models import User


def is_admitted(user: User) -> bool:
    """Closed accounts are never admitted; those of the demonstration only in the demonstration."""
    return user.is_active and (settings.DEMONSTRATION or not user.demonstration)


class StaffBackend(AuthenticationBackend):
    """allauth's password check; asked again on every request, so that a closed account is out at once."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session together with its roles: one statement for both."""
        user = selectors.signing_in(user_id)
        return user if user is not None and is_admitted(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        return is_admitted(user)
