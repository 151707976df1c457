"""Rows of the mediation desk. Private to this room."""

from liangdian.desks.mediation.models.agreement import Agreement, Obligation, Signature
from liangdian.desks.mediation.models.committee import Committee, Member, Term
from liangdian.desks.mediation.models.dispute import (
    Answer,
    Assignment,
    Dispute,
    Party,
    Recusal,
    Report,
    Representative,
)
from liangdian.desks.mediation.models.talks import Attendance, Caucus, Offer, Session

__all__ = [
    "Agreement",
    "Answer",
    "Assignment",
    "Attendance",
    "Caucus",
    "Committee",
    "Dispute",
    "Member",
    "Obligation",
    "Offer",
    "Party",
    "Recusal",
    "Report",
    "Representative",
    "Session",
    "Signature",
    "Term",
]
