"""The clerk's screen: call, register, finish, next, in one flow on one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.casework import services as casework
from liangdian.casework.states import Channel, Kind
from liangdian.desks.hall import policy, selectors, services
from liangdian.desks.hall.models import VisitItem
from liangdian.desks.hall.selectors import Desk
from liangdian.desks.hall.states import State, WindowState
from liangdian.desks.hall.wait_words import waited_words, why_words
from liangdian.desks.hall.web.forms import (
    AnswerForm,
    HandOverForm,
    LaterForm,
    NothingForm,
    PauseForm,
    RegisterForm,
    ToItemForm,
    ToWindowForm,
)
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.web.doors import role_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.people import selectors as people

serving = role_required(*policy.SERVING)
_LONGEST_ID = 18


@require_GET
@serving
def choose(request: HttpRequest) -> HttpResponse:
    """Which window the person sits down at; his own screen when he sits already."""
    now = timezone.now()
    if selectors.session_of(actor=request.actor, at=now) is not None:
        return redirect("hall:window")
    halls = [hall for hall in selectors.halls_for(request.actor) if policy.may_serve(request.actor, hall)]
    shown = [selectors.hall_now(hall=hall, at=now) for hall in halls[:5]]
    return render(request, "hall/choose.html", {"halls": shown})


@require_POST
@serving
def sign_on(request: HttpRequest, window_id: int) -> HttpResponse:
    """Sit down at a window."""
    services.sign_on(actor=request.actor, window_id=window_id, at=timezone.now())
    return redirect("hall:window")


@never_cache
@require_http_methods(["GET", "POST"])
@serving
def window(request: HttpRequest) -> HttpResponse:
    """The person's own window. Forms are sent here, so that a refusal keeps what was typed."""
    now = timezone.now()
    session = selectors.session_of(actor=request.actor, at=now)
    if session is None:
        return redirect("hall:choose")
    desk = selectors.desk(session=session, at=now)
    shown = _forms(desk, request.actor, now)
    status = 200
    if request.method == "POST":
        name = request.POST.get("do", "")
        if name not in _DONE or name not in shown:
            raise NotFound(_("There is no such act."))
        form = shown[name] = _form(name, desk, request.actor, now, request.POST)
        if form.is_valid():
            try:
                words = _DONE[name](request.actor, desk, form.cleaned_data, now)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, words)
                return redirect("hall:window")
        status = 422
    return render(request, "hall/window.html", _context(request, desk, shown, now), status=status)


def _context(request: HttpRequest, desk: Desk, shown: dict[str, forms.Form], now: datetime) -> dict[str, Any]:
    item = desk.present
    wrong = next((name for name, form in shown.items() if form.is_bound and form.errors), "")
    typed = request.POST if wrong == "register" else {}
    context: dict[str, Any] = {
        "desk": desk, "session": desk.session, "item": item, "wrong": wrong, "forms": shown,
        "press_key": f"next-{desk.session.pk}-{now.timestamp():.3f}",
        "why": why_words(desk.why, hall=desk.session.hall),
        "waited": waited_words(item.visit.joined_at, at=now) if item else "",
        "following": [(row, waited_words(row.turn_at, at=now)) for row in desk.following],
    }  # fmt: skip
    if "register" in shown:
        context |= {"items": catalogue.item_suggestions(""), **_residents(request.actor, typed)}
        if item is not None and item.item_version_id is not None:
            context["papers"] = catalogue.papers_of(item.item_version_id)
    elif "to_item" in shown:
        context["items"] = catalogue.item_suggestions("")
    return context


def _residents(actor: Actor, typed: Any) -> dict[str, Any]:
    """The known residents who fit what is typed; the list while typing comes from casework."""
    found = people.known_residents(
        actor=actor, name=str(typed.get("resident_name", ""))[:100], phone=str(typed.get("phone", ""))[:40],
        identity=str(typed.get("identity", ""))[:40],
    )  # fmt: skip
    chosen = str(typed.get("resident") or "")
    known = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < _LONGEST_ID else 0
    return {"residents": found, "chosen_resident": known}


def _forms(desk: Desk, actor: Actor, now: datetime) -> dict[str, forms.Form]:
    """The forms that are open now, by name."""
    return {name: _form(name, desk, actor, now) for name in _open(desk)}


def _open(desk: Desk) -> list[str]:
    item = desk.present
    if item is None:
        pause = [] if desk.session.state == WindowState.PAUSED else ["pause"]
        return [*pause, "hand_over"]
    if item.state != State.SERVING:
        return []
    moves = ["to_item", "to_window"]
    if item.case is None:
        return ["register", "nothing", *moves]
    if item.at_once and item.case.resolved_at is None:
        return ["answer", "later"]
    return []


def _form(name: str, desk: Desk, actor: Actor, now: datetime, data: Any = None) -> forms.Form:
    unit = desk.session.hall.unit
    item = desk.present
    if name == "register" and item is not None:
        return RegisterForm(
            data, fixed_item=item.item_version_id is not None, known=item.visit.resident_id is not None,
            initial={"kind": Kind.CONSULTATION},
        )  # fmt: skip
    if name == "to_window":
        windows = [(w.pk, f"{w.number} · {w.label}") for w in organisation.windows_of(unit)]
        return ToWindowForm(data, windows=windows)
    if name == "hand_over":
        staff = [(u.pk, u.name) for u in accounts.staff_within(unit.path, now) if u.pk != actor.user_id]
        return HandOverForm(data, people=staff)
    return _PLAIN[name](data)


_PLAIN: dict[str, type[forms.Form]] = {
    "answer": AnswerForm, "later": LaterForm, "nothing": NothingForm, "to_item": ToItemForm,
    "pause": PauseForm,
}  # fmt: skip


def _here(desk: Desk) -> VisitItem:
    if desk.present is None:
        raise NotFound(_("There is nobody at your window."))
    return desk.present


def _register(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    item = _here(desk)
    chosen = data.get("item")
    intake = casework.Intake(
        kind=Kind.SERVICE if item.item_version_id else data["kind"], channel=Channel.WINDOW,
        unit_id=desk.session.hall.unit_id, words=data["words"], first_handler_id=actor.user_id or 0,
        item_version_id=item.item_version_id or (chosen.pk if chosen else None),
        resident_id=item.visit.resident_id or data.get("resident"),
        resident_name=data.get("resident_name", ""), phone=data.get("phone", ""),
        identity=data.get("identity", ""), needs=tuple(data.get("needs", ())),
        documents_complete=data["documents_complete"], language=item.visit.language,
        submission_key=f"hall-item-{item.pk}",
    )  # fmt: skip
    services.register_matter(actor=actor, item_id=item.pk, intake=intake, at=now)
    return _("Registered. Print the receipt and give it to the resident.")


def _answer(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    item = _here(desk)
    services.answer_and_finish(actor=actor, item_id=item.pk, answer=data["answer"], at=now)
    return _finished(item)


def _later(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    item = _here(desk)
    services.finish(
        actor=actor, item_id=item.pk, at=now, not_done_reason=data["not_done_reason"],
        not_done_until=data["not_done_until"],
    )  # fmt: skip
    return _finished(item)


def _nothing(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    item = _here(desk)
    services.finish(actor=actor, item_id=item.pk, at=now, no_case_reason=data["no_case_reason"])
    return _finished(item)


def _finished(item: VisitItem) -> str:
    return _("%(ticket)s was served. Ask for the rating: on the tablet, or with the code on the slip.") % {
        "ticket": item.visit.ticket
    }


def _to_item(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    new = services.move_to_item(actor=actor, item_id=_here(desk).pk, item_version_id=data["item"].pk, at=now)
    if new.state == State.SERVING:
        return _("It is another item now. Go on here.")
    return _("Moved. The person waits for a window that serves it, with the same place.")


def _to_window(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    services.move_to_window(actor=actor, item_id=_here(desk).pk, window_id=data["window"], at=now)
    return _("Moved. The place in the queue stays.")


def _pause(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    services.pause(actor=actor, reason=data["reason"], text=data["text"], at=now)
    return _("Your window is paused. The board says why.")


def _hand_over(actor: Actor, desk: Desk, data: dict[str, Any], now: datetime) -> str:
    session = services.hand_over(actor=actor, to_user_id=data["to_user"], at=now)
    name = accounts.user_by_id(session.user_id).name
    return _("%(name)s sits at window %(number)s now.") % {
        "name": name, "number": desk.session.window.number
    }  # fmt: skip


_DONE: dict[str, Callable[[Actor, Desk, dict[str, Any], datetime], str]] = {
    "register": _register, "answer": _answer, "later": _later, "nothing": _nothing, "to_item": _to_item,
    "to_window": _to_window, "pause": _pause, "hand_over": _hand_over,
}  # fmt: skip


@require_POST
@serving
def call_next(request: HttpRequest) -> HttpResponse:
    """Call the next person; a second press of the same button calls nobody else."""
    call = services.call_next(
        actor=request.actor, at=timezone.now(), press_key=request.POST.get("press_key", "")[:64]
    )
    if call is None:
        messages.info(request, _("Nobody waits for your window."))
    return redirect("hall:window")


_SIMPLE: dict[str, Callable[..., Any]] = {
    "start": services.start, "recall": services.recall, "miss": services.miss, "hold": services.hold,
    "go-on": services.go_on, "park": services.park, "finish": services.finish, "leave": services.leave,
    "back": services.come_back, "call": services.call_this,
}  # fmt: skip


@require_POST
@serving
def act(request: HttpRequest, item_id: int, act: str) -> HttpResponse:
    """An act that needs nothing typed; back to where the button was."""
    service = _SIMPLE.get(act)
    if service is None:
        raise NotFound(_("There is no such act."))
    service(actor=request.actor, item_id=item_id, at=timezone.now())
    hall = request.POST.get("hall", "")
    if hall.isascii() and hall.isdigit() and len(hall) < _LONGEST_ID and act != "call":
        return redirect("hall:lead", hall_id=int(hall))
    return redirect("hall:window")


@require_POST
@serving
def resume(request: HttpRequest) -> HttpResponse:
    """The pause is over."""
    services.go_on_at_window(actor=request.actor, at=timezone.now())
    return redirect("hall:window")


@require_POST
@serving
def sign_off(request: HttpRequest) -> HttpResponse:
    """Leave the window for today."""
    services.sign_off(actor=request.actor, at=timezone.now())
    messages.success(request, _("You are signed off. Thank you for today."))
    return redirect("hall:choose")
