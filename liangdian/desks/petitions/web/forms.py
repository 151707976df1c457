"""The forms of registration and of the list."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.casework.services.intake import TITLE_LIMIT, WORDS_LIMIT
from liangdian.desks.petitions.states import Instance, Label, Route, Sort, Step, Way
from liangdian.platform.ui.fields import Text, area


class RegisterForm(forms.Form):
    """What the petition officer writes down, from top to bottom."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    unit = forms.TypedChoiceField(label=_("Received by"), coerce=int)
    way = forms.ChoiceField(label=_("Came by"), choices=Way.choices, initial=Way.VISIT)
    sort = forms.ChoiceField(label=_("What it asks for"), choices=Sort.choices, initial=Sort.REQUEST)
    route = forms.ChoiceField(
        label=_("Route (Art. 31)"), choices=[("", _("None")), *Route.choices], required=False,
        initial=Route.OPINION, help_text=_("Only for a request for a decision."),
    )  # fmt: skip
    title = Text(label=_("Title"), max_length=TITLE_LIMIT, required=False)
    words = Text(
        label=_("The petition, as it was said or written"), widget=area(7), max_length=WORDS_LIMIT,
        error_messages={"required": _("Write down the petition: request, facts, reasons.")},
    )  # fmt: skip
    oral = forms.BooleanField(label=_("It was said, not written"), required=False)
    read_back = forms.BooleanField(
        label=_("Read back to the petitioner and confirmed (Art. 19)"), required=False
    )
    resident_name = Text(label=_("Petitioner's name"), required=False, max_length=100)
    phone = Text(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = Text(label=_("Address"), required=False, max_length=200)
    unclear = forms.BooleanField(
        label=_("Name or address is unclear: no notice is due (Art. 23)"), required=False
    )
    people = forms.IntegerField(label=_("Number of petitioners"), min_value=1, max_value=10_000, initial=1)
    representatives = Text(
        label=_("Representatives of a group"), widget=area(5), required=False,
        help_text=_("One a line, name and phone, at most five (Art. 20)."),
    )  # fmt: skip
    about_users = forms.TypedMultipleChoiceField(
        label=_("Complained about: colleagues"), coerce=int, required=False,
        help_text=_("Neither they nor their units see the petition (Art. 30)."),
    )  # fmt: skip
    about_units = forms.TypedMultipleChoiceField(
        label=_("Complained about: units"), coerce=int, required=False,
        help_text=_("Nobody in these units, or below them, sees the petition (Art. 30)."),
    )  # fmt: skip
    simplified = forms.BooleanField(
        label=_("Simplified handling: clear, daily life, urgent or advice"), required=False
    )
    major = forms.BooleanField(
        label=_("Urgent or major: reported to the head at once (Art. 25)"), required=False
    )

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], staff: list[tuple[int, str]],
        all_units: list[tuple[int, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0][0]
        self.fields["about_users"].choices = staff
        self.fields["about_units"].choices = all_units
        self.fields["submission_key"].initial = uuid.uuid4().hex

    def clean_representatives(self) -> tuple[tuple[str, str], ...]:
        """Pairs of name and phone; the last word of a line is the phone when it begins with a digit."""
        pairs = []
        for line in self.cleaned_data["representatives"].splitlines():
            words = line.replace("，", " ").replace(",", " ").split()
            if not words:
                continue
            phone = words.pop() if len(words) > 1 and words[-1][:1].isdigit() else ""
            pairs.append((" ".join(words)[:100], phone[:40]))
        return tuple(pairs)


class WhyForm(forms.Form):
    """Why somebody has to know who the petitioner is."""

    reason = Text(
        label=_("Why do you need it?"), max_length=400,
        error_messages={"required": _("Write why you need it; the reason is logged.")},
    )  # fmt: skip


def _any(label: Any, choices: list[tuple[str, Any]], all: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", all), *choices], required=False)


class ListForm(forms.Form):
    """The filters of the list."""

    step = _any(_("Step"), Step.choices, _("All steps"))
    sort = _any(_("What it asks for"), Sort.choices, pgettext_lazy("filter", "Everything"))
    way = _any(_("Came by"), Way.choices, _("All ways"))
    label = _any(_("Label"), Label.choices, _("All labels"))
    instance = _any(_("Instance"), Instance.choices, _("All instances"))


class PeriodForm(forms.Form):
    """The period of the figures."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end lies before the beginning."))
        return data
