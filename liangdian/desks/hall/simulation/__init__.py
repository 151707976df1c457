"""A whole day in an exercise hall: for training, for planning how many windows to open, as a soak test."""

from liangdian.desks.hall.simulation.day import Run, simulate
from liangdian.desks.hall.simulation.exercise import Exercise, prepare
from liangdian.desks.hall.simulation.profile import Profile, learned_profile

__all__ = ["Exercise", "Profile", "Run", "learned_profile", "prepare", "simulate"]
