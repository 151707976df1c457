"""Everything that can be done with duty."""

from liangdian.desks.duty.services.corrections import ask_correction, decide_correction
from liangdian.desks.duty.services.planning import add_pattern, end_pattern, plan_month, promise_hours
from liangdian.desks.duty.services.roll_calls import call_due_rolls, call_roll
from liangdian.desks.duty.services.roster import add_shift, replace_person, take_off
from liangdian.desks.duty.services.screens import make_screen, revoke_screen
from liangdian.desks.duty.services.signing import sign

__all__ = [
    "add_pattern",
    "add_shift",
    "ask_correction",
    "call_due_rolls",
    "call_roll",
    "decide_correction",
    "end_pattern",
    "make_screen",
    "plan_month",
    "promise_hours",
    "replace_person",
    "revoke_screen",
    "sign",
    "take_off",
]
