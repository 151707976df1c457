"""The auditor's page and its export. Reading the log is itself a row of the log."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liangdian.foundation.actor import Role
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.audit import selectors, services
from liangdian.platform.audit.web.forms import LogForm
from liangdian.platform.documents.exports import TYPES, WRITERS

PAGE = 50


def position(text: str) -> int | None:
    """The row number in an address, None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_safe
@never_cache
@role_required(Role.AUDITOR)
def log(request: HttpRequest) -> HttpResponse:
    """Who did or saw what, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    form = LogForm(request.GET)
    before = position(request.GET.get("before", ""))
    found = selectors.entries(actor, form.wanted(), before=before, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    services.record(actor, "log_read", reason=request.GET.urlencode(), at=timezone.now())
    query = urlencode({key: value for key, value in request.GET.items() if key != "before" and value})
    page = {
        "next_url": f"?{query}&before={rows[-1].id}" if more else "",
        "previous_url": (f"?{query}" if query else "?") if before is not None else "",
    }
    context = {"form": form, "rows": rows, "page": page, "query": query, "formats": list(WRITERS)}
    return render(request, "audit/log.html", context)


@require_safe
@never_cache
@role_required(Role.AUDITOR)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The rows that fit the filters as CSV or xlsx; the export is a row of the log before it is sent."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = LogForm(request.GET)
    wanted = asked.wanted()
    if asked.errors:
        raise Invalid(_("The filters could not be read. Go back, correct them, then export again."))
    rows = selectors.exported(actor, wanted)
    now = timezone.now()
    services.record(actor, "log_exported", reason=f"{form}, {len(rows)}: {request.GET.urlencode()}", at=now)
    titles = (
        _("Time"), _("Person"), _("Unit"), _("Act"), _("Succeeded"), _("Thing"), _("Number of the thing"),
        _("Reason or detail"),
    )  # fmt: skip
    yes, no = _("yes"), _("no")
    table = (
        (
            f"{row.at.astimezone(HALL_ZONE):%Y-%m-%d %H:%M:%S}", row.name, row.unit, row.act,
            yes if row.succeeded else no, row.subject, row.subject_id, row.reason,
        )
        for row in rows
    )  # fmt: skip
    response = HttpResponse(WRITERS[form](titles, table), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="access-log-{now:%Y%m%d-%H%M}.{form}"'
    return response
