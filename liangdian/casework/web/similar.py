"""The suspicion of a duplicate on the form of a new matter and beside a matter in hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liangdian.casework import policy, selectors, similar
from liangdian.casework.lights import light_of
from liangdian.casework.models import Case
from liangdian.casework.policy import Act
from liangdian.casework.similar import Matter
from liangdian.foundation.actor import Actor
from liangdian.foundation.text import clean
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people import selectors as people

_COMPARED = 2_000  # characters of what is typed


def suspects_of_typed(actor: Actor, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Matters like the one that is being typed, for the form of a new matter."""
    chosen, unit = _number(typed.get("resident")), _number(typed.get("unit"))
    residents = set(people.ids_by_phone(str(typed.get("phone", ""))[:40]))
    item = catalogue.item_by_words(clean(str(typed.get("item", "")))[:200]) if typed.get("item") else None
    matter = Matter(
        words=clean(str(typed.get("words", "")))[:_COMPARED], unit_id=unit or actor.unit_id,
        residents=residents | ({chosen} if chosen else set()), item_version_id=item.pk if item else None,
    )  # fmt: skip
    return _shown(similar.like(matter, actor=actor, now=timezone.now()))


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _shown(rows: list[Case]) -> dict[str, Any]:
    now, days = timezone.now(), calendar.shown_days()
    return {"suspects": [(row, light_of(row, now=now, days=days)) for row in rows]}


@require_POST
@never_cache
@staff_required
def typed(request: HttpRequest) -> HttpResponse:
    """The same for htmx, while the person types. Sent by POST: numbers never stand in an address."""
    found = suspects_of_typed(request.actor, request.POST) if policy.may_register(request.actor) else {}
    return render(request, "casework/suspects.html", found)


@require_GET
@staff_required
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Matters like this one: a part of its page, a page of its own without JavaScript."""
    case = selectors.case_for(actor=request.actor, reference=reference)
    rows: list[Case] = []
    if case.in_hand and not case.follows:
        matter = Matter(
            words=case.detail.words[:_COMPARED], place=case.detail.place, title=case.shown_title,
            unit_id=case.unit_id, residents={case.resident_id} if case.resident_id else (),
            item_version_id=case.item_version_id, leave_out=case.pk,
        )  # fmt: skip
        rows = similar.like(matter, actor=request.actor, now=timezone.now())
    context = _shown(rows) | {"case": case, "may_merge": policy.may(request.actor, Act.MERGE, case)}
    part = request.headers.get("HX-Request") is not None
    return render(request, "casework/suspects.html" if part else "casework/similar.html", context)
