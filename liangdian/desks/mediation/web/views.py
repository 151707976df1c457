"""Pages of mediation: the list and the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liangdian.casework import policy as casework
from liangdian.desks.mediation import selectors, services
from liangdian.desks.mediation.selectors import Wanted
from liangdian.desks.mediation.services import DisputeIntake
from liangdian.desks.mediation.states import Side
from liangdian.desks.mediation.web.forms import FilterForm, PartyFormSet, RegisterForm
from liangdian.desks.mediation.web.watching import require_reader
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation.directory import Directory

PAGE = 25
MOST_PARTIES = 50
unit_choices = Directory().choices


@require_GET
@staff_required
def disputes(request: HttpRequest) -> HttpResponse:
    """Disputes with their filters, one keyset page."""
    require_reader(request.actor)
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = Wanted(**{k: v for k, v in wanted.items() if v})
    found = selectors.list_of(
        request.actor, chosen, after=_after(request.GET.get("after", "")), limit=PAGE + 1
    )
    rows = found[:PAGE]
    query = {k: str(v) for k, v in request.GET.items() if k != "after" and v}
    pager = {}
    if len(found) > PAGE:
        key = f"{rows[-1].registered_at.isoformat()}~{rows[-1].pk}"
        pager["next_url"] = f"?{urlencode({**query, 'after': key})}"
    if request.GET.get("after"):
        pager["previous_url"] = f"?{urlencode(query)}"
    context = {
        "rows": rows, "form": form, "filtered": chosen != Wanted(), "pager": pager,
        "may_register": casework.may_register(request.actor),
    }  # fmt: skip
    return render(request, "mediation/list.html", context)


def _after(text: str) -> tuple[datetime, int] | None:
    """The key of the last row of the page before; None for anything else."""
    at, _tilde, key = text[:80].partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    known = moment is not None and moment.tzinfo is not None and key.isascii() and key.isdecimal()
    return (moment, int(key)) if known and moment is not None and len(key) < 19 else None


@require_http_methods(["GET", "POST"])
@staff_required
def register(request: HttpRequest) -> HttpResponse:
    """Register a dispute with all its parties; one more line is added without losing what was typed."""
    paths = request.actor.paths(*casework.roles_for(casework.Act.REGISTER, casework.Reach.UNIT))
    units = unit_choices(paths)
    if not units:
        raise NotFound(_("Your role does not register matters."))
    adding = "more" in request.POST
    start = {"unit": request.actor.unit_id, "submission_key": get_random_string(24)}
    form: Any = RegisterForm(request.POST or None, units=units, initial=start)
    lines: Any = PartyFormSet(request.POST or None, prefix="p", initial=_two_sides())
    if adding:
        form, lines = _one_more(request, units)
    elif request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            case = services.register_dispute(
                actor=request.actor, intake=_intake(request, form, lines), at=timezone.now()
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Registered. Now every party is asked whether it wants mediation."))
            return redirect("casework:case", reference=case.reference)
    status = 422 if request.method == "POST" and not adding else 200
    return render(request, "mediation/register.html", {"form": form, "lines": lines}, status=status)


def _two_sides() -> list[dict[str, str]]:
    return [{"side": Side.APPLICANT}, {"side": Side.RESPONDENT}]


def _one_more(request: HttpRequest, units: list[tuple[int, str]]) -> tuple[Any, Any]:
    """The same forms with one more empty line, told no errors yet."""
    typed: Any = PartyFormSet(request.POST, prefix="p")
    there: list[Any] = [
        {name: request.POST.get(f"p-{n}-{name}", "") for name in line.fields}
        for n, line in enumerate(typed.forms)
    ]
    more = [*there, {"side": Side.RESPONDENT}][:MOST_PARTIES]
    return (
        RegisterForm(initial=request.POST.dict(), units=units), PartyFormSet(prefix="p", initial=more)
    )  # fmt: skip


def _intake(request: HttpRequest, form: Any, lines: Any) -> DisputeIntake:
    data = form.cleaned_data
    parties = [party for line in lines if (party := line.as_party()) is not None]
    return DisputeIntake(
        unit_id=data["unit"], words=data["words"], category=data["category"], subtype=data["subtype"],
        source=data["source"], transferred_by=data["transferred_by"], channel=data["channel"],
        place=data["place"], parties=tuple(parties), language=get_language() or "zh-hans",
        first_handler_id=request.actor.user_id or 0, submission_key=data["submission_key"] or None,
    )  # fmt: skip
