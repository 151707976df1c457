"""The verbs of mediation. One verb, one service: lock → policy → rules → change → event."""

from liangdian.desks.mediation.services.agreeing import (
    Duty,
    Hand,
    add_duty,
    back_to_talks,
    draft,
    seal,
    sign,
)
from liangdian.desks.mediation.services.committee import About, elect, join, leave, set_committee
from liangdian.desks.mediation.services.consenting import record_consent
from liangdian.desks.mediation.services.fulfilling import (
    ask_confirmation,
    call_parties,
    record_fulfilment,
    watch,
)
from liangdian.desks.mediation.services.mediators import assign, recuse
from liangdian.desks.mediation.services.registering import DisputeIntake, NewParty, register_dispute
from liangdian.desks.mediation.services.safety import report_risk
from liangdian.desks.mediation.services.talks import (
    answer_offer,
    make_offer,
    note_caucus,
    plan_session,
    record_session,
)
from liangdian.desks.mediation.services.time_box import more_time
from liangdian.desks.mediation.services.ways_out import answer_rating, fail

__all__ = [
    "About",
    "DisputeIntake",
    "Duty",
    "Hand",
    "NewParty",
    "add_duty",
    "answer_offer",
    "answer_rating",
    "ask_confirmation",
    "assign",
    "back_to_talks",
    "call_parties",
    "draft",
    "elect",
    "fail",
    "join",
    "leave",
    "make_offer",
    "more_time",
    "note_caucus",
    "plan_session",
    "record_consent",
    "record_fulfilment",
    "record_session",
    "recuse",
    "register_dispute",
    "report_risk",
    "seal",
    "set_committee",
    "sign",
    "watch",
]
