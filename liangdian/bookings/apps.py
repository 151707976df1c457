from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts


class BookingsConfig(AppConfig):
    name = "liangdian.bookings"
    label = "bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from liangdian.bookings import messages

        messages.register_kinds()
        acts.name_acts(
            {
                "resource_created": _("Bookable thing made"),
                "resource_changed": _("Bookable thing changed"),
                "hours_changed": _("Hours for appointments changed"),
                "day_closed": _("Day closed for appointments"),
                "day_opened": _("Day opened for appointments again"),
                "booking_rule_changed": _("Rule for appointments changed"),
            }
        )
        acts.name_subjects(
            {"bookings.resource": _("Bookable thing"), "bookings.rule": _("Rule for appointments")}
        )
