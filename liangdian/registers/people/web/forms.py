"""Forms of the residents' register: they read and clean what was typed; the services decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from liangdian.platform.ui.fields import Text, area
from liangdian.platform.ui.languages import LANGUAGES
from liangdian.registers.people.models import Resident, Sex
from liangdian.registers.people.needs import Need
from liangdian.registers.people.reach import TellBy
from liangdian.registers.people.services import LONGEST_ADDRESS, LONGEST_NAME

_SALT = "people.shown"
_NEVER_SHOWN = {"version": 0}


def shown_of(resident: Resident) -> dict[str, Any]:
    """What the form shows of a resident, numbers masked: for telling later what a colleague changed."""
    return {
        "version": resident.version, "name": resident.name, "address": resident.address,
        "phone": resident.phone_masked, "identity": resident.identity_masked, "needs": list(resident.needs),
        "unit": resident.unit_id, "language": resident.language, "sex": resident.sex,
        "email": resident.email_masked, "tell_by": resident.tell_by,
        "birth_date": resident.birth_date.isoformat() if resident.birth_date else "",
    }  # fmt: skip


def sealed(shown: dict[str, Any]) -> str:
    """``shown`` signed, to travel through the form."""
    return signing.dumps(shown, salt=_SALT, compress=True)


class FindForm(forms.Form):
    """One box for names and whole numbers; sent by POST."""

    q = Text(
        label=_("Name, phone or identity number"), required=False, max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )  # fmt: skip


class _PersonForm(forms.Form):
    """What is asked about every resident."""

    name = Text(label=_("Full name"), max_length=LONGEST_NAME)
    phone = Text(
        label=_("Phone"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    identity = Text(
        label=_("Identity number"), required=False, max_length=40,
        help_text=_("Only where it is needed. It is stored encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    unit = forms.TypedChoiceField(label=_("Community or unit"), coerce=int)
    address = Text(label=_("Address"), required=False, max_length=LONGEST_ADDRESS)
    needs = forms.MultipleChoiceField(
        label=_("Special needs"), choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class NewResidentForm(_PersonForm):
    """A resident who has brought no matter yet."""


class ResidentForm(_PersonForm):
    """What is known, numbers left empty: an empty number keeps what is stored."""

    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Not known")), *Sex.choices], required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=[(language.code, language.name) for language in LANGUAGES]
    )
    email = Text(
        label=_("E-mail"), required=False, max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    tell_by = forms.ChoiceField(
        label=_("Tell the resident by"), choices=TellBy.choices, required=False,
        help_text=_("About each step of a matter. Paper and the link on the receipt are always there."),
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, resident: Resident, **kwargs: Any) -> None:
        super().__init__(*args, initial={**shown_of(resident), "shown": sealed(shown_of(resident)),
                                         "phone": "", "identity": "", "email": ""}, **kwargs)  # fmt: skip
        for name, stored in (
            ("phone", resident.phone_masked), ("identity", resident.identity_masked),
            ("email", resident.email_masked),
        ):  # fmt: skip
            if stored:
                keep = _("%(masked)s is stored; leave this empty to keep it.")
                self.fields[name].help_text = keep % {"masked": stored}
        if resident.identity_masked:
            del self.fields["sex"], self.fields["birth_date"]

    def was_shown(self) -> dict[str, Any]:
        """What stood in the form when it was opened; version 0, which never exists, when it was forged."""
        try:
            return signing.loads(self.cleaned_data["shown"], salt=_SALT)
        except signing.BadSignature:
            return dict(_NEVER_SHOWN)

    def changes(self, now: dict[str, Any]) -> list[Change]:
        """What a colleague changed since the form was opened."""
        before = self.was_shown()
        return [
            Change(str(field.label), _words(field, before[name]), _words(field, now[name]))
            for name, field in self.fields.items()
            if name in before and before[name] != now[name]
        ]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a colleague changed meanwhile, in words."""

    label: str
    before: str
    now: str


def _words(field: forms.Field, value: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values if one not in (None, ""))


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
