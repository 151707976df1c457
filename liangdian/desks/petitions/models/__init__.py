"""The rows of the petition desk. Private to this room."""

from liangdian.desks.petitions.models.handling import Extension, NonAcceptance, Opinion, Recusal, Transfer
from liangdian.desks.petitions.models.petition import Accused, Petition, Representative

__all__ = [
    "Accused",
    "Extension",
    "NonAcceptance",
    "Opinion",
    "Petition",
    "Recusal",
    "Representative",
    "Transfer",
]
