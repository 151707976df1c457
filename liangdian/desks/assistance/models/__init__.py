"""Rows of livelihood help. Private to this room."""

from liangdian.desks.assistance.models.help import Consent, Help, Need, Training
from liangdian.desks.assistance.models.offer import Offer
from liangdian.desks.assistance.models.placement import CheckUp, Placement

__all__ = ["CheckUp", "Consent", "Help", "Need", "Offer", "Placement", "Training"]
