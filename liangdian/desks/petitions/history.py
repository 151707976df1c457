"""How the lines of a petition's history read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.casework.procedures import Told
from liangdian.desks.petitions.states import Conflict, Instance, Label, Sort, Way
from liangdian.platform.ui.dates import day_words


def _day(text: Any) -> str:
    return day_words(date.fromisoformat(str(text)[:10]))


def _registered(data: dict[str, Any], names: Any) -> str:
    return gettext("Petition: %(sort)s, by %(way)s") % {
        "sort": Sort(data["sort"]).label, "way": Way(data["way"]).label,
    }  # fmt: skip


def _reported(data: dict[str, Any], names: Any) -> str:
    if not data["heads"]:
        return gettext("Urgent or major: nobody heads this unit, so nobody could be told")
    return gettext("Reported to the head at once")


def _labelled(data: dict[str, Any], names: Any) -> str:
    words = gettext("Label: %(label)s") % {"label": Label(data["label"]).label}
    return f"{words} · {data['earlier']}" if data.get("earlier") else words


def _transferred(data: dict[str, Any], names: Any) -> str:
    if data.get("report_by"):
        return gettext("Assigned to %(unit)s with a report by %(day)s") % {
            "unit": names.unit(data["to"]), "day": _day(data["report_by"]),
        }  # fmt: skip
    return gettext("Transferred to %(unit)s") % {"unit": names.unit(data["to"])}


def _objection_decided(data: dict[str, Any], names: Any) -> str:
    if data["agreed"]:
        return gettext("The sender agreed: back to %(unit)s") % {"unit": names.unit(data["to"])}
    return gettext("The sender did not agree: it stays here")


def _assigned(data: dict[str, Any], names: Any) -> str:
    return gettext("Given to %(name)s") % {"name": names.user(data["to_user"])}


def _recused(data: dict[str, Any], names: Any) -> str:
    return gettext("%(name)s keeps away: %(ground)s") % {
        "name": names.user(data["user"]), "ground": Conflict(data["ground"]).label,
    }  # fmt: skip


def _extension_asked(data: dict[str, Any], names: Any) -> str:
    return gettext("Extension asked for: %(days)s days") % {"days": data["days"]}


def _extension_decided(data: dict[str, Any], names: Any) -> str:
    words = (
        gettext("Extension approved: %(days)s days") if data["approved"] else gettext("Extension declined")
    )
    return words % {"days": data["days"]} if data["approved"] else words


def _extended(data: dict[str, Any], names: Any) -> str:
    return gettext("Extended by %(days)s days") % {"days": data["days"]}


def _review_asked(data: dict[str, Any], names: Any) -> str:
    return gettext("%(instance)s asked for: %(reference)s") % {
        "instance": Instance(data["instance"]).label, "reference": data["reference"],
    }  # fmt: skip


def _review_begun(data: dict[str, Any], names: Any) -> str:
    return gettext("%(instance)s by %(unit)s") % {
        "instance": Instance(data["instance"]).label, "unit": names.unit(data["unit"]),
    }  # fmt: skip


TOLD = {
    "petitions.registered": Told(_("Class and way"), _registered, "file-plus"),
    "petitions.reported": Told(_("Reported to the head"), _reported, "urgent"),
    "petitions.labelled": Told(_("First or repeated"), _labelled, "tag"),
    "petitions.accepted": Told(_("Accepted"), lambda data, names: gettext("Petition accepted"), "file-like"),
    "petitions.transferred": Told(_("Transferred"), _transferred, "send"),
    "petitions.objected": Told(
        _("Objection"), lambda data, names: gettext("Objection: not responsible"), "arrow-back-up"
    ),
    "petitions.objection_decided": Told(_("Objection decided"), _objection_decided, "scale"),
    "petitions.assigned": Told(_("Given to a colleague"), _assigned, "users"),
    "petitions.recused": Told(_("Keeps away"), _recused, "user-off"),
    "petitions.extension_asked": Told(_("Extension asked for"), _extension_asked, "calendar-question"),
    "petitions.extension_decided": Told(_("Extension decided"), _extension_decided, "calendar-cog"),
    "petitions.extended": Told(_("Extended"), _extended, "calendar-plus", said=True),
    "petitions.review_asked": Told(_("Review asked for"), _review_asked, "rotate-clockwise"),
    "petitions.review_begun": Told(_("Review begun"), _review_begun, "rotate-clockwise"),
}
