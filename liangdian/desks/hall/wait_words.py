"""Why somebody is the next one, and how long he has waited, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangdian.desks.hall.models import Hall
from liangdian.desks.hall.rules import Why
from liangdian.desks.hall.states import Rank, Reason


def minutes_words(seconds: float) -> str:
    """``12 minutes``; below one minute in words."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return _("less than a minute")
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def waited_words(since: datetime, *, at: datetime) -> str:
    """How long somebody has waited by now."""
    return minutes_words((at - since).total_seconds())


def why_words(data: Mapping[str, object], *, hall: Hall) -> str:
    """The sentence on the clerk's screen, from the data of the call's event."""
    why, seconds = str(data.get("why", "")), data.get("waited", 0)
    waited = minutes_words(float(str(seconds)))
    if why == Why.FIRST:
        return _("Has waited longest of all whom your window serves: %(time)s.") % {"time": waited}
    if why == Why.CLASS:
        return _("Called before others: %(class)s. Waited %(time)s.") % {
            "class": _class_words(data), "time": waited,
        }  # fmt: skip
    if why == Why.TURN:
        return _("It is his turn: %(n)s people in a row were called before him. Waited %(time)s.") % {
            "n": hall.ratio, "time": waited,
        }  # fmt: skip
    if why == Why.AGED:
        return _("Has waited %(time)s; nobody shall wait longer than %(cap)s minutes without his turn.") % {
            "time": waited, "cap": hall.cap_minutes,
        }  # fmt: skip
    if why == "chosen":
        return _("Called out of turn by whoever leads the hall. Waited %(time)s.") % {"time": waited}
    return ""


def _class_words(data: Mapping[str, object]) -> str:
    reason = str(data.get("reason", ""))
    if reason:
        return str(Reason(reason).label)
    return str(Rank(int(str(data.get("rank", Rank.WALK_IN)))).label)
