"""The rows of duty, by what they are about."""

from liangdian.desks.duty.models.absence import Closure, Leave
from liangdian.desks.duty.models.attendance import Correction, Mark, RollCall, ScreenLink
from liangdian.desks.duty.models.planning import HoursPlan, Shift, ShiftPattern

__all__ = [
    "Closure",
    "Correction",
    "HoursPlan",
    "Leave",
    "Mark",
    "RollCall",
    "ScreenLink",
    "Shift",
    "ShiftPattern",
]
