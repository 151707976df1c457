"""How allauth's second factors behave here: secrets are sealed, a needed factor stays."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext, gettext_lazy

from liangdian.platform import crypto
from liangdian.platform.accounts import second_factor, selectors
from liangdian.platform.accounts.models import User
from liangdian.platform.ui import navigation


class StaffFactorAdapter(DefaultMFAAdapter):
    """Second factors of staff."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Please type the one that is shown now."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor. Please set up another one before you remove this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes need a second factor. Please set one up first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return navigation.name_of("centre", None) or gettext("Liangdian")

    def get_totp_label(self, user: User) -> str:
        return user.username

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Security key %(number)d") % {"number": number}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of a person whose role needs one stays."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=second_factor.FACTORS)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return not second_factor.is_required(selectors.actor_of(authenticator.user))
