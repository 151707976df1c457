"""Forms for drawing areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.ui.fields import Text
from liangdian.registers.directory.states import Part, Problem


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # type: ignore[arg-type]


class AreaForm(forms.Form):
    name = Text(label=_("Name"), max_length=120, needed=True)
    name_hant = Text(label=_("Name in Traditional Chinese"), max_length=120, required=False)
    name_en = Text(label=_("Name in English"), max_length=120, required=False)

    def names(self) -> dict[str, str]:
        """The two translations, those that were typed."""
        typed = {"zh-hant": self.cleaned_data["name_hant"], "en": self.cleaned_data["name_en"]}
        return {language: name for language, name in typed.items() if name}


class LineForm(forms.Form):
    lane = Text(label=_("Lane"), max_length=80, needed=True)
    buildings = Text(
        label=_("Buildings"), max_length=9, required=False,
        help_text=_("One number or two with a hyphen, such as 1-19; empty: the whole lane."),
    )  # fmt: skip
    entrance = Text(label=_("Entrance"), max_length=3, required=False)
    since = _day(_("From"))


class PersonForm(forms.Form):
    part = forms.ChoiceField(label=_("Part"), choices=Part.choices)
    user = forms.TypedChoiceField(
        label=_("Colleague"), coerce=int, empty_value=None, required=False, choices=()
    )
    name = Text(
        label=_("Or the name"), max_length=100, required=False,
        help_text=_("Of somebody without account, such as the police officer."),
    )  # fmt: skip
    problems = forms.MultipleChoiceField(
        label=_("Only for"), choices=Problem.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: for everything."),
    )  # fmt: skip
    phone = Text(label=_("Office phone"), max_length=40, needed=True, help_text=_("Residents are shown it."))
    place = Text(label=_("Where to find"), max_length=200, required=False)
    since = _day(_("From"))

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(user.pk, user.name) for user in accounts.staff_within(path)]
        self.fields["user"].choices = [("", pgettext_lazy("choice", "nobody")), *people]  # type: ignore[attr-defined]


class ReachForm(forms.Form):
    phone = Text(label=_("Office phone"), max_length=40, needed=True)
    place = Text(label=_("Where to find"), max_length=200, required=False)
