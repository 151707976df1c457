"""``liangdian due``: work out due dates by the calendar of working days."""

from liangdian.registers.calendar.commands import add_arguments, run

__all__ = ["add_arguments", "run"]
