"""The rows of casework. Private to this room: others use its services and selectors."""

from liangdian.casework.models.attachments import CaseDocument
from liangdian.casework.models.case import Case, CaseDetail, CaseNumber, CaseSearch
from liangdian.casework.models.clocks import LimitRule, Promise, SweepMark
from liangdian.casework.models.record import Event, Rating, Referral, Resolution

__all__ = [
    "Case",
    "CaseDetail",
    "CaseDocument",
    "CaseNumber",
    "CaseSearch",
    "Event",
    "LimitRule",
    "Promise",
    "Rating",
    "Referral",
    "Resolution",
    "SweepMark",
]
