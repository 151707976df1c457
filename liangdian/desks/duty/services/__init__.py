"""Everything that can be done with duty."""

from liangdian.desks.duty.services.closures import announce_closure, end_closure
from liangdian.desks.duty.services.corrections import ask_correction, decide_correction
from liangdian.desks.duty.services.leaves import ask_leave, decide_leave, withdraw_leave
from liangdian.desks.duty.services.planning import add_pattern, end_pattern, plan_month, promise_hours
from liangdian.desks.duty.services.roll_calls import call_due_rolls, call_roll
from liangdian.desks.duty.services.roster import add_shift, replace_person, take_off
from liangdian.desks.duty.services.screens import make_screen, revoke_screen
from liangdian.desks.duty.services.sheets import decide_sheet, make_sheet, record_export, set_allowance
from liangdian.desks.duty.services.signing import sign

__all__ = [
    "add_pattern",
    "add_shift",
    "announce_closure",
    "ask_correction",
    "ask_leave",
    "call_due_rolls",
    "call_roll",
    "decide_correction",
    "decide_leave",
    "decide_sheet",
    "end_closure",
    "end_pattern",
    "make_screen",
    "make_sheet",
    "plan_month",
    "promise_hours",
    "record_export",
    "replace_person",
    "revoke_screen",
    "set_allowance",
    "sign",
    "take_off",
    "withdraw_leave",
]
