"""``liangdian simulate hall``: a whole day in an exercise hall."""

from liangdian.desks.hall.simulation.commands import add_arguments, run

__all__ = ["add_arguments", "run"]
