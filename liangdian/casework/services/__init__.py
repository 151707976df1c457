"""The verbs of casework. One verb, one service: lock → policy → rules → change → event."""

from liangdian.casework.services.acceptance import admit, ask_papers, refuse, supply_late_papers
from liangdian.casework.services.appealing import appeal_rating, decide_appeal
from liangdian.casework.services.assisting import (
    accept_assist,
    answer_assist,
    ask_assist,
    remind_assist,
    use_assist,
    withdraw_assist,
)
from liangdian.casework.services.attachments import (
    attach_by_link,
    attach_document,
    withdraw_by_link,
    withdraw_document,
    withdraw_infected,
)
from liangdian.casework.services.bulk import refer_many, transfer_many
from liangdian.casework.services.deciding import decide, deliver, end_matter
from liangdian.casework.services.ending import (
    record_call_back,
    resolve,
    withdraw,
)
from liangdian.casework.services.exporting import export_list
from liangdian.casework.services.extending import ask_extension, decide_extension
from liangdian.casework.services.green import put_first, take_out
from liangdian.casework.services.handing import Handed, give_back, give_back_due, hand_over
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
from liangdian.casework.services.meeting import record_meeting
from liangdian.casework.services.merging import merge, unmerge
from liangdian.casework.services.notices import set_notice
from liangdian.casework.services.pausing import pause, resume
from liangdian.casework.services.pledging import note_needs, visit_home
from liangdian.casework.services.rating import rate_by_link
from liangdian.casework.services.reclassifying import reclassify
from liangdian.casework.services.referral import accept_referral, refer, return_referral
from liangdian.casework.services.relating import link, unlink
from liangdian.casework.services.repairing import call_missed, call_rated, choose_repair
from liangdian.casework.services.revealing import Identity, may_reveal, reveal_phone, reveal_resident
from liangdian.casework.services.saving import delete_filter, open_with, save_filter
from liangdian.casework.services.supervising import answer_supervision, decide_supervision, supervise
from liangdian.casework.services.sweep import SweepBroken, sweep

__all__ = [
    "Handed",
    "Identity",
    "Intake",
    "SweepBroken",
    "accept_assist",
    "accept_referral",
    "add_limit_version",
    "add_note",
    "admit",
    "answer_assist",
    "answer_supervision",
    "appeal_rating",
    "ask_assist",
    "ask_extension",
    "ask_papers",
    "ask_resident",
    "attach_by_link",
    "attach_document",
    "call_missed",
    "call_rated",
    "choose_repair",
    "contact_resident",
    "decide",
    "decide_appeal",
    "decide_extension",
    "decide_supervision",
    "delete_filter",
    "deliver",
    "end_matter",
    "escalate",
    "export_list",
    "give_back",
    "give_back_due",
    "hand_over",
    "link",
    "may_reveal",
    "merge",
    "note_needs",
    "open_with",
    "pause",
    "put_first",
    "rate_by_link",
    "reclassify",
    "record_call_back",
    "record_meeting",
    "refer",
    "refer_many",
    "refuse",
    "register",
    "remind_assist",
    "resident_supplied",
    "resolve",
    "resume",
    "return_referral",
    "reveal_phone",
    "reveal_resident",
    "save_filter",
    "seed_limit_rules",
    "set_notice",
    "start",
    "supervise",
    "supply_late_papers",
    "sweep",
    "take_out",
    "transfer",
    "transfer_many",
    "unlink",
    "unmerge",
    "use_assist",
    "visit_home",
    "withdraw",
    "withdraw_assist",
    "withdraw_by_link",
    "withdraw_document",
    "withdraw_infected",
]
