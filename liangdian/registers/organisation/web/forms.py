"""Forms of the organisation register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.ui.fields import Text
from liangdian.registers.organisation import policy, selectors
from liangdian.registers.organisation.models import Level, Unit

_INDENT = "\u3000"


class NamesForm(forms.Form):
    """A name with its two other languages."""

    name = forms.CharField(label=_("Name"), max_length=200)
    name_hant = forms.CharField(label=_("Name in Traditional Chinese"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """What the services take: the two translations become ``names``."""
        data = dict(self.cleaned_data)
        data["names"] = {"zh-hant": data.pop("name_hant"), "en": data.pop("name_en")}
        return data


def names_of(row: Any) -> dict[str, Any]:
    """First values for ``NamesForm``."""
    return {"name": row.name, "name_hant": row.names.get("zh-hant", ""), "name_en": row.names.get("en", "")}


class UnitForm(NamesForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Short and lasting, such as west-street; used for imports."),
    )
    seal = forms.CharField(
        label=_("Wording of the seal"),
        max_length=200,
        required=False,
        help_text=_("Printed on notices; the name is used when this is empty."),
    )
    phone = forms.CharField(label=_("Phone for enquiries"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class ChangeUnitForm(UnitForm):
    active = forms.BooleanField(label=_("In use"), required=False)


def unit_choices(actor: Actor) -> list[tuple[int, str]]:
    """Units that the actor may change, as an indented tree."""
    rows = [unit for unit in selectors.all_units() if policy.may_change(actor, unit.path)]
    return [(unit.pk, _INDENT * unit.depth + unit.label) for unit in rows]


class _UnderForm(forms.Form):
    parent = forms.TypedChoiceField(label=_("Unit above"), coerce=int, empty_value=None, choices=())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = unit_choices(actor)  # type: ignore[attr-defined]


class NewUnitForm(UnitForm, _UnderForm):
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, widget=forms.RadioSelect)
    field_order = ["parent", "level", "name", "name_hant", "name_en", "code"]


class MoveForm(_UnderForm):
    pass


class FindUnitForm(forms.Form):
    """The search above the tree."""

    q = Text(label=_("Name or code of a unit"), max_length=100, required=False)
    closed = forms.CharField(widget=forms.HiddenInput, required=False)


class PostForm(NamesForm):
    """A new post."""


class ChangePostForm(NamesForm):
    """A post that is renamed or taken out of use."""

    active = forms.BooleanField(label=_("In use"), required=False)


def person_choices(path: str) -> list[tuple[int, str]]:
    return [(user.pk, f"{user.name} ({user.username})") for user in accounts.staff_within(path)]


class AppointForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Person"), coerce=int, choices=())
    since = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = person_choices(path)  # type: ignore[attr-defined]


class WindowForm(NamesForm):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999)
    serves = forms.CharField(
        label=_("Serves"),
        max_length=1000,
        required=False,
        help_text=_("Codes of the categories, with a comma between them."),
    )
    low_counter = forms.BooleanField(label=_("Low counter with a place for a wheelchair"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_serves(self) -> list[str]:
        text = self.cleaned_data["serves"].replace("，", ",").replace("、", ",")
        codes = [part.strip() for part in text.split(",") if part.strip()]
        if any(len(code) > 40 for code in codes):
            raise forms.ValidationError(
                _("A code has at most 40 characters. Please put commas between codes.")
            )
        return codes


class StandInForm(forms.Form):
    stand_in = forms.TypedChoiceField(label=_("Who does my work"), coerce=int, choices=())
    since = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = selectors.units_by_ids([actor.unit_id]).get(actor.unit_id or 0)
        people = person_choices(_branch(unit)) if unit else []
        self.fields["stand_in"].choices = [c for c in people if c[0] != actor.user_id]  # type: ignore[attr-defined]


def _branch(unit: Unit) -> str:
    """Colleagues are found in the unit above as well, so that a small section finds anybody at all."""
    above = selectors.superior_of(unit)
    return above.path if above else unit.path
