"""The rows of duty, by what they are about."""

from liangdian.desks.duty.models.planning import HoursPlan, Shift, ShiftPattern

__all__ = ["HoursPlan", "Shift", "ShiftPattern"]
