"""The forms of the acts on a petition; what they mean is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.casework.act_pages import ActForm
from liangdian.casework.selectors import Case
from liangdian.desks.petitions.states import Conflict, Ground, Label, Level, Outcome
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.organisation.directory import Directory


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


def _yes_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", yes), ("no", no)],
    )  # fmt: skip


class RefuseForm(ActForm):
    ground = forms.ChoiceField(
        label=_("Why it is not accepted"), choices=Ground.choices, widget=forms.RadioSelect
    )
    where = Text(
        label=_("The body that has it or is responsible, and where to find it"), required=False,
        max_length=500,
    )  # fmt: skip
    text = Text(
        label=_("The reason, as the petitioner will read it"), widget=area(4), required=False, needed=True
    )


class TransferForm(ActForm):
    to_unit = forms.TypedChoiceField(
        label=_("Transfer to"), coerce=int, help_text=_("Never to the unit complained about (Art. 30).")
    )
    text = Text(label=_("Why it goes there and what is asked"), widget=area(3), required=False, needed=True)
    report_by = _day(
        _("Report on how it was done by"), required=False,
        help_text=_("Only when it is assigned with a report; else leave it empty."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        """All units but the one where it lies."""
        units = Directory().choices(("/",))
        self.fields["to_unit"].choices = [(pk, label) for pk, label in units if pk != case.unit_id]


class ObjectForm(ActForm):
    text = Text(
        label=_("Why your unit is not responsible, and who is"), widget=area(4), required=False, needed=True
    )


class DecideObjectionForm(ActForm):
    agreed = _yes_no(_("Decision"), _("Agree: it comes back to us"), _("Not agree: it stays with them"))
    words = Text(label=_("Why you decide so"), widget=area(3), required=False, needed=True)


class AssignForm(ActForm):
    to_user = forms.TypedChoiceField(label=_("Handled by"), coerce=int)
    text = Text(label=_("What the colleague is to do"), widget=area(3), required=False, needed=True)
    free = forms.BooleanField(
        label=_("I asked: no relative, no interest of his own, not handled before (Art. 46)"), required=False
    )

    def fit(self, case: Case) -> None:
        """The colleagues of the unit where it lies."""
        staff = accounts.staff_within(case.unit.path)
        self.fields["to_user"].choices = [
            (user.pk, user.name) for user in staff if user.pk != case.handler_id
        ]


class RecuseForm(ActForm):
    user = forms.TypedChoiceField(label=_("Who keeps away"), coerce=int, required=False, empty_value=None)
    ground = forms.ChoiceField(label=_("Why"), choices=Conflict.choices, widget=forms.RadioSelect)
    text = Text(label=_("In your own words"), widget=area(2), required=False)

    def fit(self, case: Case) -> None:
        """Oneself, or a colleague of the unit where it lies."""
        staff = accounts.staff_within(case.unit.path)
        self.fields["user"].choices = [("", _("I myself")), *((user.pk, user.name) for user in staff)]


class LabelForm(ActForm):
    label = forms.ChoiceField(
        label=_("Label"), choices=Label.choices, widget=forms.RadioSelect,
        help_text=_("For the statistics only. It changes nothing for the petitioner."),
    )  # fmt: skip
    earlier = Text(
        label=_("Number of the earlier petition"), required=False, max_length=40,
        help_text=_("Empty: the one that was found."),
    )  # fmt: skip


class ReportForm(ActForm):
    text = Text(label=_("What is urgent or major about it"), widget=area(3), required=False, needed=True)


class AskExtensionForm(ActForm):
    days = forms.IntegerField(label=_("Days of the extension"), min_value=1, max_value=30)
    reason = Text(
        label=_("The reason, as the petitioner will read it"), widget=area(3), required=False, needed=True
    )


class DecideExtensionForm(ActForm):
    approved = _yes_no(_("Decision"), _("Approve"), _("Decline"))
    words = Text(label=_("Why you decide so"), widget=area(3), required=False, needed=True)


class SettledForm(ActForm):
    settled = forms.ChoiceField(label=_("Where it was settled"), choices=Level.choices)


class ReplyForm(SettledForm):
    answer = Text(
        label=_("The answer, as the petitioner will read it"), widget=area(6), required=False, needed=True
    )


class OpinionForm(SettledForm):
    request = Text(label=_("What the petitioner asks for"), widget=area(3), required=False, needed=True)
    facts = Text(
        label=pgettext_lazy("petition", "Facts and reasons"), widget=area(5), required=False, needed=True
    )
    opinion = Text(label=_("Opinion"), widget=area(5), required=False, needed=True)
    basis = Text(label=_("Laws and rules"), widget=area(3), required=False, needed=True)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)


class ExplainForm(ActForm):
    answer = Text(
        label=_("The answer, as the petitioner will read it"), widget=area(5), required=False, needed=True
    )


class ReviewForm(ActForm):
    words = Text(
        label=_("Why the petitioner does not agree, in his own words"), widget=area(5), required=False,
        needed=True,
    )  # fmt: skip
    to_unit = forms.TypedChoiceField(label=_("Reviewed by"), coerce=int)

    def fit(self, case: Case) -> None:
        """Every unit; the service refuses those below and the one complained about."""
        self.fields["to_unit"].choices = Directory().choices(("/",))


class HearingForm(ActForm):
    text = Text(label=_("When and where the hearing is"), widget=area(3), required=False, needed=True)
    until = _day(_("At the latest until"))


class HeardForm(ActForm):
    text = Text(label=_("What came out of the hearing"), widget=area(4), required=False, needed=True)
