"""Forms of the desk's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.casework.states import Channel
from liangdian.desks.mediation.services import NewParty
from liangdian.desks.mediation.states import (
    SUBTYPES,
    Category,
    DisputeState,
    PartyKind,
    Side,
    Source,
    Subtype,
)
from liangdian.platform.ui.fields import Text, area

CHANNELS = [
    (value, label)
    for value, label in Channel.choices
    if value in {Channel.WINDOW, Channel.PHONE, Channel.VISIT, Channel.LETTER}
]


class FilterForm(forms.Form):
    """What the list shows."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("filter", "All")), *DisputeState.choices],
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", pgettext_lazy("filter", "All")), *Category.choices]
    )
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", pgettext_lazy("filter", "All")), *Source.choices]
    )
    mine = forms.BooleanField(label=_("Only those that I mediate"), required=False)


def _subtypes() -> list[Any]:
    return [
        ("", _("None of these")),
        *(
            (category.label, [(s.value, s.label) for s in subtypes])
            for category, subtypes in SUBTYPES.items()
        ),
    ]


class RegisterForm(forms.Form):
    """A new dispute; the parties stand in ``PartyForm``."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    source = forms.ChoiceField(label=_("How it came to the committee"), choices=Source.choices)
    transferred_by = Text(label=_("Transferred by"), required=False, max_length=100)
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    subtype = forms.ChoiceField(label=_("Sub-type"), required=False, choices=())
    words = Text(label=_("What it is about, in the words of who brought it"), required=False, needed=True,
                 widget=area(5))  # fmt: skip
    place = Text(label=_("Where it happened"), required=False, max_length=200)
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = units
        subtype: Any = self.fields["subtype"]
        subtype.choices = _subtypes()

    def clean_subtype(self) -> str:
        value = self.cleaned_data["subtype"]
        return value if value in Subtype.values else ""


class PartyForm(forms.Form):
    """One party with its representative."""

    side = forms.ChoiceField(label=_("Side"), choices=Side.choices)
    kind = forms.ChoiceField(label=_("Person or organisation"), choices=PartyKind.choices)
    name = Text(label=_("Name"), required=False, needed=True, max_length=100)
    phone = Text(label=_("Phone"), required=False, max_length=40)
    identity = Text(label=_("Identity number"), required=False, max_length=40)
    agent = Text(label=_("Representative"), required=False, max_length=100)
    agent_phone = Text(label=_("Phone of the representative"), required=False, max_length=40)
    agent_basis = Text(label=_("By what right"), required=False, max_length=200)

    def as_party(self) -> NewParty | None:
        """The party typed here; None for an empty line."""
        data = self.cleaned_data
        return NewParty(**data) if any(v for k, v in data.items() if k not in {"side", "kind"}) else None


PartyFormSet = forms.formset_factory(PartyForm, extra=0, max_num=50, absolute_max=50)
