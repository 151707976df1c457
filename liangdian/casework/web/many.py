"""One act on many matters: everything of a colleague handed over, and what was chosen on a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from liangdian.casework import policy, services
from liangdian.casework.policy import Act, Reach
from liangdian.casework.services.bulk import AT_MOST
from liangdian.casework.services.handing import running_of
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotFound, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.accounts.web.doors import staff_required
from liangdian.platform.ui.fields import Text, area
from liangdian.platform.ui.forms import show_refusal
from liangdian.registers.organisation.directory import Directory

_WORKERS = (*policy.roles_for(Act.CONTACT, Reach.UNIT), *policy.roles_for(Act.CONTACT, Reach.OWN))


def may_hand_over(actor: Actor) -> bool:
    """Who works on matters hands his own over for a time; who is in charge, those of others."""
    return actor.holds(*_WORKERS)


def may_do_many(actor: Actor) -> bool:
    """Who hands on matters can do it with many at once."""
    return actor.holds(
        *policy.roles_for(Act.TRANSFER, Reach.UNIT), *policy.roles_for(Act.TRANSFER, Reach.OWN)
    )


class HandOverForm(forms.Form):
    """Whose matters go to whom, until when, and why."""

    from_user = forms.TypedChoiceField(label=_("Everything of"), coerce=int)
    to_user = forms.TypedChoiceField(label=_("Goes to"), coerce=int)
    until = forms.DateField(
        label=_("Until, as a stand-in"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Everything goes back after that day. Leave it empty when somebody leaves for good."),
    )  # fmt: skip
    reason = Text(label=_("Why"), widget=area(2), required=False, needed=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paths = actor.paths(*policy.roles_for(Act.HAND_OVER, Reach.UNIT))
        everybody = {u.pk: u.name for path in actor.paths() for u in accounts.staff_within(path)}
        charged = {u.pk: u.name for path in paths for u in accounts.staff_within(path)}
        own = {actor.user_id: actor.name}
        nobody = [("", _("Nobody chosen"))]
        self.fields["from_user"].choices = [*nobody, *(own | charged).items()]
        self.fields["to_user"].choices = [*nobody, *everybody.items()]


@require_http_methods(["GET", "POST"])
@staff_required
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand everything of one colleague over; the stand-ins that run now."""
    actor = request.actor
    if not may_hand_over(actor):
        raise NotFound(_("Your role has no matters to hand over."))
    form = HandOverForm(request.POST or None, actor=actor)
    handed = None
    if request.method == "POST" and form.is_valid():
        given = {f"{name}_id": form.cleaned_data[name] for name in ("from_user", "to_user")}
        rest = {name: form.cleaned_data[name] for name in ("until", "reason")}
        try:
            handed = services.hand_over(actor=actor, at=timezone.now(), **given, **rest)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            form = HandOverForm(actor=actor)
    context = {"form": form, "handed": handed, "running": list(running_of(actor))}
    return render(request, "casework/hand_over.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """End a stand-in now."""
    n = services.give_back(actor=request.actor, hand_over_id=number, at=timezone.now())
    messages.success(request, ngettext("%(n)d matter went back.", "%(n)d matters went back.", n) % {"n": n})
    return redirect("casework:hand-over")


class ManyForm(forms.Form):
    """What to do with the chosen matters."""

    act = forms.ChoiceField(
        label=_("What to do"), widget=forms.RadioSelect,
        choices=[("transfer", _("Hand to a colleague of the unit")), ("refer", _("Refer to a unit"))],
    )  # fmt: skip
    to_user = forms.TypedChoiceField(label=_("Colleague"), coerce=int, required=False, empty_value=None)
    to_unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, required=False, empty_value=None)
    reason = Text(label=_("Why"), widget=area(2), required=False, needed=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = {u.pk: u.name for path in actor.paths() for u in accounts.staff_within(path)}
        self.fields["to_user"].choices = [("", _("Nobody chosen")), *staff.items()]
        self.fields["to_unit"].choices = [("", _("None chosen")), *Directory().choices(("/",))]

    def clean(self) -> dict[str, Any]:
        """The one to whom they go is told for the act that was chosen."""
        data = super().clean() or {}
        if data.get("act") == "transfer" and not data.get("to_user"):
            self.add_error("to_user", _("Choose the colleague."))
        if data.get("act") == "refer" and not data.get("to_unit"):
            self.add_error("to_unit", _("Choose the unit."))
        return data


@require_http_methods(["GET", "POST"])
@staff_required
def chosen(request: HttpRequest) -> HttpResponse:
    """The matters chosen on a list: first the form, then what was done and what was not, with the reason."""
    if not may_do_many(request.actor):
        raise NotFound(_("Your role does not hand matters on."))
    numbers = [clean(number)[:40] for number in request.POST.getlist("case")[: AT_MOST + 1]]
    if not numbers:
        messages.warning(request, _("Choose at least one matter from the list."))
        return redirect("casework:list")
    form = ManyForm(request.POST if "act" in request.POST or "send" in request.POST else None,
                    actor=request.actor)  # fmt: skip
    handed = None
    if form.is_bound and form.is_valid():
        try:
            handed = _perform(request, form, numbers)
        except Refused as refused:
            show_refusal(form, refused)
    context = {"form": form, "numbers": numbers, "handed": handed}
    return render(request, "casework/chosen.html", context, status=422 if form.errors else 200)


def _perform(request: HttpRequest, form: ManyForm, numbers: list[str]) -> services.Handed:
    data, common = form.cleaned_data, {"actor": request.actor, "references": numbers, "at": timezone.now()}
    if data["act"] == "transfer":
        return services.transfer_many(to_user_id=data["to_user"], reason=data["reason"], **common)
    return services.refer_many(to_unit_id=data["to_unit"], reason=data["reason"], **common)
