"""Verbs of the organisation register."""

from liangdian.registers.organisation.services.posts import (
    appoint,
    create_post,
    end_stand_in,
    name_stand_in,
    relieve,
    update_post,
)
from liangdian.registers.organisation.services.seals import remove_seal_picture, set_seal_picture
from liangdian.registers.organisation.services.tree import create_unit, move_unit, update_unit
from liangdian.registers.organisation.services.windows import create_window, update_window

__all__ = [
    "appoint",
    "create_post",
    "create_unit",
    "create_window",
    "end_stand_in",
    "move_unit",
    "name_stand_in",
    "relieve",
    "remove_seal_picture",
    "set_seal_picture",
    "update_post",
    "update_unit",
    "update_window",
]
