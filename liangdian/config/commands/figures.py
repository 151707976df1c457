"""``liangdian figures``: the figures of a period, each with numerator and denominator."""

from liangdian.insight.commands import add_arguments, run

__all__ = ["add_arguments", "run"]
