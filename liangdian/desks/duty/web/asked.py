"""What every page of duty reads from its address: the unit, the month, and the tabs between the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from liangdian.desks.duty import policy, selectors
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.rules import month_before, next_month
from liangdian.foundation.clock import business_date
from liangdian.registers.organisation.selectors import Unit

FIRST_YEAR, LAST_YEAR = 2020, 2100


def unit_of(request: HttpRequest) -> Unit:
    """The unit in the address or the form, else the person's own."""
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    return selectors.unit_for(request.actor, number_in(asked))


def number_in(text: str) -> int | None:
    """The id that ``text`` is; None for anything that no id can be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def day_of(request: HttpRequest, now: datetime) -> date:
    """The day ``2026-11-24`` in the address, else today."""
    asked = request.GET.get("day", "")
    try:
        found = date.fromisoformat(asked) if len(asked) == 10 else None
    except ValueError:
        found = None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else business_date(now)


def month_of(request: HttpRequest, now: datetime) -> date:
    """The month ``2026-11`` in the address or the form, else the running one."""
    asked = request.POST.get("month") or request.GET.get("month") or ""
    year, _dash, month = asked.partition("-")
    if len(asked) == 7 and year.isdecimal() and month.isdecimal() and asked.isascii():
        found = (int(year), int(month))
        if FIRST_YEAR <= found[0] <= LAST_YEAR and 1 <= found[1] <= 12:
            return date(*found, 1)
    return business_date(now).replace(day=1)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


def frame(request: HttpRequest, unit: Unit, name: str) -> dict[str, object]:
    """What stands around every page: the unit, the other units, the tabs."""
    pages = {
        "mine": _("My duty"), "today": _("Today"), "roster": _("Roster"), "leave": _("Leave"),
        "corrections": _("Corrections"), "closures": _("Closures"),
        "windows": _("Promised hours"), "pattern": _("Pattern of the week"),
    }  # fmt: skip
    if policy.may(request.actor, Act.SEE_SHEET, unit.path):
        pages |= {"sheet": _("Monthly sheet"), "allowances": _("Allowances")}
    query = urlencode({"unit": unit.pk})
    tabs = [Tab(label, f"{reverse(f'duty:{page}')}?{query}", page == name) for page, label in pages.items()]
    return {"unit": unit, "units": selectors.units_for(request.actor), "tabs": tabs}


def months(unit: Unit, month: date) -> dict[str, object]:
    """Links to the months before and after."""
    return {
        "month": month,
        "before": urlencode({"unit": unit.pk, "month": f"{month_before(month):%Y-%m}"}),
        "after": urlencode({"unit": unit.pk, "month": f"{next_month(month):%Y-%m}"}),
    }
