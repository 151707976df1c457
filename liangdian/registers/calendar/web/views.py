"""Pages of the calendar: a year, its table for administrators, and the hours of service."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound, Refused, Stale
from liangdian.foundation.tokens import digest
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.calendar import hours, policy, preview, rules, selectors, services, table
from liangdian.registers.calendar.kinds import Kind, name_in_language
from liangdian.registers.calendar.models import WEEKDAYS
from liangdian.registers.calendar.rules import Departure, Difference
from liangdian.registers.calendar.web.forms import HoursForm, YearForm
from liangdian.registers.calendar.web.months import twelve_months, weekday_names
from liangdian.registers.calendar.web.occasions import occasions


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _known_year(year: int) -> int:
    if not rules.FIRST_YEAR <= year <= rules.LAST_YEAR:
        raise NotFound(_("The calendar does not reach that year."))
    return year


@dataclass(frozen=True, slots=True)
class Line:
    """One day that a new table changes: ``was`` is filled when the day gets another kind or name."""

    departure: Departure
    act: str
    was: Departure | None = None

    @property
    def name(self) -> str:
        return name_in_language(self.departure.name)

    @property
    def was_name(self) -> str:
        return name_in_language(self.was.name) if self.was else ""

    @property
    def is_holiday(self) -> bool:
        return self.departure.kind == Kind.HOLIDAY

    @property
    def was_holiday(self) -> bool:
        return self.was is not None and self.was.kind == Kind.HOLIDAY


@require_GET
@staff_required
def index(request: HttpRequest) -> HttpResponse:
    """The running year, or the one asked for with ``?year=``."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    return redirect("calendar:year", year or business_date(timezone.now()).year)


@require_GET
@staff_required
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """Twelve small months, the days that depart from Monday-to-Friday, and the hours of service."""
    _known_year(year)
    departures = selectors.departures(year)
    week = selectors.service_hours()
    return render(
        request,
        "calendar/year.html",
        {
            "year": year,
            "previous": year - 1 if year > rules.FIRST_YEAR else None,
            "next": year + 1 if year < rules.LAST_YEAR else None,
            "record": selectors.year_record(year),
            "months": twelve_months(year, departures, business_date(timezone.now())),
            "weekdays": weekday_names(),
            "occasions": occasions(departures),
            "hours": [(name, hours.as_text(week.get(day, []))) for day, name in WEEKDAYS] if week else [],
            "may_change": policy.may_change(_actor(request)),
            "loads": selectors.loads_of(year),
        },
    )


@require_http_methods(["GET", "POST"])
@staff_required
def load_page(request: HttpRequest, year: int) -> HttpResponse:
    """Paste or choose a table, see what it changes, then load it."""
    policy.require_change(_actor(request))
    _known_year(year)
    if request.method == "GET":
        return _load_form(request, year, _fresh(year))
    form = YearForm(request.POST, request.FILES)
    if not form.is_valid():
        return _load_form(request, year, form, status=422)
    try:
        return _preview_or_load(request, year, form)
    except Refused as refused:
        shown = _again(form, selectors.calendar_version(year)) if isinstance(refused, Stale) else form
        show_refusal(shown, refused)
        return _load_form(request, year, shown, status=refused.status)


def _fresh(year: int) -> YearForm:
    record = selectors.year_record(year)
    current = selectors.departures(year)
    return YearForm(
        initial={
            "source": record.source if record else "",
            "table": table.as_table(current) if current else "",
            "version": record.version if record else 0,
        }
    )


def _again(form: YearForm, version: int, seen: str = "") -> YearForm:
    """The same form with what was typed, a file turned into text, and what the person has now seen."""
    data = form.cleaned_data
    return YearForm(
        {"source": data["source"], "table": data["table"], "version": version, "seen": seen},
    )


def _preview_or_load(request: HttpRequest, year: int, form: YearForm) -> HttpResponse:
    data = form.cleaned_data
    rows = rules.check_table(year, data["rows"])
    change = rules.difference(selectors.departures(year), rows)
    seen = digest(table.as_table(rows))
    if request.POST.get("act") != "load" or data["seen"] != seen:
        shown = _again(form, data["version"], seen)
        moving = preview.moves(year, selectors.days_with(year, rows)) if change or not data["version"] else []
        published = bool(data["version"])
        return _load_form(request, year, shown, change=change, published=published, moving=moving)
    loaded = services.load_year(
        actor=_actor(request),
        year=year,
        rows=rows,
        source=data["source"],
        at=timezone.now(),
        expected_version=data["version"],
    )
    words = (
        _("The calendar of %(year)d is loaded.") if loaded.difference else _("Nothing in %(year)d changed.")
    )
    messages.success(request, words % {"year": year})
    return redirect("calendar:year", year)


def _load_form(
    request: HttpRequest,
    year: int,
    form: YearForm,
    *,
    change: Difference | None = None,
    published: bool = False,
    moving: list[preview.Moves] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "year": year,
        "form": form,
        "previewed": change is not None,
        "lines": _lines(change) if change else [],
        "moving": moving,
        "nothing": change is not None and not change and published,
    }
    return render(request, "calendar/load.html", context, status=status)


def _lines(change: Difference) -> list[Line]:
    lines = [
        *(Line(row, "added") for row in change.added),
        *(Line(row, "removed") for row in change.removed),
        *(Line(new, "changed", old) for old, new in change.changed),
    ]
    return sorted(lines, key=lambda line: line.departure.date)


@require_http_methods(["GET", "POST"])
@staff_required
def hours_page(request: HttpRequest) -> HttpResponse:
    """The centre's hours of service, several intervals a day."""
    policy.require_change(_actor(request))
    if request.method == "GET":
        form = HoursForm.showing(selectors.service_hours())
        return render(request, "calendar/hours.html", {"form": form})
    form = HoursForm(request.POST)
    if not form.is_valid():
        return render(request, "calendar/hours.html", {"form": form}, status=422)
    services.set_hours(actor=_actor(request), week=form.cleaned_data["week"], at=timezone.now())
    messages.success(request, _("The service hours are saved."))
    return redirect(reverse("calendar:index"))
