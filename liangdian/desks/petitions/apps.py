from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.navigation import Entry, Section, register


class PetitionsConfig(AppConfig):
    name = "liangdian.desks.petitions"
    label = "petitions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from liangdian.casework import procedures
        from liangdian.desks.petitions.policy import READERS
        from liangdian.desks.petitions.procedure import PROCEDURE

        procedures.register(PROCEDURE)
        register(Entry(_("Petitions"), "petitions:list", "mail-opened", READERS, 10, Section.DESKS))
