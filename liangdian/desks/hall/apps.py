from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts


class HallConfig(AppConfig):
    name = "liangdian.desks.hall"
    label = "hall"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        acts.name_acts(
            {
                "hall_opened": _("Hall opened"),
                "hall_changed": _("Rules of the hall changed"),
                "hall_queue_set": _("Queue of the hall changed"),
                "device_made": _("Device made ready"),
                "device_enrolled": _("Device enrolled"),
                "device_revoked": _("Device revoked"),
            }
        )
        acts.name_subjects({"hall.hall": _("Hall"), "hall.device": _("Device of the hall")})
