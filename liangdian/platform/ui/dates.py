"""Dates as the reader writes them. Instants are shown in the hall's time zone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from liangdian.platform.ui import languages

_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CHINESE_DAYS = "一二三四五六日"
_WEEK_WORD = {"zh-hans": "周", "zh-hant": "週"}


def local_day(value: dt.date | dt.datetime) -> dt.date:
    """The business date of an instant in the hall's time zone; a date is itself."""
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day_words(value: dt.date | dt.datetime, *, with_year: bool = True) -> str:
    """``2026年10月22日（周四）`` or ``Thu 22 Oct 2026``; without the year ``10月22日（周四）``."""
    day = local_day(value)
    code = languages.current().code
    if code == "en":
        words = f"{_ENGLISH_DAYS[day.weekday()]} {day.day} {_ENGLISH_MONTHS[day.month - 1]}"
        return f"{words} {day.year}" if with_year else words
    weekday = f"{_WEEK_WORD[code]}{_CHINESE_DAYS[day.weekday()]}"
    year = f"{day.year}年" if with_year else ""
    return f"{year}{day.month}月{day.day}日（{weekday}）"


def clock_words(value: dt.datetime) -> str:
    """``09:20`` in the hall's time zone."""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%H:%M")


def moment_words(value: dt.datetime, *, with_year: bool = True) -> str:
    """Day and time of an instant: ``2026年10月22日（周四）09:20`` or ``Thu 22 Oct 2026, 09:20``."""
    between = ", " if languages.current().code == "en" else " "
    return f"{day_words(value, with_year=with_year)}{between}{clock_words(value)}"
