"""How the events of units working together read on the timeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liangdian.casework.states import EventType
from liangdian.platform.ui.dates import day_words


def _returned(data: dict, names: Any) -> str:
    words = _("%(unit)s returned it to the first handler") % {"unit": names.unit(data["from"])}
    if not data.get("ground"):
        return words
    unit = data["responsible"]
    return _("%(words)s: %(name)s is responsible (%(ground)s)") % {
        "words": words, "name": names.unit(unit) if unit else data["body"], "ground": data["ground"],
    }  # fmt: skip


def _assist_asked(data: dict, names: Any) -> str:
    return _("%(unit)s was asked to help by %(day)s") % {
        "unit": names.unit(data["to"]), "day": day_words(datetime.fromisoformat(data["by"])),
    }  # fmt: skip


def _assist_withdrawn(data: dict, names: Any) -> str:
    words = {
        "answer": _("Answered without waiting for %(unit)s"),
        "lead": _("%(unit)s helped and leads now"),
        "over": _("The matter is over; %(unit)s need not help any more"),
    }.get(data["by"], _("%(unit)s need not help any more"))
    return words % {"unit": names.unit(data["unit"])}


def _meeting(data: dict, names: Any) -> str:
    units = ", ".join(names.unit(pk) for pk in data["units"])
    return _("Coordination meeting of %(held)s with %(units)s: %(lead)s leads, done by %(day)s") % {
        "held": day_words(date.fromisoformat(data["held_on"])),
        "units": f"{units} ({data['people']})" if data["people"] else units,
        "lead": names.unit(data["to"]), "day": day_words(date.fromisoformat(data["until"])),
    }  # fmt: skip


TITLES: dict[str, Callable[[dict, Any], str]] = {
    EventType.REFERRAL_RETURNED: _returned,
    EventType.ASSIST_ASKED: _assist_asked,
    EventType.ASSIST_ACCEPTED: lambda d, n: _("%(unit)s helps") % {"unit": n.unit(d["unit"])},
    EventType.ASSIST_ANSWERED: lambda d, n: (
        (_("Partial answer of %(unit)s") if d["kept"] else _("Partial answer of %(unit)s, late"))
        % {"unit": n.unit(d["unit"])}
    ),
    EventType.ASSIST_USED: lambda d, n: _("%(unit)s found out") % {"unit": n.unit(d["unit"])},
    EventType.ASSIST_REMINDED: lambda d, n: _("%(unit)s was reminded") % {"unit": n.unit(d["unit"])},
    EventType.ASSIST_WITHDRAWN: _assist_withdrawn,
    EventType.SUPERVISED: lambda d, n: (
        _("Supervised; %(unit)s answers by %(day)s")
        % {"unit": n.unit(d["unit"]), "day": day_words(datetime.fromisoformat(d["by"]))}
    ),
    EventType.SUPERVISION_ANSWERED: lambda d, n: (
        _("The supervision note was answered") if d["kept"] else _("The supervision note was answered late")
    ),
    EventType.SUPERVISION_DECIDED: lambda d, n: (
        _("The answer to the supervision note was accepted")
        if d["accepted"]
        else _("The answer to the supervision note was sent back")
    ),
    EventType.MEETING_HELD: _meeting,
    EventType.RATING_FLAGGED: lambda d, n: (
        _("%(n)d residents rated from one device that day: %(matters)s")
        % {"n": d["n"], "matters": ", ".join(d["matters"])}
    ),
}
