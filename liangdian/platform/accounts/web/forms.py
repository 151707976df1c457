"""Forms about staff. Units come from the register of units through ``accounts.units``."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role
from liangdian.platform.accounts import units
from liangdian.platform.accounts.models import RoleGrant
from liangdian.platform.accounts.roles import ROLE_LABELS


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Name or user name"), max_length=100, required=False)


class _WithUnit(forms.Form):
    def __init__(self, *args: object, actor: Actor, empty: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        paths = ("/",) if actor.is_system else actor.paths(Role.SECURITY)
        first = [("", "–")] if empty else []
        field = self.fields["unit_id"]
        field.choices = [*first, *units.known().choices(paths)]  # type: ignore[attr-defined]


class MemberForm(_WithUnit):
    """What the list of staff says about a person."""

    name = forms.CharField(label=_("Name"), max_length=100)
    unit_id = forms.TypedChoiceField(
        label=_("Works in"), coerce=int, empty_value=None, required=False, choices=()
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)


class NewMemberForm(_WithUnit):
    """A new account; its password is made by the system and shown once."""

    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("For signing in: letters, digits and @ . + - _")
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    unit_id = forms.TypedChoiceField(
        label=_("Works in"), coerce=int, empty_value=None, required=False, choices=()
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)


class GrantForm(_WithUnit):
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_LABELS)
    unit_id = forms.TypedChoiceField(label=_("For the unit and all below it"), coerce=int, choices=())


class RequiredRolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=ROLE_LABELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MappingForm(_WithUnit):
    value = forms.CharField(
        label=_("Group"), max_length=200, help_text=_("As the sign-in service calls it in its answer.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_LABELS)
    unit_id = forms.TypedChoiceField(label=_("For the unit and all below it"), coerce=int, choices=())


class MoveForm(_WithUnit):
    """Where to, and which of the roles for the present unit go along."""

    unit_id = forms.TypedChoiceField(label=_("Moves to"), coerce=int, choices=())
    take_along = forms.TypedMultipleChoiceField(
        label=_("Roles that go along"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, roles: list[RoleGrant], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(role.pk, role.get_role_display()) for role in roles]
        self.fields["take_along"].choices = choices  # type: ignore[attr-defined]
