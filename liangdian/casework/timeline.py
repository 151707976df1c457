"""A case's history as people read it: every event becomes a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangdian.casework.cooperation_titles import TITLES as OF_COOPERATION
from liangdian.casework.icons import ICONS
from liangdian.casework.models import Event
from liangdian.casework.pledges import WHY
from liangdian.casework.procedures import clock_of, told_of
from liangdian.casework.states import (
    AppealGround,
    ClockKind,
    Ending,
    EventType,
    Grade,
    GreenReason,
    Kind,
    PauseReason,
    PledgeKind,
    PromiseReason,
    RepairWay,
)
from liangdian.foundation.limits import LimitUnit
from liangdian.platform.notifications.selectors import Delivery
from liangdian.platform.ui.dates import day_words


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; ``internal`` lines are never shown to the resident."""

    at: datetime
    title: str
    actor_name: str
    text: str
    internal: bool
    icon: str
    seq: int
    type: str
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, read once for the whole history."""

    units: Mapping[int, str]
    users: Mapping[int, str]

    def unit(self, key: object) -> str:
        return self.units.get(key, _("another unit")) if isinstance(key, int) else _("another unit")

    def user(self, key: object) -> str:
        return self.users.get(key, _("a colleague")) if isinstance(key, int) else _("a colleague")


def limit_words(amount: int, unit: str) -> str:
    """A limit as people say it: "5 working days", "at once"."""
    match LimitUnit(unit):
        case LimitUnit.AT_ONCE:
            return _("at once")
        case LimitUnit.HOURS:
            return ngettext("%(n)d hour", "%(n)d hours", amount) % {"n": amount}
        case LimitUnit.WORKING_DAYS:
            return ngettext("%(n)d working day", "%(n)d working days", amount) % {"n": amount}
        case LimitUnit.CALENDAR_DAYS:
            return ngettext("%(n)d calendar day", "%(n)d calendar days", amount) % {"n": amount}


def _promised(data: dict, names: Names) -> str:
    if data.get("reason") and data.get("was") != data["day"]:
        words = _("%(reason)s: %(day)s instead of %(was)s") % {
            "reason": PromiseReason(data["reason"]).label,
            "day": day_words(date.fromisoformat(data["day"])),
            "was": day_words(date.fromisoformat(data["was"])),
        }  # fmt: skip
        return words + _provisional(data)
    words = _("Promised: done by %(day)s (%(limit)s)") % {
        "day": day_words(date.fromisoformat(data["day"])),
        "limit": limit_words(data["amount"], data["unit"]),
    }
    return words + _provisional(data)


def _provisional(data: dict) -> str:
    return _(", provisional until the calendar is published") if data.get("provisional") else ""


def _accepted(data: dict, names: Names) -> str:
    match data.get("by"):
        case "deemed":
            return _("Accepted by law from the day of receipt, because nobody said in time what is missing")
        case "papers_to_follow":
            return _("Accepted; the resident brings these papers by %(day)s: %(papers)s") % {
                "day": day_words(date.fromisoformat(data["supply_by"])), "papers": ", ".join(data["papers"]),
            }  # fmt: skip
        case "at_once":
            return _("Accepted and dealt with on the spot")
        case _:
            return _("Accepted")


def _papers_asked(data: dict, names: Names) -> str:
    return _("The resident was told once what is missing, to be brought by %(day)s: %(papers)s") % {
        "day": day_words(date.fromisoformat(data["supply_by"])), "papers": ", ".join(data["papers"]),
    }  # fmt: skip


def _paused(data: dict, names: Names) -> str:
    return _("Paused until %(day)s at the latest: %(reason)s") % {
        "day": day_words(date.fromisoformat(data["until"])), "reason": PauseReason(data["reason"]).label,
    }  # fmt: skip


def _extension(data: dict, names: Names) -> str:
    words = ngettext(
        "%(n)d working day more was asked for", "%(n)d working days more were asked for", data["amount"]
    )
    return words % {"n": data["amount"]}


def _reclassified(data: dict, names: Names) -> str:
    return _("Changed from “%(was)s” to “%(now)s”") % {
        "was": _sort(data["was"]), "now": _sort(data["now"])
    }  # fmt: skip


def _sort(text: str) -> str:
    kind, _colon, item = text.partition(":")
    return f"{Kind(kind).label} · {item}" if item else str(Kind(kind).label)


def _refused(data: dict, names: Names) -> str:
    if data["ground"] == "not_needed":
        return _("Not accepted: no application is needed")
    return _("Not accepted: %(where)s is responsible") % {"where": data["where"]}


def _referred(data: dict, names: Names) -> str:
    return _("Referred from %(from)s to %(to)s, to be accepted by %(day)s") % {
        "from": names.unit(data["from"]), "to": names.unit(data["to"]),
        "day": day_words(datetime.fromisoformat(data["accept_by"])),
    }  # fmt: skip


def _escalated(data: dict, names: Names) -> str:
    to = data.get("to")
    if not to:
        return _("Escalated: no unit stands above, so it is on the list “Nobody above”")
    if data["by"] == "rule":
        return _("%(unit)s was told by the rule for overdue matters") % {"unit": names.unit(to)}
    if data["by"] == "returns":
        return _("Returned again and again: %(unit)s decides who is responsible") % {"unit": names.unit(to)}
    if data["by"] == "rating":
        return _("One level up: %(unit)s takes it over") % {"unit": names.unit(to)}
    return _("Escalated to %(unit)s") % {"unit": names.unit(to)}


def _pledged(data: dict, names: Names) -> str:
    words = _("Promised: %(how)s. %(why)s") % {
        "how": PledgeKind(data["kind"]).label, "why": WHY[data["why"]]
    }  # fmt: skip
    if data.get("helper"):
        words = _("%(words)s · Helper: %(name)s") % {"words": words, "name": names.user(data["helper"])}
    return words


def _repair_chosen(data: dict, names: Names) -> str:
    if data["way"] == RepairWay.LEDGER:
        return _("Will be put right by %(day)s") % {"day": day_words(date.fromisoformat(data["until"]))}
    return str(RepairWay(data["way"]).label)


def _overdue(data: dict, names: Names) -> str:
    if data.get("clock", "promise") != "promise":
        clock = clock_of(data["clock"])
        return str(clock.late if clock else _LATE[data["clock"]])
    return _("The promise of %(day)s was not kept") % {"day": day_words(date.fromisoformat(data["day"]))}


_LATE = {
    ClockKind.FIRST_CONTACT: gettext_lazy("Nobody has spoken with the resident in time"),
    ClockKind.REFERRAL: gettext_lazy("The referral was not accepted in time"),
    ClockKind.CORRECTION: gettext_lazy("The resident's papers have not come; ask whether help is needed"),
    ClockKind.DELIVERY: gettext_lazy("The result was not handed over in time"),
    ClockKind.ASSIST: gettext_lazy("The assisting unit has not answered in time"),
    ClockKind.SUPERVISION: gettext_lazy("The supervision note was not answered in time"),
    ClockKind.REPAIR: gettext_lazy("The bad rating was not repaired in time"),
}


def _handed_over(data: dict, names: Names) -> str:
    if data["until"] is None:
        return _("%(name)s takes over what %(from)s had in hand") % {
            "name": names.user(data["to_user"]), "from": names.user(data["from_user"])
        }  # fmt: skip
    return _("%(name)s stands in for %(from)s until %(day)s") % {
        "name": names.user(data["to_user"]), "from": names.user(data["from_user"]),
        "day": day_words(date.fromisoformat(data["until"])),
    }  # fmt: skip


_ROLES = {
    "part": gettext_lazy("Linked as a part of another matter"),
    "whole": gettext_lazy("Another matter was linked as a part of this one"),
    "related": gettext_lazy("Linked with a related matter"),
}

_TITLES: dict[str, Callable[[dict, Names], str]] = {
    **OF_COOPERATION,
    EventType.REGISTERED: lambda d, n: (
        _("Registered; first handler %(name)s") % {"name": n.user(d["first_handler"])}
    ),
    EventType.ACCEPTED: _accepted,
    EventType.CORRECTION_ASKED: _papers_asked,
    EventType.REFUSED: _refused,
    EventType.PAUSED: _paused,
    EventType.RESUMED: lambda d, n: _("The matter goes on; the rest of the promised time runs"),
    EventType.EXTENSION_ASKED: _extension,
    EventType.EXTENSION_DECIDED: lambda d, n: (
        _("The extension was approved") if d["approved"] else _("The extension was declined")
    ),
    EventType.RECLASSIFIED: _reclassified,
    EventType.DECIDED: lambda d, n: _("Decided: granted") if d["granted"] else _("Decided: not granted"),
    EventType.DELIVERED: lambda d, n: _("The result was handed over"),
    EventType.SHORTFALL_SUPPLIED: lambda d, n: _("The resident brought the papers promised for later"),
    EventType.PROMISED: _promised,
    EventType.STARTED: lambda d, n: _("Work began"),
    EventType.CONTACTED: lambda d, n: _("The resident was told"),
    EventType.NOTED: lambda d, n: _("Note for colleagues"),
    EventType.ASKED: lambda d, n: _("The resident was asked for more"),
    EventType.SUPPLIED: lambda d, n: _("The resident supplied it"),
    EventType.REFERRED: _referred,
    EventType.REFERRAL_ACCEPTED: lambda d, n: (
        _("%(unit)s accepted the referral") % {"unit": n.unit(d["unit"])}
    ),
    EventType.TRANSFERRED: lambda d, n: _("Handed to %(name)s") % {"name": n.user(d["to_user"])},
    EventType.ESCALATED: _escalated,
    EventType.WARNED: lambda d, n: _("Reminder: the promise falls due soon"),
    EventType.OVERDUE: _overdue,
    EventType.RESOLVED: lambda d, n: (
        _("Answered") if d.get("kept", True) else _("Answered, later than promised")
    ),
    EventType.RATED: lambda d, n: _("The resident rated: %(grade)s") % {"grade": Grade(d["grade"]).label},
    EventType.REOPENED: lambda d, n: _("Reopened, because the resident is not satisfied"),
    EventType.CALLED: lambda d, n: _("The resident was called back about the rating"),
    EventType.CALL_MISSED: lambda d, n: _("Called in vain (call %(n)d)") % {"n": d["n"]},
    EventType.REPAIR_CHOSEN: _repair_chosen,
    EventType.REPAIRED: lambda d, n: (
        _("The bad rating was dealt with: %(way)s") % {"way": RepairWay(d["way"]).label}
    ),
    EventType.RATING_APPEALED: lambda d, n: (
        _("Appeal against the rating: %(ground)s") % {"ground": AppealGround(d["ground"]).label}
    ),
    EventType.APPEAL_DECIDED: lambda d, n: (
        _("The rating was excluded from the figures on appeal")
        if d["excluded"]
        else _("The rating stands; the appeal was not followed")
    ),
    EventType.CLOSED: lambda d, n: _("Closed: %(ending)s") % {"ending": Ending(d["ending"]).label},
    EventType.WITHDRAWN: lambda d, n: _("Withdrawn by the resident"),
    EventType.PLEDGED: _pledged,
    EventType.HELPER_NAMED: lambda d, n: _("Helper: %(name)s") % {"name": n.user(d["helper"])},
    EventType.HOME_VISITED: lambda d, n: _("The resident was visited at home"),
    EventType.GREEN: lambda d, n: (
        _("Goes before the others: %(reason)s") % {"reason": GreenReason(d["reason"]).label}
    ),
    EventType.NOT_GREEN: lambda d, n: _("Goes in turn again"),
    EventType.MERGED: lambda d, n: (
        _("Another matter about the same thing is handled together with this one")
        if d["role"] == "leads"
        else _("Handled together with another matter about the same thing")
    ),
    EventType.UNMERGED: lambda d, n: (
        _("Another matter is handled separately again")
        if d["role"] == "leads"
        else _("Handled separately again, with its own promise")
    ),
    EventType.HANDED_OVER: _handed_over,
    EventType.GIVEN_BACK: lambda d, n: _("Back with %(name)s") % {"name": n.user(d["to_user"])},
    EventType.LINKED: lambda d, n: str(_ROLES[d["role"]]),
    EventType.UNLINKED: lambda d, n: _("Link removed"),
    EventType.DOCUMENT_ADDED: lambda d, n: _("Document added: %(name)s") % {"name": d["name"]},
    EventType.DOCUMENT_WITHDRAWN: lambda d, n: (
        (
            _("A virus was found in “%(name)s”; it cannot be opened")
            if d["why"] == "virus"
            else _("Document withdrawn: %(name)s")
        )
        % {"name": d["name"]}
    ),
}


# What was written for the resident or by him; reasons of referrals and escalations are for colleagues.
_SAID_TO_RESIDENT = frozenset(
    {
        EventType.CORRECTION_ASKED,
        EventType.PAUSED,
        EventType.RESUMED,
        EventType.PROMISED,
        EventType.RECLASSIFIED,
        EventType.DECIDED,
        EventType.DELIVERED,
        EventType.CONTACTED,
        EventType.ASKED,
        EventType.SUPPLIED,
        EventType.RESOLVED,
        EventType.RATED,
        EventType.REPAIR_CHOSEN,
        EventType.APPEAL_DECIDED,
        EventType.ASSIST_USED,
        EventType.WITHDRAWN,
        EventType.HOME_VISITED,
    }
)


def entry_of(
    event: Event, names: Names, *, for_resident: bool = False, delivery: Delivery | None = None
) -> Entry:
    """One event as a line; the system's and the resident's names are words of the reader's language.

    ``delivery`` is what became of the message about it.
    """
    who = event.actor_name
    if event.actor_id is None:
        who = _("System") if event.actor_name == "system" else (event.actor_name or _("Resident"))
    text = str(event.data.get("text", ""))
    told = told_of(event.type)
    if for_resident and not (told.said if told else event.type in _SAID_TO_RESIDENT):
        text = ""
    return Entry(
        at=event.at, title=(told.title if told else _TITLES[event.type])(event.data, names), actor_name=who,
        text=text, internal=not event.public, icon=told.icon if told else ICONS[EventType(event.type)],
        seq=event.seq, type=event.type, delivery=delivery,
    )  # fmt: skip


def ids_in(events: list[Event]) -> tuple[set[int], set[int]]:
    """The unit ids and user ids that the events name."""
    units = {
        e.data[k]
        for e in events
        for k in ("from", "to", "unit", "responsible")
        if isinstance(e.data.get(k), int)
    }
    units |= {pk for e in events for pk in e.data.get("units", ())}
    users = {
        e.data[k]
        for e in events
        for k in ("first_handler", "to_user", "from_user", "helper")
        if isinstance(e.data.get(k), int)
    }
    return units, users
