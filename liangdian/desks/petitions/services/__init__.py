"""The verbs of the petition desk: lock → policy → rules → change → event."""

from liangdian.desks.petitions.services.answering import explain, give_opinion, reply
from liangdian.desks.petitions.services.assigning import assign, recuse
from liangdian.desks.petitions.services.deciding import (
    accept,
    decide_objection,
    object_to_transfer,
    refuse,
    transfer,
)
from liangdian.desks.petitions.services.extending import ask_extension, decide_extension
from liangdian.desks.petitions.services.looking import Petitioners, look_at_petitioner
from liangdian.desks.petitions.services.registering import Registration, register_petition
from liangdian.desks.petitions.services.reporting import decide_label, report_now
from liangdian.desks.petitions.services.reviewing import ask_review, close_hearing, open_hearing

__all__ = [
    "Petitioners",
    "Registration",
    "accept",
    "ask_extension",
    "ask_review",
    "assign",
    "close_hearing",
    "decide_extension",
    "decide_label",
    "decide_objection",
    "explain",
    "give_opinion",
    "look_at_petitioner",
    "object_to_transfer",
    "open_hearing",
    "recuse",
    "refuse",
    "register_petition",
    "reply",
    "report_now",
    "transfer",
]
