"""The hall manager's screen: windows, waits, who waits longest, moving people, windows left alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liangdian.desks.hall import policy, selectors, services
from liangdian.desks.hall.wait_words import waited_words
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts.web.doors import role_required
from liangdian.registers.organisation import selectors as organisation

looking = role_required(*policy.LOOKING)
_LONGEST_ID = 18


@require_GET
@looking
def home(request: HttpRequest) -> HttpResponse:
    """The hall of the person's own unit, else a list, and units that could open one."""
    halls = selectors.halls_for(request.actor)
    own = [hall for hall in halls if hall.unit_id == request.actor.unit_id]
    if own:
        return redirect("hall:lead", hall_id=own[0].pk)
    have = {hall.unit_id for hall in halls}
    units = [
        unit
        for unit in organisation.units_visible_to(request.actor)
        if unit.pk not in have and policy.may_set_up(request.actor, unit.path)
    ]
    if len(halls) == 1 and not units:
        return redirect("hall:lead", hall_id=halls[0].pk)
    return render(request, "hall/halls.html", {"halls": halls, "units": units})


@never_cache
@require_GET
@looking
def lead(request: HttpRequest, hall_id: int) -> HttpResponse:
    """The hall now."""
    now = timezone.now()
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    found = selectors.hall_now(hall=hall, at=now)
    may_lead = policy.may_lead(request.actor, hall)
    context: dict[str, Any] = {
        "hall": hall, "now": found, "may_lead": may_lead,
        "may_serve": policy.may_serve(request.actor, hall),
        "may_set_up": policy.may_set_up(request.actor, hall.unit.path),
        "windows": [(each, _since(each, now)) for each in found.windows],
        "groups": [
            (each, waited_words(each.since, at=now) if each.since else "") for each in found.groups
        ],
        "waiting": [
            (item, waited_words(item.turn_at, at=now), now - item.turn_at >= hall.cap)
            for item in found.waiting
        ],
        "away": found.away,
    }  # fmt: skip
    return render(request, "hall/lead.html", context)


def _since(each: selectors.WindowNow, now: Any) -> str:
    if each.item is not None:
        return waited_words(each.item.changed_at, at=now)
    return waited_words(each.session.last_act_at, at=now) if each.session is not None else ""


@require_POST
@looking
def move(request: HttpRequest, hall_id: int, item_id: int) -> HttpResponse:
    """Move a waiting person to a window, or back to all that serve him."""
    hall = selectors.hall_for(actor=request.actor, hall_id=hall_id)
    typed = request.POST.get("window", "")
    known = {str(window.pk): window.pk for window in organisation.windows_of(hall.unit)}
    if typed and typed not in known:
        raise Invalid(_("Choose a window of this hall."), field="window")
    item = services.move_to_window(
        actor=request.actor, item_id=item_id, window_id=known.get(typed), at=timezone.now()
    )
    messages.success(request, _("%(ticket)s is moved; the place stays.") % {"ticket": item.visit.ticket})
    return redirect("hall:lead", hall_id=hall.pk)


@require_POST
@looking
def close(request: HttpRequest, hall_id: int, session_id: int) -> HttpResponse:
    """End the session of a window that was left."""
    session = services.close_window(actor=request.actor, session_id=session_id, at=timezone.now())
    messages.success(request, _("Window %(number)s is closed.") % {"number": session.window.number})
    return redirect("hall:lead", hall_id=hall_id)
