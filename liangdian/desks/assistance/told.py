"""How the desk's events read in the history. No event holds an income."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.casework.procedures import Told
from liangdian.desks.assistance.states import NeedKind, Source, WayOut
from liangdian.platform.ui.dates import day_words

Data = dict[str, Any]


def _registered(data: Data, names: Any) -> str:
    return _("Livelihood help for a household of %(n)d: %(source)s") % {
        "n": data["people"], "source": Source(data["source"]).label,
    }  # fmt: skip


def _consented(data: Data, names: Any) -> str:
    return _("The household wants help") if data["given"] else _("The household does not want help")


def _needed(data: Data, names: Any) -> str:
    return _("Needed: %(what)s") % {"what": NeedKind(data["kind"]).label}


def _met(data: Data, names: Any) -> str:
    return _("Met: %(what)s") % {"what": NeedKind(data["kind"]).label}


def _helper(data: Data, names: Any) -> str:
    return _("%(name)s accompanies the household") % {"name": data["name"]}


def _training(data: Data, names: Any) -> str:
    return _("Training: %(title)s (%(provider)s)") % {"title": data["title"], "provider": data["provider"]}


def _placed(data: Data, names: Any) -> str:
    return _("A place was found: %(what)s, from %(day)s") % {
        "what": data["offer"], "day": day_words(date.fromisoformat(data["starts"])),
    }  # fmt: skip


def _checked(data: Data, names: Any) -> str:
    words = (
        _("After %(n)d months: still there") if data["still"] else _("After %(n)d months: no longer there")
    )
    return words % {"n": data["months"]}


def _check_due(data: Data, names: Any) -> str:
    return _("Ask how it goes: %(n)d months are over") % {"n": data["months"]}


def _left(data: Data, names: Any) -> str:
    return _("The place was left: %(what)s") % {"what": data["offer"]}


def _ended(data: Data, names: Any) -> str:
    return _("The help ended: %(why)s") % {"why": WayOut(data["way_out"]).label}


_L = gettext_lazy
TOLD = {
    f"assistance.{type}": told
    for type, told in {
        "registered": Told(_L("Livelihood help registered"), _registered, "home-heart"),
        "consented": Told(_L("Household asked"), _consented, "message-question"),
        "needed": Told(_L("Need written down"), _needed, "list-check"),
        "met": Told(_L("Need met"), _met, "circle-check"),
        "helper": Told(_L("Helper named"), _helper, "user-heart"),
        "training": Told(_L("Training noted"), _training, "school"),
        "placed": Told(_L("Placement"), _placed, "briefcase"),
        "checked": Told(_L("Check-up"), _checked, "checklist"),
        "check_due": Told(_L("Check-up due"), _check_due, "bell"),
        "left": Told(_L("Place left"), _left, "arrow-back-up"),
        "settled": Told(
            _L("Settled"), lambda d, n: _("A year in the place: the help is settled"), "circle-check"
        ),
        "helped": Told(
            _L("Helped in another way"), lambda d, n: _("All needs were met without a place"), "circle-check"
        ),
        "ended": Told(_L("Help ended"), _ended, "circle-off"),
    }.items()
}
