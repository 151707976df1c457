"""A rule for passwords that Django does not bring: the last five are not taken again (GB/T 22239-2019).

A password is not changed at fixed times: that only makes people write it down.
"""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liangdian.platform.accounts.models import FormerPassword, User

LAST = 5


class NotUsedLately:
    """Named in AUTH_PASSWORD_VALIDATORS; Django calls it before and after every change of a password."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError when ``password`` is the present one or one of those before it."""
        if user is None or user.pk is None:
            return
        before = FormerPassword.objects.filter(user_id=user.pk).values_list("password", flat=True)[:LAST]
        if any(check_password(password, each) for each in {user.password, *before}):
            raise ValidationError(
                _("This is one of the last five passwords. Please choose another one."), code="used_lately"
            )

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Remember the new one and forget what is older than the last five."""
        if user is None or user.pk is None or not user.has_usable_password():
            return
        FormerPassword.objects.create(user=user, password=user.password)
        kept = list(FormerPassword.objects.filter(user_id=user.pk).values_list("pk", flat=True)[:LAST])
        FormerPassword.objects.filter(user_id=user.pk).exclude(pk__in=kept).delete()

    def get_help_text(self) -> str:
        return _("Not one of the last five passwords.")
