"""The two ways in which a day departs from Monday-to-Friday, and the holidays that repeat each year."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """HOLIDAY: a day of rest. MAKE_UP: a Saturday or Sunday on which one works (调休)."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


KIND_LABELS = [(Kind.HOLIDAY.value, _("Holiday")), (Kind.MAKE_UP.value, _("Make-up working day"))]

# What people write in the column "kind" of a table.
SPELLINGS = {
    "holiday": Kind.HOLIDAY,
    "rest": Kind.HOLIDAY,
    "休": Kind.HOLIDAY,
    "休息": Kind.HOLIDAY,
    "假": Kind.HOLIDAY,
    "放假": Kind.HOLIDAY,
    "節假日": Kind.HOLIDAY,
    "节假日": Kind.HOLIDAY,
    "make_up": Kind.MAKE_UP,
    "make-up": Kind.MAKE_UP,
    "work": Kind.MAKE_UP,
    "班": Kind.MAKE_UP,
    "上班": Kind.MAKE_UP,
    "补班": Kind.MAKE_UP,
    "補班": Kind.MAKE_UP,
    "调休": Kind.MAKE_UP,
    "調休": Kind.MAKE_UP,
}

# Stored as the State Council's notice writes them, shown in the reader's language.
HOLIDAY_NAMES = {
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明节": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
    "抗战胜利70周年": _("70th anniversary of victory"),
}


def name_in_language(name: str) -> str:
    """``name`` in the active language when it is one of the yearly holidays, else as it was typed."""
    return str(HOLIDAY_NAMES.get(name, name))
