"""How the desk's events read in the history. No event holds a party's name: parties have numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.casework.procedures import Told
from liangdian.desks.mediation.states import (
    Category,
    Chosen,
    ObligationState,
    Openness,
    RiskKind,
    Side,
    SignedBy,
    Subtype,
)
from liangdian.platform.ui.dates import day_words, moment_words

Data = dict[str, Any]


def _party(data: Data) -> str:
    return _("Party %(n)d (%(side)s)") % {"n": data["party"], "side": Side(data["side"]).label}


def _registered(data: Data, names: Any) -> str:
    what = Subtype(data["subtype"]).label if data["subtype"] else Category(data["category"]).label
    return _("Dispute before the mediation committee: %(what)s, %(n)d parties") % {
        "what": what, "n": data["parties"],
    }  # fmt: skip


def _asked(data: Data, names: Any) -> str:
    words = _("%(party)s wants mediation") if data["given"] else _("%(party)s does not want mediation")
    return words % {"party": _party(data)}


def _assigned(data: Data, names: Any) -> str:
    words = _("Mediators: %(names)s (%(how)s)")
    return words % {"names": ", ".join(data["names"]), "how": Chosen(data["how"]).label}


def _invited(data: Data, names: Any) -> str:
    return _("Session %(n)d: %(when)s, %(place)s (%(open)s)") % {
        "n": data["n"], "when": moment_words(datetime.fromisoformat(data["when"])), "place": data["place"],
        "open": Openness(data["open"]).label,
    }  # fmt: skip


def _offer_answered(data: Data, names: Any) -> str:
    words = (
        _("The offer of %(party)s was taken")
        if data["accepted"]
        else _("The offer of %(party)s was declined")
    )
    return words % {"party": _party(data)}


def _signed(data: Data, names: Any) -> str:
    who = _party(data) if "party" in data else data["name"]
    return _("%(who)s signed (%(how)s)") % {"who": who, "how": SignedBy(data["how"]).label}


def _in_effect(data: Data, names: Any) -> str:
    return _("The agreement is in effect since %(day)s; the court can be asked until %(until)s") % {
        "day": day_words(datetime.fromisoformat(data["effect"])),
        "until": day_words(date.fromisoformat(data["confirm_until"])),
    }  # fmt: skip


def _obligation(data: Data, names: Any) -> str:
    words = _("Obligation %(n)d: %(state)s")
    return words % {"n": data["n"], "state": ObligationState(data["state"]).label}


def _reminder(data: Data, names: Any) -> str:
    words = _("Reminder: obligation %(n)d falls due on %(day)s")
    return words % {"n": data["n"], "day": day_words(date.fromisoformat(data["day"]))}


def _call_due(data: Data, names: Any) -> str:
    words = _("Obligation %(n)d was due on %(day)s: call the parties")
    return words % {"n": data["n"], "day": day_words(date.fromisoformat(data["day"]))}


def _court(data: Data, names: Any) -> str:
    words = _("Both parties asked the court on %(day)s to confirm the agreement")
    return words % {"day": day_words(date.fromisoformat(data["day"]))}


def _closing(data: Data, names: Any) -> str:
    words = _("The court can be asked to confirm the agreement only until %(day)s")
    return words % {"day": day_words(date.fromisoformat(data["day"]))}


def _reported(data: Data, names: Any) -> str:
    words = _("%(risk)s: %(told)s was told at once (Art. 25)")
    return words % {"risk": RiskKind(data["risk"]).label, "told": data["told"]}


TOLD = {
    f"mediation.{type}": told
    for type, told in {
        "registered": Told(gettext_lazy("Dispute registered"), _registered, "scale"),
        "asked": Told(gettext_lazy("Party asked"), _asked, "message-question"),
        "consented": Told(
            gettext_lazy("All want mediation"),
            lambda d, n: _("All parties want mediation; the talks can begin"),
            "heart-handshake",
        ),
        "assigned": Told(gettext_lazy("Mediators named"), _assigned, "user-check"),
        "recused": Told(
            gettext_lazy("Mediator takes no part"),
            lambda d, n: _("%(names)s takes no part in this dispute") % {"names": ", ".join(d["names"])},
            "user-off",
        ),
        "invited": Told(gettext_lazy("Session planned"), _invited, "calendar-event"),
        "met": Told(
            gettext_lazy("Session held"),
            lambda d, n: _("Session %(n)d was held; %(came)d people came") % {"n": d["n"], "came": d["came"]},
            "users",
        ),
        "spoken_apart": Told(
            gettext_lazy("Separate talk"),
            lambda d, n: _("A separate talk was held; its note is for the mediators"),
            "lock",
        ),
        "offered": Told(
            gettext_lazy("Offer"),
            lambda d, n: _("%(party)s made an offer") % {"party": _party(d)},
            "message-share",
        ),
        "offer_answered": Told(gettext_lazy("Offer answered"), _offer_answered, "message-check"),
        "drafted": Told(
            gettext_lazy("Agreement laid down"), lambda d, n: _("An agreement was laid down"), "file-text"
        ),
        "duty_added": Told(
            gettext_lazy("Obligation added"), lambda d, n: _("An obligation was added"), "file-plus"
        ),
        "redrafted": Told(
            gettext_lazy("Back to the talks"),
            lambda d, n: _("The agreement is not signed so; the talks go on"),
            "arrow-back-up",
        ),
        "signed": Told(gettext_lazy("Signed"), _signed, "signature"),
        "sealed": Told(
            gettext_lazy("Sealed"), lambda d, n: _("The committee sealed the agreement"), "rubber-stamp"
        ),
        "in_effect": Told(gettext_lazy("Agreement in effect"), _in_effect, "circle-check"),
        "obligation": Told(gettext_lazy("Fulfilment"), _obligation, "checklist"),
        "fulfilled": Told(
            gettext_lazy("Agreement fulfilled"),
            lambda d, n: _("The agreement is fulfilled"),
            "heart-handshake",
        ),
        "unfulfilled": Told(
            gettext_lazy("Agreement not fulfilled"),
            lambda d, n: _("The agreement was not fulfilled; the court can be asked"),
            "alert-triangle",
        ),
        "reminder": Told(gettext_lazy("Reminder of an obligation"), _reminder, "bell"),
        "call_due": Told(gettext_lazy("Follow-up call due"), _call_due, "phone-call"),
        "called": Told(
            gettext_lazy("Follow-up call"),
            lambda d, n: _("Follow-up call about obligation %(n)d") % {"n": d["n"]},
            "phone",
        ),
        "confirmation_asked": Told(gettext_lazy("Court asked"), _court, "building-bank"),
        "window_closing": Told(gettext_lazy("Court: the window closes"), _closing, "building-bank"),
        "reported": Told(gettext_lazy("Police told"), _reported, "shield-exclamation"),
    }.items()
}
