"""Forms of casework: they read and clean what was typed; the services decide."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.casework.services.intake import WORDS_LIMIT
from liangdian.casework.states import GENERAL_CHOICES, Channel, Kind, State
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people.selectors import NEED_CHOICES

STAFF_CHANNELS = [(c.value, c.label) for c in (Channel.WINDOW, Channel.PHONE, Channel.VISIT, Channel.LETTER)]


class ItemField(Text):
    """A published item, typed by name or code and completed from a list."""

    widget = forms.TextInput(attrs={"list": "items", "autocomplete": "off"})

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = catalogue.item_by_words(text)
        if found is None:
            raise forms.ValidationError(
                _("No item is called “%(text)s”. Type a few characters and choose from the list."),
                params={"text": text[:60]},
            )
        return found


class IntakeForm(forms.Form):
    """The window's form: one minute, keyboard alone, from top to bottom."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("Kind"), choices=GENERAL_CHOICES, initial=Kind.SERVICE)
    channel = forms.ChoiceField(label=_("Came by"), choices=STAFF_CHANNELS, initial=Channel.WINDOW)
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    item = ItemField(
        label=_("Service item"),
        required=False,
        help_text=_("Type a few characters, then choose from the list."),
    )
    resident_name = Text(label=_("Resident's name"), required=False)
    phone = Text(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    identity = Text(
        label=_("Identity number"), required=False,
        help_text=_("Only where the item needs it. It is stored encrypted."),
    )  # fmt: skip
    address = Text(label=_("Address"), required=False)
    # Chosen among the known residents who fit what is typed.
    resident = forms.IntegerField(label=_("Known resident"), required=False, min_value=1, max_value=2**62)
    words = Text(
        label=_("What the resident says"), widget=area(4),
        error_messages={"required": _("Write down what the resident said.")},
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("Special needs"), choices=NEED_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    documents_complete = forms.BooleanField(
        label=_("All papers of the published list are here"), required=False,
        help_text=_("The matter is accepted at once."),
    )  # fmt: skip
    urgent = forms.BooleanField(label=_("Urgent: danger or great hardship"), required=False)
    about = forms.TypedChoiceField(
        label=_("Complaint about a colleague"), coerce=int, required=False, empty_value=None,
        help_text=_("The colleague will neither see nor handle it."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], staff: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0][0]
        self.fields["about"].choices = [("", _("Nobody")), *staff]
        self.fields["submission_key"].initial = uuid.uuid4().hex

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if len(words) > WORDS_LIMIT:
            raise forms.ValidationError(
                _("The text has %(n)s characters; %(limit)s fit. Shorten it."),
                params={"n": len(words), "limit": WORDS_LIMIT},
            )
        return words


class ShowPhoneForm(forms.Form):
    """Why the phone is needed."""

    reason = Text(
        label=_("Why do you need it?"), max_length=400,
        error_messages={"required": _("Write why you need it; the reason is logged.")},
    )  # fmt: skip


class FilterForm(forms.Form):
    """The filters of a worklist."""

    q = Text(label=_("Number, name or words"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False)
    channel = forms.ChoiceField(
        label=_("Came by"), choices=[("", _("All channels")), *Channel.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All states")), *State.choices], required=False
    )
