"""The question "who helps me?" as a form: asked on this room's page, on the site and at the kiosk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.clock import business_date
from liangdian.platform.ui.fields import Text
from liangdian.registers.directory import selectors
from liangdian.registers.directory.states import Problem
from liangdian.registers.organisation import selectors as organisation


class WhoForm(forms.Form):
    """Where and what; sent by POST, because an address does not belong into the address of a page."""

    unit = forms.TypedChoiceField(label=_("Community"), coerce=int, choices=())
    address = Text(
        label=_("Your address"), max_length=120,
        help_text=_("Lane and number of the house, such as East Gate Street 12."),
    )  # fmt: skip
    problem = forms.ChoiceField(
        label=_("What do you come with?"),
        choices=Problem.choices,
        initial=Problem.OTHER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        units = [(unit.pk, unit.label) for unit in organisation.communities()]
        super().__init__(*args, **{"initial": {"unit": units[0][0]} if units else {}, **kwargs})
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def answer(self, at: datetime) -> selectors.Answer:
        """Who helps, after ``is_valid``."""
        data = self.cleaned_data
        return selectors.who_helps(
            unit_id=data["unit"], address=data["address"], problem=data["problem"], at=at
        )


class LaneForm(forms.Form):
    """The same without a keyboard: the lanes of one community to press on."""

    address = forms.ChoiceField(label=_("Where do you live?"), choices=(), widget=forms.RadioSelect)
    problem = forms.ChoiceField(
        label=_("What do you come with?"),
        choices=Problem.choices,
        initial=Problem.OTHER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, unit_id: int, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit_id = unit_id
        lanes = selectors.lanes_of(unit_id, business_date(at))
        self.fields["address"].choices = [(lane, lane) for lane in lanes]  # type: ignore[attr-defined]

    def answer(self, at: datetime) -> selectors.Answer:
        """Who helps, after ``is_valid``."""
        data = self.cleaned_data
        return selectors.who_helps(
            unit_id=self.unit_id, address=data["address"], problem=data["problem"], at=at
        )
