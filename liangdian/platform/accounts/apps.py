from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.platform.ui import navigation


class AccountsConfig(AppConfig):
    name = "liangdian.platform.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        import liangdian.platform.accounts.subscribers
        import liangdian.platform.accounts.web.listener  # noqa: F401

        navigation.register(
            navigation.Entry(
                _("Staff and roles"),
                "accounts:members",
                icon="users-group",
                roles={Role.SECURITY},
                order=10,
                section="settings",
            ),
            navigation.Entry(
                _("Sign-in rules"),
                "accounts:required-roles",
                icon="shield-lock",
                roles={Role.SECURITY},
                order=12,
                section="settings",
            ),
            navigation.Entry(
                _("Roles by group"),
                "accounts:mappings",
                icon="users-group",
                roles={Role.SECURITY},
                order=14,
                section="settings",
            ),
            navigation.Entry(
                _("My account"), "accounts:mine", icon="user-circle", order=10, section="person"
            ),
        )
