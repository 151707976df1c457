"""When we are open: the promised hours, what is closed, and how the hours were kept last month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from liangdian.desks.duty import absence, kept, selectors
from liangdian.desks.duty.rules import month_before
from liangdian.foundation.clock import business_date
from liangdian.registers.calendar.hours import as_text
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")), (7, _("Make-up working days")),
]  # fmt: skip


class Closed(Protocol):
    """An announced closure: of one window, or of the whole hall."""

    @property
    def begins_at(self) -> datetime: ...

    @property
    def window_id(self) -> int | None: ...


@require_GET
def opening_hours(request: HttpRequest) -> HttpResponse:
    """Each window of one hall: today, the week, closures, and the share of promised hours kept."""
    now = timezone.now()
    units = organisation.communities()
    unit = _chosen(request, units)
    today = business_date(now)
    context: dict[str, object] = {"units": units, "unit": unit, "today": today}
    if unit is not None:
        month = month_before(today)
        closures = absence.closures_announced([unit.pk], now)
        context |= {
            "rows": _windows(unit, today, closures, now), "closures": closures, "month": month,
            "kept": kept.kept_at_windows(unit, month, now) if kept.recorded(unit, month) else [],
        }  # fmt: skip
    return render(request, "portal/hours.html", context)


def _chosen(request: HttpRequest, units: list[Unit]) -> Unit | None:
    asked = request.GET.get("unit", "")
    return next((unit for unit in units if str(unit.pk) == asked), units[0] if units else None)


def _windows(unit: Unit, today: date, closures: Sequence[Closed], now: datetime) -> list[dict[str, object]]:
    windows = organisation.windows_of(unit)
    promised = selectors.promised_hours(window.pk for window in windows)
    rows = []
    for window in windows:
        spans = promised.spans(window.pk, today)
        week = promised.week_on(window.pk, today)
        closed = [c for c in closures if c.begins_at <= now and c.window_id in (None, window.pk)]
        rows.append({
            "window": window, "today": spans, "closed": closed,
            "open": not closed and any(begin <= now < end for begin, end in spans),
            "week": [(label, as_text(week[day])) for day, label in WEEKDAYS if week.get(day)],
        })  # fmt: skip
    return rows
