"""What stands on a slip, as words in the person's language. No name: paper gets lost."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangdian.casework.notices.marks import typst_language
from liangdian.casework.notices.setting import set_page
from liangdian.desks.hall import places, selectors
from liangdian.desks.hall.models import Visit, VisitItem
from liangdian.desks.hall.states import Rank
from liangdian.platform.ui.dates import moment_words
from liangdian.registers.catalogue import selectors as catalogue

PAPERS_SHOWN = 8


def slip_pdf(visit: Visit) -> bytes:
    """The slip of this visit; a reprint says what the first one said."""
    with translation.override(visit.language):
        return set_page("slip.typ", slip_data(visit), at=visit.joined_at, folder=Path(__file__).parent)


def slip_data(visit: Visit) -> dict[str, object]:
    """The words of the slip in the language that is active."""
    items = list(visit.items.select_related("item_version").order_by("seq"))
    first = items[0]
    group = selectors.group_of(selectors.groups_of(visit.hall_id), first.category)
    labels = [item.item_version.label for item in items if item.item_version is not None]
    return {
        "language": typst_language(visit.language),
        "centre": visit.hall.unit.label,
        "your_number": _("Your number"),
        "ticket": visit.ticket,
        "queue": group.label if group is not None else "",
        "items": labels,
        "ahead": ahead_words(first.ahead),
        "range": range_words(first.promised_low, first.promised_high),
        "class": class_words(visit),
        "qr": place_code(place_link(visit)),
        "scan": _("Scan to follow your place, to say that you have to leave, and to rate us."),
        "papers_title": _("Please have ready"),
        "papers": _papers(items),
        "taken": moment_words(visit.joined_at),
        "note": _("If you miss your call, tell the staff: you keep your number today."),
    }


def place_link(visit: Visit) -> str:
    """The address of "my place", for the code."""
    token = places.place_token(hall_id=visit.hall_id, day=visit.day, prefix=visit.prefix, number=visit.number)
    return settings.PUBLIC_ADDRESS + places.place_path(token)


def place_code(link: str) -> str:
    """The QR code of a link, as SVG."""
    code = io.BytesIO()
    segno.make(link, error="m").save(code, kind="svg", scale=4, border=1)
    return code.getvalue().decode()


def ahead_words(ahead: int | None) -> str:
    if ahead is None:
        return _("No window serves this yet today. We call you as soon as one opens.")
    if ahead == 0:
        return _("Nobody is ahead of you")
    return ngettext("%(n)s person ahead of you", "%(n)s people ahead of you", ahead) % {"n": ahead}


def range_words(low: int | None, high: int | None) -> str:
    """The promised range as people say it; empty when nothing was promised."""
    if low is None or high is None:
        return ""
    if low == 0:
        return _("at most about %(high)s minutes") % {"high": high}
    return _("about %(low)s to %(high)s minutes") % {"low": low, "high": high}


def class_words(visit: Visit) -> str:
    if visit.rank == Rank.APPOINTMENT and visit.booked_for is not None:
        return _("Your appointment: %(time)s") % {"time": moment_words(visit.booked_for, with_year=False)}
    if visit.rank in {Rank.URGENT, Rank.PRIORITY}:
        return _("You are called before others: %(reason)s") % {"reason": visit.get_reason_display()}
    return ""


def _papers(items: list[VisitItem]) -> list[str]:
    found: dict[str, None] = {}
    for item in items:
        if item.item_version_id is not None:
            found |= dict.fromkeys(paper.label for paper in catalogue.papers_of(item.item_version_id))
    return list(found)[:PAPERS_SHOWN]
