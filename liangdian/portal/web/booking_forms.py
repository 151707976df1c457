"""What a resident types to make, find or change an appointment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.bookings.days import Time
from liangdian.bookings.hall_time import as_time, time_in
from liangdian.platform.ui.dates import clock_words
from liangdian.platform.ui.fields import Text, area


class ChooseTimeForm(forms.Form):
    """One of the free times of a day."""

    start = forms.TypedChoiceField(
        label=_("Time"), coerce=time_in, widget=forms.RadioSelect, choices=(),
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time is not free any more. Choose another one."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, times: Iterable[Time], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [(as_time(t.starts_at), clock_words(t.starts_at)) for t in times]


class LengthForm(forms.Form):
    """How long it takes: items × people."""

    items = forms.IntegerField(label=_("How many items"), min_value=1, max_value=20, required=False)
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=20, required=False)


class WhoForm(forms.Form):
    """For whom the time is kept."""

    name = Text(label=_("Your name"), max_length=100)
    phone = Text(
        label=_("Your phone number"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("We send your code and a reminder to it. It is stored encrypted."),
    )  # fmt: skip
    subject = Text(
        label=_("What is it about?"), max_length=200, required=False,
        help_text=_("A few words, so that we are prepared."), widget=area(2),
    )  # fmt: skip


class WaitingForm(forms.Form):
    """To be told when a time becomes free."""

    name = Text(label=_("Your name"), max_length=100)
    phone = Text(
        label=_("Your phone number"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, ahead: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].initial = today
        self.fields["last_day"].initial = today + timedelta(days=ahead)


class MineForm(forms.Form):
    """The code of an appointment."""

    code = Text(label=_("Code of the appointment"), max_length=20)
