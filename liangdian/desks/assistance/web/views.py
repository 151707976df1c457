"""Pages of livelihood help: the list, a new household, the register of places."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.casework import policy as casework
from liangdian.desks.assistance import policy, selectors, services
from liangdian.desks.assistance.selectors import Wanted
from liangdian.desks.assistance.services import HelpIntake, NewOffer
from liangdian.desks.assistance.web.forms import FilterForm, OfferForm, RegisterForm
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation.directory import Directory

PAGE = 25
unit_choices = Directory().choices


def _require_open(request: HttpRequest) -> None:
    if not request.actor.holds(*policy.READERS, *policy.REGISTER_KEEPERS):
        raise NotFound(_("Your role does not open livelihood help."))


@require_GET
@staff_required
def helps(request: HttpRequest) -> HttpResponse:
    """Households with their filters, one keyset page."""
    _require_open(request)
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = Wanted(**{k: v for k, v in wanted.items() if v})
    after = _after(request.GET.get("after", ""))
    found = selectors.list_of(request.actor, chosen, after=after, limit=PAGE + 1)
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
    return render(request, "assistance/list.html", context)


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
    """A household in need, by application or found on a visit."""
    units = unit_choices(request.actor.paths(*casework.roles_for(casework.Act.REGISTER, casework.Reach.UNIT)))
    if not units:
        raise NotFound(_("Your role does not register matters."))
    start = {"unit": request.actor.unit_id, "submission_key": get_random_string(24)}
    form = RegisterForm(request.POST or None, units=units, initial=start)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        intake = HelpIntake(
            unit_id=data.pop("unit"), first_handler_id=request.actor.user_id or 0,
            language=get_language() or "zh-hans", submission_key=data.pop("submission_key") or None, **data,
        )  # fmt: skip
        try:
            case = services.register_help(actor=request.actor, intake=intake, at=timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Registered. Now the household is asked whether it wants help."))
            return redirect("casework:case", reference=case.reference)
    status = 422 if request.method == "POST" else 200
    return render(request, "assistance/register.html", {"form": form}, status=status)


@require_GET
@staff_required
def places(request: HttpRequest) -> HttpResponse:
    """The register of places: what is free, or everything."""
    _require_open(request)
    everything = request.GET.get("all") == "1"
    rows = [
        (row, selectors.keeps_register(request.actor, row.unit))
        for row in selectors.offers_for(request.actor, with_closed=everything)
    ]
    context = {
        "rows": rows, "everything": everything,
        "may_add": request.actor.holds(*policy.REGISTER_KEEPERS),
    }  # fmt: skip
    return render(request, "assistance/places.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def new_place(request: HttpRequest) -> HttpResponse:
    """A place that an employer or a market offers."""
    units = unit_choices(request.actor.paths(*policy.REGISTER_KEEPERS))
    if not units:
        raise NotFound(_("Your role does not open livelihood help."))
    form = OfferForm(request.POST or None, units=units, initial={"unit": request.actor.unit_id})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        offer = NewOffer(unit_id=data.pop("unit"), **data)
        try:
            services.add_offer(actor=request.actor, offer=offer, at=timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The place stands in the register."))
            return redirect("assistance:places")
    status = 422 if request.method == "POST" else 200
    return render(request, "assistance/new_place.html", {"form": form}, status=status)


@require_POST
@staff_required
def withdraw(request: HttpRequest, offer_id: int) -> HttpResponse:
    services.withdraw_offer(actor=request.actor, offer_id=offer_id, at=timezone.now())
    return redirect("assistance:places")
