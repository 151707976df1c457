"""The figures page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from liangdian.casework.policy import Act, Reach, roles_for
from liangdian.casework.states import Channel, Grade, GreenReason, Kind, State
from liangdian.insight import selectors
from liangdian.insight.web.forms import PeriodForm
from liangdian.platform.accounts.web.doors import role_required
from liangdian.registers.organisation import selectors as organisation

READERS = roles_for(Act.SEE, Reach.UNIT)


@require_GET
@role_required(*READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """Counts, promises kept, times and ratings of a period, each with what it is computed from."""
    now = timezone.now()
    period = selectors.last_twelve_months(now)
    units = [(unit.path, unit.label) for unit in organisation.units_visible_to(request.actor)]
    start = {"first": period.first, "last": period.last, "unit": ""}
    form = PeriodForm(request.GET if request.GET else start, units=units)
    if form.is_valid():
        data = form.cleaned_data
        period = selectors.Period(first=data["first"], last=data["last"], unit_path=data["unit"])
    found = selectors.figures(actor=request.actor, period=period, now=now)
    context = {
        "form": form, "figures": found,
        "kinds": _bars(found.kinds, Kind), "channels": _bars(found.channels, Channel),
        "states": _bars(found.states, State), "grades": _bars(found.grades, Grade),
        "green": _bars(found.green, GreenReason),
        "pledges": [{"title": kind.label, "share": share} for kind, share in found.pledges.items()],
    }  # fmt: skip
    return render(request, "insight/figures.html", context)


def _bars(counts: dict[str, int], choices: type) -> list[dict[str, object]]:
    """Rows of a bar chart, longest first; the number stands beside each bar."""
    most = max(counts.values(), default=0) or 1
    return [{"label": choices(key).label, "n": n, "most": most} for key, n in counts.items()]
