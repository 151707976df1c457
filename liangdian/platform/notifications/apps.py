from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts


class NotificationsConfig(AppConfig):
    name = "liangdian.platform.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liangdian.platform.notifications import defaults, kinds

        defaults.register_defaults()
        kinds.name_kinds(
            {
                "message_failed": _("A message to a resident could not be delivered"),
                "message_unknown": _("Whether a message to a resident was sent is not known"),
            }
        )
        acts.name_acts(
            {
                "message_text_changed": _("Text of a message changed"),
                "message_text_reset": _("Text of a message set back"),
                "message_retried": _("Message sent again"),
                "message_tested": _("Test message sent"),
            }
        )
