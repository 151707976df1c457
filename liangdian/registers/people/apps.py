from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.ui import navigation


class PeopleConfig(AppConfig):
    name = "liangdian.registers.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liangdian.registers.people.policy import READING
        from liangdian.registers.people.wording import SUBJECT

        navigation.register(
            navigation.Entry(
                _("Residents"), "people:list", icon="users", roles=READING, order=20, section="registers"
            )
        )
        acts.name_acts(
            {
                "resident_changed": _("Resident changed"),
                "household_joined": _("Put into a household"),
                "household_left": _("Taken out of a household"),
                "phone_revealed": _("Phone number shown"),
                "identity_revealed": _("Identity number shown"),
            }
        )
        acts.name_looks({"phone_revealed": _("Phone number"), "identity_revealed": _("Identity number")})
        acts.name_subjects({SUBJECT: _("Resident")})
