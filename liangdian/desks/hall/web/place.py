"""My place: what a person sees on his own phone with the secret of his slip, and nothing of others."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.hall import selectors, services
from liangdian.desks.hall.selectors import Place
from liangdian.desks.hall.slips import content
from liangdian.desks.hall.states import CAN_RETURN, State
from liangdian.desks.hall.web.forms import RateForm
from liangdian.foundation.actor import resident
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.ui.forms import show_refusal


@never_cache
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, token: str) -> HttpResponse:
    """The person's own place, and after he was served the rating of the visit."""
    now = timezone.now()
    found = selectors.place_by_token(token=token, at=now)
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.rate_by_place(
                token=token, grade=form.cleaned_data["grade"], comment=form.cleaned_data["comment"], at=now
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect("place:place", token=token)
    status = 422 if request.method == "POST" else 200
    return render(request, "hall/place.html", _context(found, token) | {"form": form}, status=status)


def _context(found: Place, token: str) -> dict[str, Any]:
    item = found.item
    served = any(each.state == State.SERVED for each in found.items)
    return {
        "place": found, "item": item, "visit": found.visit, "token": token,
        "ahead": content.ahead_words(found.estimate.ahead if found.estimate else None),
        "range": content.range_words(found.estimate.low, found.estimate.high) if found.estimate else "",
        "promised": content.range_words(item.promised_low, item.promised_high),
        "may_leave": item.state in {State.WAITING, State.CALLED},
        "may_return": item.state in CAN_RETURN, "may_rate": served and found.rating is None,
        "over": found.visit.ended_at is not None,
    }  # fmt: skip


@require_GET
def state(request: HttpRequest, token: str) -> HttpResponse:
    """The part that the page asks for again and again; nothing is sent when nothing changed."""
    found = selectors.place_by_token(token=token, at=timezone.now())
    context = _context(found, token)
    response = render(request, "hall/place_state.html", context)
    # Not of the page itself: the form's own secret in it is another one each time.
    shown = (get_language(), found.item.pk, found.item.state, context["ahead"], context["range"])
    etag = f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if answer is not None else response


@require_POST
def act(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """ "I have to leave" and "I am back"."""
    now = timezone.now()
    found = selectors.place_by_token(token=token, at=now)
    if act == "leave":
        services.leave(actor=resident(), item_id=found.item.pk, at=now, by_place=True)
    elif act == "back":
        services.come_back(actor=resident(), item_id=found.item.pk, at=now, by_place=True)
    else:
        raise NotFound(_("There is no such act."))
    return redirect("place:place", token=token)
