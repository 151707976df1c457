"""The verbs of casework. One verb, one service: lock → policy → rules → change → event."""

from liangdian.casework.services.attachments import (
    attach_by_link,
    attach_document,
    withdraw_by_link,
    withdraw_document,
    withdraw_infected,
)
from liangdian.casework.services.ending import (
    rate_by_link,
    record_call_back,
    resolve,
    withdraw,
)
from liangdian.casework.services.handling import (
    add_note,
    ask_resident,
    contact_resident,
    escalate,
    resident_supplied,
    start,
    transfer,
)
from liangdian.casework.services.intake import Intake, register, seed_limit_rules
from liangdian.casework.services.limit_rules import add_limit_version
from liangdian.casework.services.referral import accept_referral, refer, return_referral
from liangdian.casework.services.revealing import may_reveal, reveal_phone
from liangdian.casework.services.sweep import SweepBroken, sweep

__all__ = [
    "Intake",
    "SweepBroken",
    "accept_referral",
    "add_limit_version",
    "add_note",
    "ask_resident",
    "attach_by_link",
    "attach_document",
    "contact_resident",
    "escalate",
    "may_reveal",
    "rate_by_link",
    "record_call_back",
    "refer",
    "register",
    "resident_supplied",
    "resolve",
    "return_referral",
    "reveal_phone",
    "seed_limit_rules",
    "start",
    "sweep",
    "transfer",
    "withdraw",
    "withdraw_by_link",
    "withdraw_document",
    "withdraw_infected",
]
