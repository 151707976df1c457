from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.platform.ui import navigation


class AuditConfig(AppConfig):
    name = "liangdian.platform.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        import liangdian.platform.audit.subscribers
        import liangdian.platform.audit.web.listener  # noqa: F401

        navigation.register(
            navigation.Entry(
                _("Access log"),
                "audit:log",
                icon="eye-check",
                roles={Role.AUDITOR},
                order=20,
                section="settings",
            )
        )
