"""Forms of the desk's acts on the page of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.casework.act_pages import ActForm
from liangdian.desks.assistance import choices
from liangdian.desks.assistance.states import NeedKind, ToldBy, WayOut
from liangdian.foundation.clock import business_date
from liangdian.platform.ui.fields import Text, area

_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _choice(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, choices=())


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _yuan(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=required, min_value=0, max_value=1_000_000
    )


def _fill(form: forms.Form, name: str, found: list[Any]) -> None:
    field: Any = form.fields[name]
    field.choices = found


class _YesNo(ActForm):
    """A yes or no as a boolean."""

    answer: str = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["given"] = data.get(self.answer) == "yes"
        return data


class ConsentForm(_YesNo):
    answer = "wants"
    wants = forms.ChoiceField(
        label=_("Does the household want help, and that its data are kept for it?"), choices=_YES_NO,
        widget=forms.RadioSelect,
    )  # fmt: skip
    how = forms.ChoiceField(label=_("How it answered"), choices=ToldBy.choices)
    words = Text(label=_("In its own words"), required=False, max_length=500, widget=area(2))


class NeedForm(ActForm):
    kind = forms.ChoiceField(label=_("What is needed"), choices=NeedKind.choices)
    words = Text(label=_("In its own words"), required=False, max_length=500, widget=area(2))
    income = _yuan(
        _("Income of the household in a month, in yuan"),
        _("Only handlers and helper read the number; others read a range. Empty: not told or told before."),
    )
    least_pay = _yuan(_("Least pay in a month, in yuan"))
    most_hours = forms.IntegerField(label=_("Most hours a week"), required=False, min_value=1, max_value=84)


class HelperForm(ActForm):
    helper = _choice(_("Helper"))

    def fit(self, case: Any) -> None:
        _fill(self, "helper", choices.helpers(case))


class TrainingForm(ActForm):
    title = Text(label=_("What is learnt"), max_length=200, required=False, needed=True)
    provider = Text(label=_("Who gives the training"), max_length=200, required=False, needed=True)
    starts = _day(_("First day"))
    ends = _day(_("Last day"))


class MetForm(ActForm):
    need = _choice(_("Need"))
    words = Text(label=_("How it was met"), max_length=500, required=False, needed=True, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "need", choices.open_needs(case.pk))


class PlaceForm(ActForm):
    offer = forms.TypedChoiceField(
        label=pgettext_lazy("livelihood", "Place"),
        coerce=int,
        empty_value=None,
        choices=(),
        widget=forms.RadioSelect,
    )
    starts = _day(_("First day there"))
    pay = _yuan(_("Pay in a month as agreed, in yuan"), required=True)

    def fit(self, case: Any) -> None:
        _fill(self, "offer", choices.matches(case))


class CheckForm(_YesNo):
    answer = "there"
    months = _choice(_("Check-up"))
    there = forms.ChoiceField(label=_("Still there?"), choices=_YES_NO, widget=forms.RadioSelect)
    income = _yuan(_("Income of the household in a month, in yuan"), _("Empty: not told."))
    words = Text(label=_("How are things there?"), required=False, max_length=500, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "months", choices.checks(case.pk, today=business_date(timezone.now())))


class LeftForm(ActForm):
    on = _day(_("No longer there since"))
    words = Text(label=_("Why"), max_length=500, required=False, needed=True, widget=area(2))


class EndForm(ActForm):
    way_out = forms.ChoiceField(label=_("Why the help ends"), choices=WayOut.choices)
    words = Text(
        label=_("The answer, as the resident will read it"), required=False, needed=True, widget=area(4)
    )
