"""What a new calendar year would do to the promises that wait for it; told before it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from liangdian.casework.models import Promise
from liangdian.casework.states import IN_HAND
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.foundation.workdays import due_of
from liangdian.registers.calendar import preview
from liangdian.registers.calendar.preview import Moves
from liangdian.registers.calendar.selectors import TableDays


def open_promises(year: int, days: TableDays) -> list[Moves]:
    """How many provisional promises of matters in hand that reach into ``year`` move with ``days``."""
    later = Promise.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"))
    waiting = Promise.objects.filter(
        ~Exists(later), provisional=True, case__state__in=IN_HAND, due_day__gte=date(year, 1, 1),
        start_at__lt=f"{year + 1}-01-01T00:00:00+08:00",
    )  # fmt: skip
    found: Counter[int] = Counter()
    rows = waiting.values_list("start_at", "amount", "unit", "due_day")
    for start, amount, unit, day in rows.iterator():
        new = due_of(Limit(amount=amount, unit=LimitUnit(unit)), start, days, HALL_ZONE).day
        found[(new > day) - (new < day)] += 1
    return [Moves(_("Open promises"), earlier=found[-1], later=found[1], same=found[0])]


def tell_the_calendar() -> None:
    """Register with the preview of the calendar."""
    preview.register(open_promises, name="casework")
