"""The verbs of livelihood help. One verb, one service: lock → policy → rules → change → event."""

from liangdian.desks.assistance.services.accompanying import (
    add_need,
    add_training,
    meet_need,
    name_helper,
    record_consent,
)
from liangdian.desks.assistance.services.ending import answer_rating, end_help, help_otherwise
from liangdian.desks.assistance.services.placing import leave_place, place, record_check_up, watch
from liangdian.desks.assistance.services.register import NewOffer, add_offer, withdraw_offer
from liangdian.desks.assistance.services.registering import HelpIntake, register_help

__all__ = [
    "HelpIntake",
    "NewOffer",
    "add_need",
    "add_offer",
    "add_training",
    "answer_rating",
    "end_help",
    "help_otherwise",
    "leave_place",
    "meet_need",
    "name_helper",
    "place",
    "record_check_up",
    "record_consent",
    "register_help",
    "watch",
    "withdraw_offer",
]
