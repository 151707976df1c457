"""Two overviews of the desk: what falls due in a month, and the figures of a period."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from liangdian.casework.figures import Period
from liangdian.desks.petitions import figures as found_figures
from liangdian.desks.petitions import policy
from liangdian.desks.petitions.falling_due import falling_due
from liangdian.desks.petitions.web.forms import PeriodForm
from liangdian.foundation.clock import business_date
from liangdian.platform.accounts.web.doors import role_required
from liangdian.registers.calendar import selectors as calendar


@require_GET
@role_required(*policy.READERS)
def due(request: HttpRequest) -> HttpResponse:
    """A month with what falls due on each day."""
    now = timezone.now()
    today = business_date(now)
    month = _month(request.GET.get("month", ""), today)
    weeks = months.Calendar().monthdatescalendar(month.year, month.month)
    rows = falling_due(request.actor, first=weeks[0][0], last=weeks[-1][-1], now=now)
    by_day: dict[date, list[object]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    days = calendar.shown_days()
    context = {
        "month": month, "today": today, "total": len(rows),
        "before": month - timedelta(days=1), "after": month.replace(day=28) + timedelta(days=7),
        "weeks": [
            [{"day": day, "rows": by_day.get(day, []), "in_month": day.month == month.month,
              "rest": not days.is_working(day)} for day in week]
            for week in weeks
        ],
    }  # fmt: skip
    return render(request, "petitions/due.html", context)


def _month(text: str, today: date) -> date:
    """The first day of the month that was asked for, else of this month."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if 2000 <= asked.year <= 2100 else today.replace(day=1)


@require_GET
@role_required(*policy.READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """In time, satisfied, rated, and where petitions were settled, of a period."""
    now = timezone.now()
    today = business_date(now)
    start = {"first": today - timedelta(days=364), "last": today}
    form = PeriodForm(request.GET if request.GET else start)
    data = form.cleaned_data if form.is_valid() else start
    period = Period(first=data["first"], last=data["last"])
    found = found_figures.figures(request.actor, period, now=now)
    context = {"form": form, "figures": found, "fewest": found_figures.FEWEST}
    return render(request, "petitions/figures.html", context)
