"""Forms of duty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty.selectors import Week
from liangdian.desks.duty.states import Basis, LeaveKind, MarkKind
from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.calendar.hours import as_text, read_hours
from liangdian.registers.calendar.rules import MAKE_UP_WEEKDAY
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
    (MAKE_UP_WEEKDAY, _("Make-up working days")),
]


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, chosen in the browser's own calendar."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def time_field(label: Any, **more: Any) -> forms.TimeField:
    """A time on the hall's wall."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"], **more,
    )  # fmt: skip


def person_choices(unit: Unit) -> list[tuple[int, str]]:
    """Colleagues of this unit and of the units around it."""
    above = organisation.superior_of(unit)
    near = {user.pk for user in accounts.staff_within(unit.path)}
    people = accounts.staff_within(above.path if above else unit.path)
    return [(u.pk, u.name) for u in sorted(people, key=lambda u: (u.pk not in near, u.name))]


def window_choices(unit: Unit) -> list[tuple[Any, str]]:
    """The windows of this unit by number, and the hall itself."""
    windows = [(w.pk, f"{w.number} {w.label}") for w in organisation.windows_of(unit)]
    return [*windows, ("", str(_("In the hall, at no window")))]


class _AtAUnit(forms.Form):
    """Fields whose choices belong to one unit."""

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = person_choices(unit)
        for name, empty in (("user", False), ("stand_in", True)):
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = [("", "–"), *people] if empty else people
        if "window" in self.fields:
            window: Any = self.fields["window"]
            window.choices = window_choices(unit)


def _person(label: Any, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, choices=())


class PatternForm(_AtAUnit):
    """One line of the week: who, where, on which days, from when until when."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    window = _person(_("Where"), required=False)
    user = _person(_("Who"))
    stand_in = _person(_("Stand-in (B)"), required=False)
    starts = time_field(_("From"))
    ends = time_field(_("Until"))
    since = day_field(_("First day"))


class ShiftForm(_AtAUnit):
    """One shift on one day."""

    day = day_field(_("Day"))
    window = _person(_("Where"), required=False)
    user = _person(_("Who"))
    stand_in = _person(_("Stand-in (B)"), required=False)
    starts = time_field(_("From"))
    ends = time_field(_("Until"))


class ReplaceForm(_AtAUnit):
    """Who takes a shift over, and why."""

    user = _person(_("Who takes it over"))
    reason = Text(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    reason = Text(label=_("Reason"), max_length=300, widget=area(2))


class HoursForm(forms.Form):
    """The week of one window, a line for each day, and from when it holds."""

    valid_from = day_field(_("From this day on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, label in WEEKDAYS:
            self.fields[f"day_{weekday}"] = Text(label=label, max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["week"] = {}
        for weekday, _label in WEEKDAYS:
            name = f"day_{weekday}"
            try:
                intervals = read_hours(data.get(name, ""))
            except Invalid as refused:
                self.add_error(name, str(refused.message))
            else:
                if intervals:
                    data["week"][weekday] = intervals
        return data


def shown_week(week: Week, valid_from: date) -> dict[str, object]:
    """What stands in ``HoursForm`` before anything is typed."""
    return {f"day_{day}": as_text(week.get(day, [])) for day, _label in WEEKDAYS} | {"valid_from": valid_from}


class SignForm(_AtAUnit):
    """At which window one is; the two buttons say whether one comes or leaves."""

    window = _person(_("Where"), required=False)


class CorrectionForm(_AtAUnit):
    """What is wrong with one's marks, and what should stand instead."""

    mark = forms.TypedChoiceField(
        label=_("Which mark is wrong?"), coerce=int, empty_value=None, required=False, choices=()
    )
    kind = forms.ChoiceField(
        label=_("What should stand there?"),
        choices=[*MarkKind.choices, ("", _("Nothing: the mark does not count"))],
        required=False,
    )
    day = day_field(_("Day"), required=False)
    clock = time_field(_("Time"), required=False)
    window = _person(_("Where"), required=False)
    reason = Text(label=_("Reason"), max_length=300, widget=area(2))

    def __init__(self, *args: Any, marks: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mark"]
        field.choices = [("", _("None: I forgot to make it")), *marks]

    def moment(self) -> datetime | None:
        """Day and time together, in the hall's zone; None when one of them is missing."""
        data = self.cleaned_data
        if not data["day"] or not data["clock"]:
            return None
        return datetime.combine(data["day"], data["clock"], HALL_ZONE)


class DecisionForm(forms.Form):
    """Yes, or no with words."""

    approved = forms.ChoiceField(choices=[("yes", _("Approve")), ("no", _("Refuse"))])
    words = Text(label=_("What do you say to it?"), max_length=300, required=False)


class LeaveForm(_AtAUnit):
    """From when until when, why, and who does the work meanwhile."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind.choices)
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    stand_in = _person(_("Who stands in"))
    reason = Text(label=_("Reason"), max_length=300, widget=area(2))


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """Day and time on the hall's wall."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, **more)


class ClosureForm(_AtAUnit):
    """What is closed, from when until when, and why, in three languages."""

    window = _person(_("What is closed"), required=False)
    begins_at = moment_field(_("From"))
    ends_at = moment_field(_("Until"), required=False, help_text=_("Leave it empty when nobody knows yet."))
    reason_hans = Text(label=_("Why, in simplified Chinese"), max_length=200)
    reason_hant = Text(label=_("Why, in traditional Chinese"), max_length=200)
    reason_en = Text(label=_("Why, in English"), max_length=200)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        window: Any = self.fields["window"]
        window.choices = [("", _("The whole hall")), *window_choices(unit)[:-1]]


class AllowanceForm(forms.Form):
    """A version of a rule, from a day on."""

    code = Text(
        label=_("Code"), max_length=40, help_text=_("The same code replaces the rule from that day on.")
    )
    name = Text(label=_("Name"), max_length=100)
    basis = forms.ChoiceField(label=_("Paid for"), choices=Basis.choices)
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=0, max_value=100_000, max_digits=8, decimal_places=2,
        help_text=_("0 ends the rule from that day on."),
    )  # fmt: skip
    minimum_minutes = forms.IntegerField(
        label=_("Minutes that a day needs"), min_value=0, max_value=1440, initial=0
    )
    valid_from = day_field(_("From this day on"))
    source = Text(label=_("Document and article"), max_length=300)

    def fen(self) -> int:
        """The amount in whole fen."""
        return int(self.cleaned_data["amount"] * 100)
