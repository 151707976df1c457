"""Forms of the desk's acts on the page of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liangdian.casework.act_pages import ActForm
from liangdian.desks.mediation import choices
from liangdian.desks.mediation.services import Duty
from liangdian.desks.mediation.services.rooms import MOST_TIMES, rooms_for
from liangdian.desks.mediation.states import (
    AgreementForm,
    AnsweredBy,
    Chosen,
    ObligationState,
    Openness,
    RiskKind,
    WayOut,
)
from liangdian.foundation.clock import business_date
from liangdian.platform.ui.fields import Text, area

_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _choice(label: Any, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, choices=())


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


def _moment(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


def _boxes(label: Any, coerce: Any = int) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, coerce=coerce, choices=(), widget=forms.CheckboxSelectMultiple
    )


def _fill(form: forms.Form, name: str, choices: list[Any], *, empty: bool = False) -> None:
    field: Any = form.fields[name]
    field.choices = [("", "–"), *choices] if empty else choices


class _YesNo(ActForm):
    """A yes or no as a boolean."""

    answer: str = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["given"] = data.get(self.answer) == "yes"
        return data


class ConsentForm(_YesNo):
    answer = "wants"
    party = _choice(_("Party"))
    wants = forms.ChoiceField(label=_("Does it want mediation?"), choices=_YES_NO, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("How it answered"), choices=AnsweredBy.choices)
    words = Text(label=_("In its own words"), required=False, max_length=2000, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "party", choices.unasked(case.pk))


class AssignForm(ActForm):
    members = _boxes(_("Mediators"))
    how = forms.ChoiceField(label=_("How they were chosen"), choices=Chosen.choices, widget=forms.RadioSelect)
    openness = forms.ChoiceField(
        label=_("Sessions"), choices=Openness.choices, initial=Openness.CLOSED, widget=forms.RadioSelect,
        help_text=_("The parties decide whether others may listen (Art. 23)."),
    )  # fmt: skip

    def fit(self, case: Any) -> None:
        _fill(self, "members", choices.members_for(case.pk, today=business_date(timezone.now())))


class RecuseForm(ActForm):
    member = _choice(_("Mediator"))
    reason = Text(label=_("Why"), required=False, needed=True, max_length=300, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "member", choices.members_for(case.pk, today=business_date(timezone.now())))


class InviteForm(ActForm):
    held_at = _moment(_("When"))
    room = _choice(_("Room to be reserved"), required=False)
    times = forms.IntegerField(
        label=_("Times in a row"), min_value=1, max_value=MOST_TIMES, initial=1, required=False,
        help_text=_("How long one time of a room is, its calendar says."),
    )  # fmt: skip
    place = Text(
        label=_("Where"), max_length=200, required=False, help_text=_("Only when no room is reserved.")
    )

    def fit(self, case: Any) -> None:
        _fill(self, "room", rooms_for(case), empty=True)

    def clean_times(self) -> int:
        return self.cleaned_data["times"] or 1


class RecordForm(ActForm):
    came = _boxes(_("Who came"), coerce=str)
    record = Text(label=_("What was said, for all parties"), required=False, needed=True, widget=area(6))
    held_at = _moment(
        _("When it was held"), required=False, help_text=_("Only when it was another time than planned.")
    )
    place = Text(label=_("Where"), max_length=200, required=False)

    def fit(self, case: Any) -> None:
        _fill(self, "came", choices.attendance_choices(case.pk))
        field: Any = self.fields["place"]
        field.initial = field.initial or str(_("Mediation room"))


class CaucusForm(ActForm):
    party = _choice(_("With whom"))
    text = Text(label=_("Note for the mediators alone"), required=False, needed=True, widget=area(6))

    def fit(self, case: Any) -> None:
        _fill(self, "party", choices.parties_of(case.pk))


class OfferForm(ActForm):
    party = _choice(_("Who offers"))
    text = Text(label=_("What is offered"), required=False, needed=True, widget=area(3))
    amount = Text(label=_("Amount in yuan"), required=False, max_length=20)

    def fit(self, case: Any) -> None:
        _fill(self, "party", choices.parties_of(case.pk))


class AnswerOfferForm(_YesNo):
    answer = "accepted"
    offer = _choice(_("Offer"))
    accepted = forms.ChoiceField(
        label=_("Does the other side take it?"), choices=_YES_NO, widget=forms.RadioSelect
    )

    def fit(self, case: Any) -> None:
        _fill(self, "offer", choices.open_offers(case.pk))


class DutyForm(ActForm):
    """What one party owes the other."""

    debtor = _choice(_("Who has to do it"))
    creditor = _choice(_("For whom"))
    amount = Text(label=_("Amount in yuan"), required=False, max_length=20)
    count = forms.IntegerField(
        label=_("In how many monthly instalments"), min_value=1, max_value=60, initial=1, required=False
    )
    words = Text(
        label=_("What is to be done or left"), required=False, widget=area(2),
        help_text=_("If it is not about money; beside an amount: what it is for."),
    )  # fmt: skip
    first_on = _day(_("By this day, or first instalment"))

    def fit(self, case: Any) -> None:
        parties = choices.parties_of(case.pk)
        _fill(self, "debtor", parties)
        _fill(self, "creditor", parties)
        if not self.is_bound and len(parties) > 1:
            self.initial.setdefault("debtor", parties[1][0])
            self.initial.setdefault("creditor", parties[0][0])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["duty"] = Duty(
            debtor_id=data.get("debtor"), creditor_id=data.get("creditor"), first_on=data.get("first_on"),
            amount=data.get("amount", ""), count=data.get("count") or 1, words=data.get("words", ""),
        )  # fmt: skip
        return data


class DraftForm(DutyForm):
    form = forms.ChoiceField(label=_("Form"), choices=AgreementForm.choices, widget=forms.RadioSelect)
    facts = Text(label=_("Facts and what was disputed"), required=False, needed=True, widget=area(4))
    responsibilities = Text(label=_("Who is responsible for what"), required=False, widget=area(2))
    content = Text(label=_("What the parties agreed on"), required=False, needed=True, widget=area(4))
    manner = Text(label=_("In which manner it is fulfilled"), required=False, widget=area(2))

    field_order = [
        "form", "facts", "responsibilities", "content", "manner", "debtor", "creditor", "amount", "count",
        "words", "first_on",
    ]  # fmt: skip


class FulfilForm(ActForm):
    obligation = _choice(_("Obligation"))
    state = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect,
        choices=[c for c in ObligationState.choices if c[0] != ObligationState.DUE],
    )  # fmt: skip
    done_on = _day(_("Done on"), required=False)
    words = Text(label=_("What the parties say"), required=False, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "obligation", choices.open_obligations(case.pk))


class CallForm(ActForm):
    obligation = _choice(_("Obligation"))
    text = Text(label=_("Whom you reached and what was said"), required=False, needed=True, widget=area(3))

    def fit(self, case: Any) -> None:
        _fill(self, "obligation", choices.open_obligations(case.pk))


class CourtForm(ActForm):
    asked_on = _day(_("Both parties asked the court on"))


class FailForm(ActForm):
    way_out = forms.ChoiceField(label=_("Why it ends"), choices=WayOut.choices, widget=forms.RadioSelect)
    words = Text(label=_("In a sentence, for the parties"), required=False, needed=True, widget=area(3))


class MoreTimeForm(ActForm):
    days = forms.IntegerField(label=_("Calendar days more"), min_value=1, max_value=365)
    parties = _boxes(_("Who agrees to it"))
    how = forms.ChoiceField(label=_("How they answered"), choices=AnsweredBy.choices)
    reason = Text(label=_("Why more time is needed"), required=False, needed=True, widget=area(2))

    def fit(self, case: Any) -> None:
        _fill(self, "parties", choices.parties_of(case.pk))


class ReportForm(ActForm):
    risk = forms.ChoiceField(label=_("What may happen"), choices=RiskKind.choices, widget=forms.RadioSelect)
    words = Text(
        label=_("What was said or seen, and what the police said"),
        required=False,
        needed=True,
        widget=area(4),
    )
