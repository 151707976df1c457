from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Role
from liangdian.platform.accounts import leaving
from liangdian.platform.audit import acts
from liangdian.platform.notifications.kinds import name_kinds
from liangdian.platform.ui.navigation import Entry, Section, register

_WORKING = (
    Role.CLERK, Role.HANDLER, Role.MEDIATOR, Role.PETITION_OFFICER, Role.SECRETARY, Role.COORDINATOR,
    Role.LEADER, Role.INSPECTOR,
)  # fmt: skip

_ACTS: dict[str, object] = {
    "hours_promised": _("Hours of a window promised"),
    "pattern_added": _("Line of the duty pattern made"),
    "pattern_ended": _("Line of the duty pattern ended"),
    "roster_planned": _("Roster of a month made"),
    "shift_added": _("Shift put on the roster"),
    "shift_taken_off": _("Shift taken off the roster"),
    "correction_decided": _("Correction of a duty mark decided"),
    "leave_decided": _("Leave decided"),
    "closure_announced": _("Closure announced"),
    "closure_ended": _("Closure ended"),
    "allowance_set": _("Allowance set"),
    "sheet_made": _("Monthly duty sheet made"),
    "sheet_decided": _("Monthly duty sheet decided"),
    "sheet_exported": _("Monthly duty sheet exported"),
    "screen_made": _("Screen with the duty code set up"),
    "screen_revoked": _("Screen with the duty code switched off"),
}
_SUBJECTS: dict[str, object] = {
    "duty.pattern": _("Duty pattern"),
    "duty.shift": _("Shift"),
    "duty.correction": _("Correction of a duty mark"),
    "duty.screen": _("Screen with the duty code"),
    "duty.leave": _("Leave"),
    "duty.closure": _("Closure"),
    "duty.sheet": _("Monthly duty sheet"),
    "duty.allowance": _("Allowance"),
}
_NOTICES: dict[str, object] = {
    "duty_missing": _("Missing at the roll call"),
    "duty_leave_asked": _("Leave is asked"),
    "duty_leave_approved": _("Leave approved, with its stand-in"),
    "duty_leave_refused": _("Leave not approved"),
    "duty_sheet_made": _("A monthly duty sheet waits for approval"),
    "duty_sheet_approved": _("Monthly duty sheet approved"),
    "duty_sheet_returned": _("Monthly duty sheet sent back"),
    "duty_correction_asked": _("A correction of duty marks is asked"),
    "duty_correction_decided": _("Your correction of duty marks is decided"),
}


class DutyConfig(AppConfig):
    name = "liangdian.desks.duty"
    label = "duty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from liangdian.desks.duty.handing_over import duty_in_hand

        leaving.register("duty", duty_in_hand)
        register(Entry(_("Duty"), "duty:mine", "calendar-user", _WORKING, 80, Section.HALL))
        acts.name_acts(_ACTS)
        acts.name_subjects(_SUBJECTS)
        name_kinds(_NOTICES)
