from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.notifications.kinds import name_kinds
from liangdian.platform.ui.navigation import Entry, Section, register


class MediationConfig(AppConfig):
    name = "liangdian.desks.mediation"
    label = "mediation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from liangdian.casework import procedures
        from liangdian.desks.mediation.policy import READERS
        from liangdian.desks.mediation.procedure import PROCEDURE

        procedures.register(PROCEDURE)
        register(Entry(_("Mediation"), "mediation:list", "scale", READERS, 20, Section.DESKS))
        name_kinds({code: told.label for code, told in PROCEDURE.told.items()})
        acts.name_acts(
            {
                "committee_set": _("Mediation committee written down"),
                "committee_elected": _("Mediation committee elected"),
                "member_joined": _("Member joined the mediation committee"),
                "member_left": _("Member left the mediation committee"),
            }
        )
        acts.name_subjects({"mediation.committee": _("Mediation committee")})
