"""What the auditor looks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts
from liangdian.platform.audit.selectors import Wanted
from liangdian.platform.ui.fields import Text

_IMPOSSIBLE = _("This day lies outside the years that the log can hold.")
_DAYS = (
    MinValueValidator(date(2000, 1, 1), _IMPOSSIBLE),
    MaxValueValidator(date(2199, 12, 31), _IMPOSSIBLE),
)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=_DAYS
    )


class LogForm(forms.Form):
    """The filters of the access log; an empty field means everything."""

    name = Text(label=_("Person"), max_length=100, required=False)
    act = forms.ChoiceField(label=_("Act"), required=False, choices=())
    subject_type = forms.ChoiceField(label=_("Thing"), required=False, choices=())
    subject_id = Text(label=_("Number of the thing"), max_length=60, required=False)
    first = _day(_("First day"))
    last = _day(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", _("All acts")), *acts.choices()]  # type: ignore[attr-defined]
        self.fields["subject_type"].choices = [("", _("All things")), *acts.subject_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        return data

    def wanted(self) -> Wanted:
        """What was asked for; fields that could not be read are left out."""
        self.is_valid()
        return Wanted(**{key: value for key, value in self.cleaned_data.items() if value})
