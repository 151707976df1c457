"""Everything that can be done with duty."""

from liangdian.desks.duty.services.planning import add_pattern, end_pattern, plan_month, promise_hours
from liangdian.desks.duty.services.roster import add_shift, replace_person, take_off

__all__ = [
    "add_pattern",
    "add_shift",
    "end_pattern",
    "plan_month",
    "promise_hours",
    "replace_person",
    "take_off",
]
