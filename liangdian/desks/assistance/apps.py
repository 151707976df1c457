from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.notifications.kinds import name_kinds
from liangdian.platform.ui.navigation import Entry, Section, register


class AssistanceConfig(AppConfig):
    name = "liangdian.desks.assistance"
    label = "assistance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from liangdian.casework import procedures
        from liangdian.desks.assistance.policy import READERS, REGISTER_KEEPERS
        from liangdian.desks.assistance.procedure import PROCEDURE

        procedures.register(PROCEDURE)
        opened = tuple(dict.fromkeys([*READERS, *REGISTER_KEEPERS]))
        register(Entry(_("Livelihood help"), "assistance:list", "home-heart", opened, 30, Section.DESKS))
        name_kinds({code: told.label for code, told in PROCEDURE.told.items()})
        acts.name_acts(
            {
                "offer_added": _("Place written into the register"),
                "offer_withdrawn": _("Place of the register withdrawn"),
            }
        )
        acts.name_subjects({"assistance.offer": _("Place of the register")})
