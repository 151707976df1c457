"""The rows of casework. Private to this room: others use its services and selectors."""

from liangdian.casework.models.attachments import CaseDocument
from liangdian.casework.models.case import Case, CaseDetail, CaseNumber, CaseSearch
from liangdian.casework.models.clocks import Clock, Extension, LimitRule, Pause, Promise, SweepMark
from liangdian.casework.models.cooperation import Assist, Meeting, Supervision, SupervisionAnswer
from liangdian.casework.models.handing import HandedCase, HandOver
from liangdian.casework.models.procedure import CaseNotice, CorrectionList, Decision, NoticeKind, Shortfall
from liangdian.casework.models.record import Event, Rating, Referral, Resolution
from liangdian.casework.models.relations import CaseRelation
from liangdian.casework.models.repair import RatingAppeal, Repair
from liangdian.casework.models.saved import SavedFilter
from liangdian.casework.models.service import GreenChannel, Pledge

__all__ = [
    "Assist",
    "Case",
    "CaseDetail",
    "CaseDocument",
    "CaseNotice",
    "CaseNumber",
    "CaseRelation",
    "CaseSearch",
    "Clock",
    "CorrectionList",
    "Decision",
    "Event",
    "Extension",
    "GreenChannel",
    "HandOver",
    "HandedCase",
    "LimitRule",
    "Meeting",
    "NoticeKind",
    "Pause",
    "Pledge",
    "Promise",
    "Rating",
    "RatingAppeal",
    "Referral",
    "Repair",
    "Resolution",
    "SavedFilter",
    "Shortfall",
    "Supervision",
    "SupervisionAnswer",
    "SweepMark",
]
