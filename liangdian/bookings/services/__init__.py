"""The verbs of appointments. One verb, one service: lock → policy → rules → change → event."""

from liangdian.bookings.services.changing import cancel, check_in, finish, mark_missed, move
from liangdian.bookings.services.resources import (
    Description,
    StillBooked,
    add_rule_version,
    close_day,
    create_resource,
    open_day,
    set_hours,
    update_resource,
)
from liangdian.bookings.services.sweep import expire_holds, note_missed, remind
from liangdian.bookings.services.taking import HoldRanOut, Person, Wish, book, confirm, hold
from liangdian.bookings.services.waiting import join_waiting, leave_waiting, offer_free_times

__all__ = [
    "Description",
    "HoldRanOut",
    "Person",
    "StillBooked",
    "Wish",
    "add_rule_version",
    "book",
    "cancel",
    "check_in",
    "close_day",
    "confirm",
    "create_resource",
    "expire_holds",
    "finish",
    "hold",
    "join_waiting",
    "leave_waiting",
    "mark_missed",
    "move",
    "note_missed",
    "offer_free_times",
    "open_day",
    "remind",
    "set_hours",
    "update_resource",
]
