"""The figures of a hall: totals, a table by what one chooses, when people come, and the export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from liangdian.desks.hall import figures, selectors
from liangdian.desks.hall.figures import By, Cell, Row, Share, Spread
from liangdian.desks.hall.states import State
from liangdian.desks.hall.web.lead import looking
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.documents.exports import TYPES, WRITERS
from liangdian.platform.ui.dates import day_words
from liangdian.registers.catalogue import selectors as catalogue

DAYS = 28
LONGEST_DAYS = 400
BY = {
    By.ITEM: gettext_lazy("Service item"), By.WINDOW: gettext_lazy("Window"),
    By.HOUR: gettext_lazy("Hour"), By.DAY: gettext_lazy("Day"),
    By.APPOINTMENT: gettext_lazy("With or without appointment"),
}  # fmt: skip
WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip


class FiguresForm(forms.Form):
    """Which days, and what the rows are."""

    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    by = forms.ChoiceField(label=gettext_lazy("By"), choices=[(by.value, words) for by, words in BY.items()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end lies before the beginning."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("last", _("Choose at most %(n)s days.") % {"n": LONGEST_DAYS})
        return data


def _asked(request: HttpRequest) -> tuple[FiguresForm, date, date, By]:
    last = business_date(timezone.now())
    first, by = last - timedelta(days=DAYS - 1), By.ITEM
    start = {"first": first, "last": last, "by": by.value}
    form = FiguresForm({**start, **request.GET.dict()} if request.GET else start)
    if form.is_valid():
        data = form.cleaned_data
        first, last, by = data["first"], data["last"], By(data["by"])
    return form, first, last, by


@require_GET
@looking
def page(request: HttpRequest, hall_id: int) -> HttpResponse:
    """The figures of the hall; four statements whatever the period."""
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    form, first, last, by = _asked(request)
    cells = figures.heat(hall, first=first, last=last)
    context = {
        "hall": hall, "form": form, "by": BY[by], "formats": list(WRITERS),
        "total": figures.total(hall, first=first, last=last),
        "rows": _labelled(figures.rows_by(hall, by, first=first, last=last), by),
        "hours": sorted({cell.hour for cell in cells}), "heat": _heat(cells),
        "query": f"first={first.isoformat()}&last={last.isoformat()}&by={by.value}",
    }  # fmt: skip
    return render(request, "hall/figures.html", context)


def _labelled(rows: list[Row], by: By) -> list[tuple[str, Row]]:
    if by is By.ITEM:
        names = catalogue.names_of(row.key for row in rows)
        return [(names.get(row.key, row.key) or _("Only wants to ask"), row) for row in rows]
    words: dict[By, Callable[[str], str]] = {
        By.WINDOW: lambda key: _("Window %(n)s") % {"n": key} if key else _("Not called"),
        By.HOUR: lambda key: f"{key}:00",
        By.DAY: lambda key: day_words(date.fromisoformat(key)),
        By.APPOINTMENT: lambda key: _("With appointment") if key == "true" else _("Without appointment"),
    }
    return [(words[by](row.key), row) for row in rows]


def _heat(cells: list[Cell]) -> list[tuple[object, list[tuple[Cell | None, int]]]]:
    """A line for each weekday with somebody in it; each cell with its shade from 0 to 4."""
    most = max((cell.visits for cell in cells), default=0) or 1
    hours = sorted({cell.hour for cell in cells})
    known = {(cell.weekday, cell.hour): cell for cell in cells}
    days = sorted({cell.weekday for cell in cells})
    return [
        (WEEKDAYS[day - 1], [(cell, _shade(cell, most)) for cell in (known.get((day, h)) for h in hours)])
        for day in days
    ]


def _shade(cell: Cell | None, most: int) -> int:
    return 0 if cell is None or not cell.visits else min(4, 1 + cell.visits * 4 // (most + 1))


@require_GET
@looking
def export(request: HttpRequest, hall_id: int, form: str) -> HttpResponse:
    """The table as CSV or workbook, with every denominator."""
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    if form not in WRITERS:
        raise NotFound(_("There is no such format."))
    asked, first, last, by = _asked(request)
    if asked.errors:
        raise Invalid(_("The filters could not be read. Go back, correct them, then export again."))
    table = _labelled(figures.rows_by(hall, by, first=first, last=last), by)
    table.append((_("All"), figures.total(hall, first=first, last=last)))
    content = WRITERS[form](_titles(by), [_cells(label, row) for label, row in table])
    response = HttpResponse(content, content_type=TYPES[form])
    name = f"hall-{first.isoformat()}-{last.isoformat()}-{by.value}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _titles(by: By) -> list[str]:
    spreads = (
        pgettext("number of minutes", "Waiting"), _("Way to the window"), _("Service"), _("Interruption"),
        _("Whole visit"),
    )  # fmt: skip
    shares = (
        _("Within the target"), _("Did not come at all"), _("Calls missed"), _("Moved"),
        _("Wait within the promised range"), _("Done at once"),
    )  # fmt: skip
    counts = (
        _("Items"),
        str(State.SERVED.label),
        str(State.LEFT.label),
        str(State.PARKED.label),
        str(State.CLOSED.label),
    )
    return [
        str(BY[by]), *counts,
        *(f"{name}, {word}" for name in spreads for word in (_("median (minutes)"), _("p90 (minutes)"))),
        *(f"{name}, {word}" for name in shares for word in (_("number"), _("of"))),
        _("Minutes outside the promised range, median"),
    ]  # fmt: skip


def _cells(label: str, row: Row) -> list[object]:
    spreads: list[Spread] = [row.waiting, row.way, row.service, row.held, row.whole]
    shares: list[Share] = [
        row.on_target, row.no_show, row.missed, row.moved, row.inside, row.at_once,
    ]  # fmt: skip
    values: list[object] = [label, row.items, row.served, row.left, row.parked, row.closed]
    for spread in spreads:
        values += [_or_nothing(spread.median), _or_nothing(spread.p90)]
    for share in shares:
        values += [share.numerator, share.denominator]
    return [*values, _or_nothing(row.off)]


def _or_nothing(value: float | None) -> object:
    return "" if value is None else value
