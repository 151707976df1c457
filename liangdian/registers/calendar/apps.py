from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.ui.navigation import Entry, Section, register


class CalendarConfig(AppConfig):
    name = "liangdian.registers.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        acts.name_acts(
            {
                "calendar_loaded": _("Calendar of a year loaded"),
                "hours_changed": _("Service hours changed"),
            }
        )
        acts.name_subjects({"calendar.year": _("Calendar year"), "calendar.hours": _("Service hours")})
        register(Entry(_("Calendar"), "calendar:index", "calendar", (), 60, Section.REGISTERS))
