"""Forms of appointments: they read and clean what was typed; the services decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.bookings.days import Time
from liangdian.bookings.hall_time import as_time, time_in
from liangdian.bookings.models import Opening, Resource
from liangdian.bookings.rules import DEFAULTS, HIGHEST, MAKE_UP_WEEKDAY, Hours
from liangdian.bookings.services import Description, Person
from liangdian.bookings.states import Channel, ResourceKind
from liangdian.foundation.refused import Invalid
from liangdian.platform.ui.dates import clock_words
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.calendar.hours import as_text, read_hours
from liangdian.registers.calendar.rules import Interval

STAFF_CHANNELS = [(Channel.HALL.value, Channel.HALL.label), (Channel.PHONE.value, Channel.PHONE.label)]
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    _("Make-up working days"),
)  # fmt: skip
RULES = {
    "hold.minutes": _("Minutes for which a time is kept until it is confirmed"),
    "online.open_at_once": _("Appointments that one resident may have open online (0: any number)"),
    "missed.grace_minutes": _("Minutes of grace before somebody counts as missing"),
    "missed.count": _("Missed appointments after which online booking pauses (0: never)"),
    "missed.within_days": _("Days within which they count"),
    "missed.pause_days": _("Days for which online booking pauses"),
    "reminder.hours": _("Hours before the appointment at which the reminder is sent"),
    "offer.minutes": _("Minutes for which a time is kept for somebody on the waiting list"),
}


def date_field(label: object, **options: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)  # type: ignore[arg-type]


class _WhoForm(forms.Form):
    """For whom; a resident chosen on his page needs no name."""

    name = Text(label=_("Full name"), max_length=100, required=False, needed=True)
    phone = Text(
        label=_("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip

    def person(self, resident_id: int | None) -> Person:
        """Whom the services take."""
        if resident_id is not None:
            return Person(resident_id=resident_id)
        return Person(name=self.cleaned_data["name"], phone=self.cleaned_data["phone"])


class BookForm(_WhoForm):
    """A new appointment at a time that was chosen."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    channel = forms.ChoiceField(
        label=_("How was it asked for?"), choices=STAFF_CHANNELS, widget=forms.RadioSelect
    )
    item = forms.TypedChoiceField(label=_("Item"), coerce=int, empty_value=None, required=False, choices=())
    subject = Text(label=_("What for"), max_length=200, required=False)
    items = forms.IntegerField(label=_("How many items"), min_value=1, max_value=20, initial=1)
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=20, initial=1)

    def __init__(self, *args: Any, item_choices: list[tuple[int, str]], known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission_key"].initial = uuid.uuid4().hex
        self.fields["channel"].initial = Channel.HALL
        self.fields["item"].choices = [("", _("None")), *item_choices]  # type: ignore[attr-defined]
        if not item_choices:
            del self.fields["item"]
        if known:
            del self.fields["name"], self.fields["phone"]


class TimeForm(forms.Form):
    """One of the free times of a day."""

    start = forms.TypedChoiceField(
        label=_("Time"), coerce=time_in, widget=forms.RadioSelect, choices=(),
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time is not free any more. Choose another one."),
        },
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, times: Iterable[Time], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = [  # type: ignore[attr-defined]
            (as_time(time.starts_at), clock_words(time.starts_at)) for time in times
        ]


class ReasonForm(forms.Form):
    """Why it is cancelled."""

    reason = Text(label=_("Reason"), max_length=300, required=False, needed=True, widget=area(2))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ResourceForm(forms.Form):
    """What is said of something bookable."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, choices=())
    kind = forms.ChoiceField(
        label=_("What is reserved"), choices=ResourceKind.choices, widget=forms.RadioSelect
    )
    name = Text(label=_("Name"), max_length=200)
    name_en = Text(label=_("Name in English"), max_length=200, required=False)
    place = Text(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("As residents find it, such as Window 2."),
    )
    post = forms.TypedChoiceField(
        label=_("Post"), coerce=int, empty_value=None, required=False, choices=(),
        help_text=_("For a talk with a named post."),
    )  # fmt: skip
    serves = forms.MultipleChoiceField(
        label=_("Serves"), required=False, widget=forms.CheckboxSelectMultiple, choices=(),
        help_text=_("For items at a window: which groups of items."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes for one item and one person"), min_value=5, max_value=480, initial=15
    )
    days_ahead = forms.IntegerField(
        label=_("Days ahead that residents may book"), min_value=0, max_value=365, initial=14
    )
    notice_minutes = forms.IntegerField(
        label=_("Minutes before, at which online booking ends"), min_value=0, max_value=HIGHEST, initial=60
    )
    online = forms.BooleanField(label=_("Residents book it online"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], posts: list[tuple[int, str]],
        categories: list[tuple[str, str]], new: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", _("None")), *posts]  # type: ignore[attr-defined]
        self.fields["serves"].choices = categories  # type: ignore[attr-defined]
        del self.fields["active" if new else "unit"]

    def description(self) -> Description:
        """What the services take."""
        data = self.cleaned_data
        return Description(
            kind=data["kind"], name=data["name"], minutes=data["minutes"], names={"en": data["name_en"]},
            place=data["place"], post_id=data["post"], serves=data["serves"], days_ahead=data["days_ahead"],
            notice_minutes=data["notice_minutes"], online=data["online"],
        )  # fmt: skip


def first_of(resource: Resource) -> dict[str, Any]:
    """First values for ``ResourceForm``."""
    return {
        "kind": resource.kind, "name": resource.name, "name_en": resource.names.get("en", ""),
        "place": resource.place, "post": resource.post_id, "serves": resource.serves,
        "minutes": resource.minutes, "days_ahead": resource.days_ahead, "online": resource.online,
        "notice_minutes": resource.notice_minutes, "active": resource.active,
    }  # fmt: skip


class HoursForm(forms.Form):
    """The week's hours as people write them, and how many appointments fit at a time."""

    capacity = forms.IntegerField(
        label=_("Appointments at the same time"), min_value=1, max_value=100, initial=1
    )
    hall = forms.IntegerField(label=_("Of them in the hall"), min_value=0, max_value=100, initial=1)
    phone = forms.IntegerField(label=_("Of them by phone"), min_value=0, max_value=100, initial=1)
    online = forms.IntegerField(label=_("Of them online"), min_value=0, max_value=100, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, label in enumerate(WEEKDAYS):
            self.fields[f"day{n}"] = Text(label=label, max_length=200, required=False)

    def days(self) -> list[forms.BoundField]:
        """The fields of the weekdays, in order."""
        return [self[f"day{n}"] for n in range(MAKE_UP_WEEKDAY + 1)]

    def clean(self) -> dict[str, Any]:
        """Each day read; what is no time of service is said at its day."""
        data = super().clean() or {}
        for n in range(MAKE_UP_WEEKDAY + 1):
            try:
                data[f"day{n}"] = read_hours(data.get(f"day{n}", ""))
            except Invalid as refused:
                self.add_error(f"day{n}", str(refused.message))
        return data

    def hours(self) -> list[Hours]:
        """What the services take."""
        data = self.cleaned_data
        return [
            Hours(n, row.opens, row.closes, data["capacity"], data["hall"], data["phone"], data["online"])
            for n in range(MAKE_UP_WEEKDAY + 1)
            for row in data[f"day{n}"]
        ]


def hours_of(openings: list[Opening]) -> dict[str, Any]:
    """First values for ``HoursForm``."""
    first: dict[str, Any] = {
        f"day{n}": as_text(Interval(row.opens, row.closes) for row in openings if row.weekday == n)
        for n in range(MAKE_UP_WEEKDAY + 1)
    }
    if openings:
        row = openings[0]
        first |= {"capacity": row.capacity, "hall": row.hall, "phone": row.phone, "online": row.online}
    return first


class ClosureForm(forms.Form):
    """A day on which nothing is booked."""

    day = date_field(_("Day"))
    reason = Text(label=_("Reason"), max_length=200)


class WaitForm(_WhoForm):
    """Somebody who waits for a time between two days."""

    channel = forms.ChoiceField(label=_("How was it asked for?"), choices=STAFF_CHANNELS)
    first_day = date_field(_("First day"))
    last_day = date_field(_("Last day"))
    items = forms.IntegerField(label=_("How many items"), min_value=1, max_value=20, initial=1)
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=20, initial=1)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_day"].initial = today
        self.fields["last_day"].initial = today + timedelta(days=14)


class RuleForm(forms.Form):
    """A new version of a rule, from now on or from a day."""

    code = forms.ChoiceField(label=_("Rule"), choices=[(code, RULES[code]) for code in DEFAULTS])
    amount = forms.IntegerField(label=_("Amount"), min_value=0, max_value=HIGHEST)
    valid_from = date_field(_("From this day (empty: at once)"), required=False)
    reason = Text(label=_("Reason"), max_length=300)
