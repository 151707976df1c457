"""Forms of the desk's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.casework.states import Channel
from liangdian.desks.assistance.states import HelpState, OfferKind, Source
from liangdian.platform.ui.fields import Text, area

CHANNELS = [
    (value, label)
    for value, label in Channel.choices
    if value in {Channel.WINDOW, Channel.PHONE, Channel.VISIT}
]
_ALL = ("", pgettext_lazy("filter", "All"))


class FilterForm(forms.Form):
    """What the list shows."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ALL, *HelpState.choices])
    source = forms.ChoiceField(
        label=_("How the household came to the desk"), required=False, choices=[_ALL, *Source.choices]
    )
    mine = forms.BooleanField(label=_("Only those that I accompany"), required=False)


class _InUnit(forms.Form):
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = units


class RegisterForm(_InUnit):
    """A household in need."""

    source = forms.ChoiceField(label=_("How the household came to the desk"), choices=Source.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    resident_name = Text(label=_("Who speaks for the household"), required=False, needed=True, max_length=100)
    phone = Text(label=_("Phone"), required=False, max_length=40)
    address = Text(label=_("Address"), required=False, max_length=200)
    people = forms.IntegerField(label=_("People in the household"), min_value=1, max_value=30, initial=1)
    words = Text(label=_("What it is about, in its own words"), required=False, needed=True, widget=area(5))
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class OfferForm(_InUnit):
    """A place for the register."""

    kind = forms.ChoiceField(label=_("Kind of place"), choices=OfferKind.choices)
    title = Text(label=_("Which work or stall"), max_length=120, required=False, needed=True)
    giver = Text(label=_("Employer or market"), max_length=120, required=False, needed=True)
    contact = Text(label=_("Phone of the giver"), max_length=60, required=False)
    place = Text(label=_("Where it is"), max_length=200, required=False, needed=True)
    pay = forms.IntegerField(
        label=_("Yuan a month"), min_value=0, max_value=1_000_000,
        help_text=_("Of a trade place: what it usually brings."),
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=84)
    places = forms.IntegerField(label=_("How many places"), min_value=1, max_value=500, initial=1)
    requirements = Text(label=_("Requirements"), max_length=300, required=False)
