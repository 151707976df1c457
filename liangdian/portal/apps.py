from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.notifications import templates


class PortalConfig(AppConfig):
    name = "liangdian.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Residents can be looked up only from here on.
        from liangdian.desks.hall import board
        from liangdian.portal import sign_in_codes
        from liangdian.portal.board_lines import closures
        from liangdian.portal.presence import presence
        from liangdian.registers.directory import presence as directory

        templates.register(sign_in_codes.KIND, sign_in_codes.TEXTS)
        board.show_notices(closures)
        directory.provide(presence)
        acts.name_acts({"resident_signed_in": _("Resident signed in with a code")})
