"""The hours of one day as people write them: ``9:00-12:00, 13:30-17:00``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import time

from django.utils.translation import gettext as _

from liangdian.foundation.refused import Invalid
from liangdian.registers.calendar.rules import Interval, check_intervals

_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|—|~|至|到)\s*(\d{1,2}):(\d{2})", re.ASCII)
_BETWEEN = re.compile(r"[,;、\s]\s*(?=\d{1,2}:\d{2}\s*(?:-|–|—|~|至|到))", re.ASCII)


def as_text(intervals: Iterable[Interval]) -> str:
    """``9:00-12:00, 13:30-17:00``; empty when the hall does not serve."""
    return ", ".join(f"{i.opens:%H:%M}-{i.closes:%H:%M}" for i in intervals)


def read_hours(text: str) -> list[Interval]:
    """The intervals in ``text``, in order; none when it is empty. Raises Invalid for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip(" ,;、")
    if not plain:
        return []
    return check_intervals(_interval(part) for part in _BETWEEN.split(plain))


def _interval(part: str) -> Interval:
    match = _INTERVAL.fullmatch(part.strip(" ,;、"))
    try:
        if match:
            first, first_minute, last, last_minute = map(int, match.groups())
            return Interval(time(first, first_minute), time(last, last_minute))
    except ValueError:
        match = None
    raise Invalid(_("“%(text)s” is not a time of service. Write it as 9:00-12:00.") % {"text": part[:40]})
