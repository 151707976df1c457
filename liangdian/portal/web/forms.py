"""What a resident types on the site."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.casework.states import Grade, Kind
from liangdian.platform.ui.fields import Text, area

MATTERS = [
    (Kind.CONSULTATION.value, _("I have a question")),
    (Kind.HELP.value, _("I need help")),
    (Kind.COMPLAINT.value, _("I want to complain")),
    (Kind.REPORT.value, _("I want to report something")),
    (Kind.SUGGESTION.value, _("I have a suggestion")),
]


class ApplyForm(forms.Form):
    """Four questions; only the words and a way to answer are needed."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("What is it about?"), choices=MATTERS, widget=forms.RadioSelect)
    unit = forms.TypedChoiceField(label=_("Which community?"), coerce=int)
    words = Text(
        label=_("Tell us in your own words"), widget=area(6),
        error_messages={"required": _("Tell us what it is about; a sentence is enough.")},
    )  # fmt: skip
    place = Text(label=_("Where is it?"), required=False, max_length=200)
    name = Text(
        label=_("Your name"), error_messages={"required": _("Tell us your name, so that we can answer.")}
    )
    phone = Text(
        label=_("Your phone number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("We call this number only about this matter. It is stored encrypted."),
        error_messages={"required": _("Tell us your phone number, so that we can answer.")},
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        self.fields["submission_key"].initial = uuid.uuid4().hex


class RateForm(forms.Form):
    """Five grades, none chosen beforehand (rules §4: no hinting)."""

    grade = forms.ChoiceField(
        label=_("Are you satisfied with the answer?"), choices=Grade.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five grades.")},
    )  # fmt: skip
    comment = Text(label=_("Do you want to add something?"), widget=area(4), required=False)


class FollowForm(forms.Form):
    """To find one's own matter without the link: its number and the phone given with it."""

    reference = Text(label=_("Number on the receipt"), max_length=40)
    phone = Text(label=_("The phone number you gave"), widget=forms.TextInput(attrs={"inputmode": "tel"}))


class PhoneForm(forms.Form):
    """To be sent a code."""

    phone = Text(
        label=_("Your phone number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("The number that you gave with a matter. We send a code to it."),
    )


class CodeForm(forms.Form):
    """The code that was sent."""

    code = Text(
        label=_("Code from the message"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class ReceiptForm(forms.Form):
    """Number and code of one receipt."""

    reference = Text(label=_("Number on the receipt"), max_length=40)
    code = Text(label=_("Code on the receipt"), max_length=20)
