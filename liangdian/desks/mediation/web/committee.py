"""The committee of a unit: written down, elected for a term, its members changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liangdian.desks.mediation import policy, selectors, services
from liangdian.desks.mediation.rules import Seat
from liangdian.desks.mediation.services import About
from liangdian.desks.mediation.web.watching import require_reader
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.fields import Text
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation.directory import Directory

LIST = "mediation:committee"


class AboutForm(forms.Form):
    """What stands on the papers, and who is called in danger."""

    unit = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int)
    name = Text(label=gettext_lazy("Name of the committee"), required=False, needed=True, max_length=100)
    police_name = Text(
        label=gettext_lazy("Police contact"), required=False, needed=True, max_length=100,
        help_text=gettext_lazy("Who is told at once of a danger (Art. 25)."),
    )  # fmt: skip
    police_phone = Text(
        label=gettext_lazy("Phone of the police contact"), required=False, needed=True, max_length=30
    )
    court = Text(
        label=gettext_lazy("Court of the place"), required=False, needed=True, max_length=100,
        help_text=gettext_lazy("It confirms agreements (Art. 33)."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = units

    def as_about(self) -> About:
        data = self.cleaned_data
        return About(data["name"], data["police_name"], data["police_phone"], data["court"])


class TermForm(forms.Form):
    """Who is elected."""

    starts = forms.DateField(
        label=gettext_lazy("First day of the term"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("It lasts three years (Art. 9)."),
    )
    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Members"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Three to nine (Art. 8)."),
    )  # fmt: skip
    women = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Women among them"), coerce=int, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    head = forms.TypedChoiceField(label=gettext_lazy("Head"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "women", "head"):
            field: Any = self.fields[name]
            field.choices = people

    def seats(self) -> list[Seat]:
        data = self.cleaned_data
        women, head = set(data["women"]), data["head"]
        return [Seat(user_id, user_id in women, user_id == head) for user_id in data["members"]]


class JoinForm(forms.Form):
    """One more member."""

    user = forms.TypedChoiceField(label=gettext_lazy("Who joins"), coerce=int)
    woman = forms.BooleanField(label=gettext_lazy("A woman"), required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.choices = people


@require_GET
@staff_required
def committees(request: HttpRequest) -> HttpResponse:
    """The committees that one may read, with their terms."""
    require_reader(request.actor)
    rows = [
        (c, policy.may_set_up(request.actor, path=c.unit.path))
        for c in selectors.committees_of(request.actor)
    ]
    context = {
        "rows": rows, "today": business_date(timezone.now()),
        "may_add": request.actor.holds(*policy.IN_CHARGE),
    }  # fmt: skip
    return render(request, "mediation/committee.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def edit(request: HttpRequest) -> HttpResponse:
    """Write down the committee of a unit, or correct it (``?committee=``)."""
    units = Directory().choices(request.actor.paths(*policy.IN_CHARGE))
    if not units:
        raise NotFound(_("Only the secretary or the coordinator writes down the committee. Ask there."))
    known = request.GET.get("committee", "")
    start: dict[str, Any] = {"unit": request.actor.unit_id}
    if known.isascii() and known.isdecimal():
        row = selectors.committee_for(request.actor, int(known[:18]))
        start = {"unit": row.unit_id, "name": row.name, "police_name": row.police_name,
                 "police_phone": row.police_phone, "court": row.court}  # fmt: skip
    form = AboutForm(request.POST or None, units=units, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_committee(
                actor=request.actor, unit_id=form.cleaned_data["unit"], about=form.as_about(),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The committee is written down."))
            return redirect(LIST)
    context = {"form": form, "title": _("Write down the committee"), "lede": ""}
    return render(request, "mediation/committee_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def elect(request: HttpRequest, committee_id: int) -> HttpResponse:
    """A new term with its members."""
    committee = selectors.committee_for(request.actor, committee_id)
    policy.require_set_up(request.actor, path=committee.unit.path)
    form = TermForm(request.POST or None, people=_people(committee))
    if request.method == "POST" and form.is_valid():
        try:
            services.elect(
                actor=request.actor, committee_id=committee.pk, starts=form.cleaned_data["starts"],
                seats=form.seats(), at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The new term is written down."))
            return redirect(LIST)
    lede = _("Three to nine members, women among them, one head, for three years (Art. 8 and 9).")
    context = {"form": form, "title": _("A new term"), "lede": lede}
    return render(request, "mediation/committee_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_required
def join(request: HttpRequest, committee_id: int) -> HttpResponse:
    """One more member joins the running term."""
    committee = selectors.committee_for(request.actor, committee_id)
    policy.require_set_up(request.actor, path=committee.unit.path)
    term = selectors.running_term(committee, today=business_date(timezone.now()))
    seated = {m.user_id for m in term.seats.all() if m.left is None}
    people = [choice for choice in _people(committee) if choice[0] not in seated]
    form = JoinForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.join(
                actor=request.actor, term_id=term.pk, user_id=data["user"], woman=data["woman"],
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The member is written down."))
            return redirect(LIST)
    context = {"form": form, "title": _("One more member"), "lede": committee.name}
    return render(request, "mediation/committee_form.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def leave(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member leaves before the end of the term."""
    services.leave(actor=request.actor, member_id=member_id, at=timezone.now())
    messages.success(request, _("The member left the committee."))
    return redirect(LIST)


def _people(committee: selectors.Committee) -> list[tuple[int, str]]:
    return [(user.pk, user.name) for user in selectors.can_sit(committee)]
