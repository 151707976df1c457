"""The rows of duty, by what they are about."""

from liangdian.desks.duty.models.absence import Closure, Leave
from liangdian.desks.duty.models.attendance import Correction, Mark, RollCall, ScreenLink
from liangdian.desks.duty.models.planning import HoursPlan, Shift, ShiftPattern
from liangdian.desks.duty.models.sheets import AllowanceRule, Sheet

__all__ = [
    "AllowanceRule",
    "Closure",
    "Correction",
    "HoursPlan",
    "Leave",
    "Mark",
    "RollCall",
    "ScreenLink",
    "Sheet",
    "Shift",
    "ShiftPattern",
]
