"""A worklist as a file: CSV or workbook, the same rows and order as on the screen."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from liangdian.casework import services
from liangdian.casework.lights import light_of
from liangdian.casework.policy import Case
from liangdian.casework.web.asked import filters_of, list_of
from liangdian.casework.web.forms import FilterForm
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from liangdian.foundation.workdays import Days
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.documents.exports import TYPES, WRITERS
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.people import selectors as people


@require_GET
@never_cache
@staff_required
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The rows of a list that exist for the person, narrowed as on the screen; logged before it is sent."""
    asked = FilterForm(request.GET)
    if asked.errors:
        raise Invalid(_("The filters could not be read. Go back, correct them, then export again."))
    filters = filters_of(asked)
    if people.is_whole_number(filters.text):
        raise Invalid(_("A phone or identity number must not stand in an address. Export without it."))
    chosen, now = list_of(request.GET), timezone.now()
    rows = services.export_list(actor=request.actor, worklist=chosen, filters=filters, form=form, at=now)
    days = calendar.shown_days()
    content = WRITERS[form](_titles(), (_cells(case, now=now, days=days) for case in rows))
    response = HttpResponse(content, content_type=TYPES[form])
    name = f"{chosen.value}-{now.astimezone(HALL_ZONE):%Y%m%d-%H%M}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _titles() -> list[str]:
    return [
        _("Number"), _("Matter"), _("Kind"), _("Came by"), _("State"), _("Registered"), _("Promised for"),
        _("Promise"), _("Urgent"), _("Green channel"), _("Resident"), _("Answers for it"), _("Lies with"),
        _("Handler"),
    ]  # fmt: skip


def _cells(case: Case, *, now: datetime, days: Days) -> list[object]:
    def yes(value: bool) -> str:
        return _("yes") if value else ""

    return [
        case.reference, case.shown_title, case.get_kind_display(), case.get_channel_display(), case.standing,
        _moment(case.registered_at), _moment(case.due_at), light_of(case, now=now, days=days).headline,
        yes(case.urgent), yes(case.rank == 0), case.resident.name if case.resident else "",
        case.first_handler.name, case.unit.label, case.handler.name if case.handler else "",
    ]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}" if at else ""
