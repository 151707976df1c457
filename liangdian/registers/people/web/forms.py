"""Forms of the residents' register: they read and clean what was typed; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.fields import Text, area
from liangdian.registers.people.models import Resident
from liangdian.registers.people.needs import Need
from liangdian.registers.people.services import LONGEST_ADDRESS, LONGEST_NAME

_SALT = "people.shown"
_NEVER_SHOWN = {"version": 0}


def shown_of(resident: Resident) -> dict[str, Any]:
    """What the form shows of a resident, numbers masked: for telling later what a colleague changed."""
    return {
        "version": resident.version, "name": resident.name, "address": resident.address,
        "phone": resident.phone_masked, "identity": resident.identity_masked, "needs": list(resident.needs),
    }  # fmt: skip


def sealed(shown: dict[str, Any]) -> str:
    """``shown`` signed, to travel through the form."""
    return signing.dumps(shown, salt=_SALT, compress=True)


class FindForm(forms.Form):
    """One box for names and whole numbers; sent by POST."""

    q = Text(
        label=_("Name, phone or identity number"), required=False, max_length=LONGEST_NAME,
        help_text=_("The beginning of the name is enough. Phone and identity number must be complete."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )  # fmt: skip


class ResidentForm(forms.Form):
    """What is known, numbers left empty: an empty number keeps what is stored."""

    name = Text(label=_("Name"), max_length=LONGEST_NAME)
    address = Text(label=_("Address"), required=False, max_length=LONGEST_ADDRESS)
    phone = Text(
        label=_("Phone"), required=False, max_length=40,
        help_text=_("Leave it empty to keep what is stored."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    identity = Text(
        label=_("Identity number"), required=False, max_length=40,
        help_text=_("Only where it is needed; stored encrypted. Leave it empty to keep what is stored."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("Special needs"), choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def was_shown(self) -> dict[str, Any]:
        """What stood in the form when it was opened; version 0, which never exists, when it was forged."""
        try:
            return signing.loads(self.cleaned_data["shown"], salt=_SALT)
        except signing.BadSignature:
            return dict(_NEVER_SHOWN)


class RevealForm(forms.Form):
    """Which hidden number, and why."""

    field = forms.ChoiceField(
        label=_("What do you need?"), choices=[("phone", _("Phone")), ("identity", _("Identity number"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = Text(
        label=_("Why do you need it?"), max_length=500, widget=area(2),
        error_messages={"required": _("Write why you need it; the reason is logged.")},
    )  # fmt: skip

    def __init__(self, *args: Any, resident: Resident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = {"phone": resident.phone_masked, "identity": resident.identity_masked}
        choices = [(key, label) for key, label in self.fields["field"].choices if stored[key]]  # type: ignore[attr-defined]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["field"].initial = choices[0][0]

    @property
    def has_choices(self) -> bool:
        """True when any number is stored."""
        return bool(self.fields["field"].choices)  # type: ignore[attr-defined]
