"""The forms of acts in which other units have a part."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActForm
from liangdian.casework.models import Assist, Case
from liangdian.casework.states import AssistState, ReturnWhy
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.organisation.directory import Directory


class ReturnForm(ActForm):
    why = forms.ChoiceField(label=_("Why you return it"), choices=ReturnWhy.choices, widget=forms.RadioSelect)
    responsible = forms.TypedChoiceField(
        label=_("Responsible unit"), coerce=int, required=False, empty_value=None,
        help_text=_("When another one is responsible: the first handler refers it there with one press."),
    )  # fmt: skip
    responsible_body = Text(
        label=_("Or a body outside the centre"), required=False, max_length=200,
        help_text=_("Name and address, so that the resident can be sent there."),
    )  # fmt: skip
    ground = Text(
        label=_("The rule or article that says so"), widget=area(2), required=False,
        help_text=_("Needed when another one is responsible."),
    )  # fmt: skip
    reason = Text(label=_("What the first handler has to know"), widget=area(3), required=False, needed=True)

    def fit(self, case: Case) -> None:
        units = [(pk, label) for pk, label in Directory().choices(("/",)) if pk != case.unit_id]
        self.fields["responsible"].choices = [("", _("None here")), *units]


class ResolveForm(ActForm):
    answer = Text(
        label=_("The answer, as the resident will read it"), widget=area(6), required=False, needed=True
    )
    without_help = Text(
        label=_("Why you answer without the help of the others"), widget=area(2), required=False,
        help_text=_("Other units still help. Write why the answer does not wait for them; they read it."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        if not Assist.objects.filter(Assist.OPEN, case=case).exists():
            del self.fields["without_help"]


class AskAssistForm(ActForm):
    to_unit = forms.TypedChoiceField(label=_("Unit that shall help"), coerce=int)
    text = Text(
        label=_("What it shall do or find out"), widget=area(3), required=False, needed=True,
        help_text=_("One question for one unit; ask several units one after the other."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        units = Directory().choices(("/",))
        self.fields["to_unit"].choices = [(pk, label) for pk, label in units if pk != case.unit_id]


class AssistForm(ActForm):
    """Of the units that help, the one that is meant."""

    assist = forms.TypedChoiceField(label=_("Unit that helps"), coerce=int, empty_value=None)
    wanted: ClassVar[Q] = Assist.OPEN

    def fit(self, case: Case) -> None:
        rows = Assist.objects.filter(self.wanted, case=case).select_related("unit").order_by("id")
        self.fields["assist"].choices = [(row.pk, row.unit.label) for row in rows]
        # With nothing to choose from, the service says what happened.
        self.fields["assist"].required = bool(rows)


class UseAssistForm(AssistForm):
    wanted = Q(state=AssistState.ANSWERED, used_at__isnull=True)


class RemindAssistForm(AssistForm):
    text = Text(label=_("What you are waiting for"), widget=area(2), required=False, needed=True)


class WithdrawAssistForm(AssistForm):
    reason = Text(label=_("Why the help is not needed any more"), widget=area(2), required=False, needed=True)


class DecideSupervisionForm(ActForm):
    accepted = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", _("Accept the answer")), ("no", _("Send it back"))],
    )  # fmt: skip
    words = Text(label=_("Why you decide so"), widget=area(3), required=False, needed=True)


class MeetingForm(ActForm):
    held_on = forms.DateField(label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}))
    units = forms.TypedMultipleChoiceField(
        label=_("Units that took part"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    people = Text(label=_("Who took part"), widget=area(2), required=False, max_length=1000)
    decision = Text(label=_("What was decided"), widget=area(4), required=False, needed=True)
    lead = forms.TypedChoiceField(label=_("Unit that leads"), coerce=int)
    until = forms.DateField(label=_("Done by"), widget=forms.DateInput(attrs={"type": "date"}))
    helpers = forms.TypedMultipleChoiceField(
        label=_("Units that help"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    task = Text(
        label=_("What those who help shall do or find out"), widget=area(2), required=False,
        help_text=_("Needed when units help. They answer by the same day."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        units = Directory().choices(("/",))
        for name in ("units", "lead", "helpers"):
            self.fields[name].choices = units
        self.initial["lead"] = case.unit_id
