from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.ui.navigation import Entry, Section, register


class DirectoryConfig(AppConfig):
    name = "liangdian.registers.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(
            Entry(_("Who helps me?"), "directory:find", "map-pin-user", order=15, section=Section.REGISTERS)
        )
        acts.name_acts(
            {
                "area_made": _("Area of responsibility made"),
                "area_line_added": _("Line of an area added"),
                "area_line_ended": _("Line of an area ended"),
                "area_person_named": _("Person named for an area"),
                "area_person_ended": _("Person no longer answers for an area"),
                "area_person_reach_changed": _("How to reach a person of an area changed"),
            }
        )
        acts.name_subjects({"directory.area": _("Area of responsibility")})
