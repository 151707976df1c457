"""Asking who helps for a resident at the window or on the phone, and drawing the areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.directory import policy, selectors, services
from liangdian.registers.directory.asking import WhoForm
from liangdian.registers.directory.models import Area
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.selectors import Answer
from liangdian.registers.directory.services import Person
from liangdian.registers.directory.web.forms import AreaForm, LineForm, PersonForm, ReachForm
from liangdian.registers.directory.wording import NO_SUCH_LINE
from liangdian.registers.organisation import selectors as organisation


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required
def find(request: HttpRequest) -> HttpResponse:
    """Address and problem as a resident says them; who answers, and how he is reached today."""
    form = WhoForm(request.POST or None)
    answer: Answer | None = None
    if request.method == "POST" and form.is_valid():
        answer = form.answer(timezone.now())
    context = {"form": form, "answer": answer}
    return render(request, "directory/find.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required
def areas(request: HttpRequest) -> HttpResponse:
    """The areas of one community with their people, and what is open or doubled."""
    units = organisation.communities()
    asked = request.GET.get("unit", "") or str(request.actor.unit_id)
    unit = next((unit for unit in units if str(unit.pk) == asked), units[0] if units else None)
    context: dict[str, Any] = {"units": units, "unit": unit}
    if unit is not None:
        today = business_date(timezone.now())
        rows = selectors.areas_for(request.actor, unit)
        lines, people = selectors.lines_of(rows, today), selectors.people_of(rows, today)
        context |= {
            "rows": [(row, lines.get(row.pk, []), people.get(row.pk, [])) for row in rows],
            "report": selectors.report(unit, today), "may_draw": selectors.may_draw(request.actor, unit),
        }  # fmt: skip
    return render(request, "directory/areas.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def new_area(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = organisation.unit_by_id(unit_id)
    policy.require_draw(request.actor, unit.path)
    form = AreaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_area(
                actor=request.actor, unit=unit, name=form.cleaned_data["name"], names=form.names(),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The area was made. Now say which houses belong to it."))
            return redirect("directory:area", made.pk)
    context = {"form": form, "heading": _("New area"), "unit": unit}
    return render(request, "directory/form.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """One area: its houses and its people, with the forms to add."""
    return _area_page(request, selectors.area_for(request.actor, area_id))


def _area_page(
    request: HttpRequest,
    found: Area,
    line_form: forms.Form | None = None,
    person_form: forms.Form | None = None,
) -> HttpResponse:
    today = business_date(timezone.now())
    context = {
        "area": found, "today": today, "may_draw": policy.may_draw(request.actor, found.unit.path),
        "lines": selectors.lines_of([found], today).get(found.pk, []),
        "people": selectors.people_of([found], today).get(found.pk, []),
        "line_form": line_form or LineForm(initial={"since": today}),
        "person_form": person_form or PersonForm(path=_people_path(found), initial={"since": today}),
        "wrong": line_form or person_form,
    }  # fmt: skip
    return render(request, "directory/area.html", context, status=422 if line_form or person_form else 200)


def _people_path(found: Area) -> str:
    """Officials come from the unit above."""
    above = organisation.superior_of(found.unit)
    return above.path if above else found.unit.path


@require_POST
@staff_required
def add_line(request: HttpRequest, area_id: int) -> HttpResponse:
    found = selectors.area_for(request.actor, area_id)
    form = LineForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        line = Line(data["lane"], data["buildings"], data["entrance"])
        try:
            services.add_line(
                actor=request.actor, area_id=found.pk, line=line, since=data["since"], at=timezone.now()
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:area", found.pk)
    return _area_page(request, found, line_form=form)


@require_POST
@staff_required
def name_person(request: HttpRequest, area_id: int) -> HttpResponse:
    found = selectors.area_for(request.actor, area_id)
    form = PersonForm(request.POST, path=_people_path(found))
    if form.is_valid():
        data = dict(form.cleaned_data)
        since, user_id = data.pop("since"), data.pop("user")
        try:
            services.name_person(
                actor=request.actor, area_id=found.pk, person=Person(user_id=user_id, **data), since=since,
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:area", found.pk)
    return _area_page(request, found, person_form=form)


@require_POST
@staff_required
def end_line(request: HttpRequest, area_id: int, line_id: int) -> HttpResponse:
    now = timezone.now()
    services.end_line(actor=request.actor, line_id=line_id, on=business_date(now), at=now)
    return redirect("directory:area", area_id)


@require_POST
@staff_required
def end_person(request: HttpRequest, area_id: int, person_id: int) -> HttpResponse:
    now = timezone.now()
    services.end_person(actor=request.actor, person_id=person_id, on=business_date(now), at=now)
    return redirect("directory:area", area_id)


@require_http_methods(["GET", "POST"])
@staff_required
def reach(request: HttpRequest, area_id: int, person_id: int) -> HttpResponse:
    """Another phone or place."""
    found = selectors.area_for(request.actor, area_id)
    policy.require_draw(request.actor, found.unit.path)
    people = selectors.people_of([found], business_date(timezone.now())).get(found.pk, [])
    row = next((row for row in people if row.pk == person_id), None)
    if row is None:
        raise NotFound(NO_SUCH_LINE)
    form = ReachForm(request.POST or None, initial={"phone": row.phone, "place": row.place})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_reach(
                actor=request.actor, person_id=row.pk, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:area", found.pk)
    context = {"form": form, "heading": row.person, "unit": found.unit, "area": found}
    return render(request, "directory/form.html", context, status=422 if form.errors else 200)
