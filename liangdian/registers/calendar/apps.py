from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.navigation import Entry, Section, register


class CalendarConfig(AppConfig):
    name = "liangdian.registers.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(Entry(_("Calendar"), "calendar:index", "calendar", (), 60, Section.REGISTERS))
