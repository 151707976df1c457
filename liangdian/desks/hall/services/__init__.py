"""Verbs of the hall. Every one locks in the order session, item, counter, and ends with its events."""

from liangdian.desks.hall.services.calling import Call, call_next, call_this, miss, recall
from liangdian.desks.hall.services.day import end_days, learn_paces
from liangdian.desks.hall.services.devices import claim_device, make_device, revoke_device
from liangdian.desks.hall.services.joining import (
    Arrival,
    add_item,
    check_in,
    come_back,
    join,
    leave,
    next_numbers,
    set_class,
)
from liangdian.desks.hall.services.offline import Given, Taken, blocks_for, upload
from liangdian.desks.hall.services.rating import rate, rate_by_place
from liangdian.desks.hall.services.serving import (
    answer_and_finish,
    finish,
    go_on,
    hold,
    link_case,
    move_to_item,
    move_to_window,
    park,
    register_matter,
    start,
)
from liangdian.desks.hall.services.setting_up import Queueing, open_hall, set_group, set_queueing
from liangdian.desks.hall.services.windows import (
    close_window,
    go_on_at_window,
    hand_over,
    pause,
    sign_off,
    sign_on,
)

__all__ = [
    "Arrival",
    "Call",
    "Given",
    "Queueing",
    "Taken",
    "add_item",
    "answer_and_finish",
    "blocks_for",
    "call_next",
    "call_this",
    "check_in",
    "claim_device",
    "close_window",
    "come_back",
    "end_days",
    "finish",
    "go_on",
    "go_on_at_window",
    "hand_over",
    "hold",
    "join",
    "learn_paces",
    "leave",
    "link_case",
    "make_device",
    "miss",
    "move_to_item",
    "move_to_window",
    "next_numbers",
    "open_hall",
    "park",
    "pause",
    "rate",
    "rate_by_place",
    "recall",
    "register_matter",
    "revoke_device",
    "set_class",
    "set_group",
    "set_queueing",
    "sign_off",
    "sign_on",
    "start",
    "upload",
]
