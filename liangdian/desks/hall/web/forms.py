"""Forms of the hall: they read and clean what was typed; the services decide."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.casework.states import Kind
from liangdian.desks.hall.states import Grade, PauseReason, Reason
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.people.selectors import NEED_CHOICES

_LARGEST = 2**62


class ItemWords(Text):
    """A published item, typed by name or code and completed from a list."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"list": "items", "autocomplete": "off"}))
        super().__init__(**options)

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


def _press() -> str:
    return uuid.uuid4().hex


class NumberForm(forms.Form):
    """A number at the reception desk: for what, and whether the person goes before others."""

    press_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    item = ItemWords(
        label=_("Service item"), required=False,
        help_text=_("Type a few characters, then choose from the list."),
    )  # fmt: skip
    second = ItemWords(label=_("And also"), required=False)
    group = forms.TypedChoiceField(
        label=_("Or only this queue"), coerce=int, required=False, empty_value=None
    )
    reason = forms.ChoiceField(
        label=_("Goes before others because"), required=False, widget=forms.RadioSelect,
        choices=[("", _("No reason: in turn")), *Reason.choices],
    )  # fmt: skip
    reason_text = Text(
        label=_("In words"), required=False, max_length=200,
        help_text=_("Needed for the green channel; it is recorded."),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("As the item says")), *groups]
        self.fields["press_key"].initial = _press()


class RegisterForm(forms.Form):
    """The intake of the main job at the window; what the slip says is filled in already."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.SERVICE)
    item = ItemWords(
        label=_("Service item"), required=False,
        help_text=_("Type a few characters, then choose from the list."),
    )  # fmt: skip
    resident_name = Text(label=_("Resident's name"), required=False)
    phone = Text(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    identity = Text(
        label=_("Identity number"), required=False,
        help_text=_("Only where the item needs it. It is stored encrypted."),
    )  # fmt: skip
    resident = forms.IntegerField(label=_("Known resident"), required=False, min_value=1, max_value=_LARGEST)
    words = Text(
        label=_("What the resident says"), widget=area(3),
        error_messages={"required": _("Write down what the resident said.")},
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("Special needs"), choices=NEED_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    documents_complete = forms.BooleanField(
        label=_("All papers of the published list are here"), required=False, initial=True,
        help_text=_("The matter is accepted at once."),
    )  # fmt: skip

    def __init__(self, *args: Any, fixed_item: bool, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known_already in (
            ("kind", fixed_item), ("item", fixed_item), ("resident_name", known), ("phone", known),
            ("identity", known), ("resident", known), ("needs", known),
        ):  # fmt: skip
            if known_already:
                del self.fields[name]


class AnswerForm(forms.Form):
    """The answer of an at-once item, as the resident reads it."""

    answer = Text(
        label=_("The answer, as the resident will read it"), widget=area(2),
        error_messages={"required": _("Write the answer that the resident will read.")},
    )  # fmt: skip


class LaterForm(forms.Form):
    """Why an at-once item cannot be finished in this visit, and by when it will be."""

    not_done_reason = Text(
        label=_("Why it cannot be finished now"), widget=area(2), required=False, needed=True, max_length=500
    )
    not_done_until = forms.DateField(
        label=_("Promised to the resident by"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class NothingForm(forms.Form):
    """Why there is nothing to register."""

    no_case_reason = Text(
        label=_("Why there is nothing to register"), required=False, needed=True, max_length=200
    )


class ToItemForm(forms.Form):
    """Another item than the slip says."""

    item = ItemWords(label=_("Service item"), required=True)


class ToWindowForm(forms.Form):
    """Another window; the place stays."""

    window = forms.TypedChoiceField(label=_("Window"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, windows: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [("", _("Every window that serves it")), *windows]


class PauseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=PauseReason.choices, widget=forms.RadioSelect, initial=PauseReason.BREAK
    )
    text = Text(label=_("In words"), required=False, max_length=200)


class HandOverForm(forms.Form):
    to_user = forms.TypedChoiceField(label=_("To whom"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].choices = [("", _("The stand-in named for today")), *people]


class ClassForm(forms.Form):
    """Before others, or in turn again."""

    reason = forms.ChoiceField(
        label=_("Goes before others because"), required=False, widget=forms.RadioSelect,
        choices=[("", _("No reason: in turn")), *Reason.choices],
    )  # fmt: skip
    text = Text(label=_("In words"), required=False, max_length=200)


class RateForm(forms.Form):
    grade = forms.ChoiceField(
        label=_("Are you satisfied with this visit?"), choices=Grade.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five grades.")},
    )  # fmt: skip
    comment = Text(
        label=_("What would you like to tell us?"), required=False, widget=area(3), max_length=2000
    )


class SetUpForm(forms.Form):
    """How the queue is kept; the service knows the limits."""

    ratio = forms.IntegerField(label=_("People put before others in a row, at most"))
    cap_minutes = forms.IntegerField(label=_("Nobody waits longer without his turn (minutes)"))
    target_minutes = forms.IntegerField(label=_("Waiting time that we aim at (minutes)"))
    grace_minutes = forms.IntegerField(label=_("An appointment is kept when late by (minutes)"))
    return_minutes = forms.IntegerField(label=_("Who missed the call may come back within (minutes)"))
    return_behind = forms.IntegerField(label=_("Who comes back stands behind (people)"))
    unattended_minutes = forms.IntegerField(label=_("A window counts as unattended after (minutes)"))
    quick_items = Text(label=_("Codes of quick items, separated by spaces"), required=False, max_length=1000)


class GroupForm(forms.Form):
    """A queue with its letter."""

    letter = Text(label=_("Letter"), max_length=2)
    name = Text(label=_("Name"), max_length=100)
    name_hant = Text(label=_("Name in Traditional Chinese"), required=False, max_length=100)
    name_en = Text(label=_("Name in English"), required=False, max_length=100)
    categories = forms.MultipleChoiceField(
        label=_("Categories"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: everything that no other queue takes."),
    )  # fmt: skip
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=1000, initial=0)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = categories
