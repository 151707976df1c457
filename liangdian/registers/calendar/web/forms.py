"""Forms of the calendar: a year's table, and the hours of the week."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.ui.fields import Text
from liangdian.registers.calendar import hours, table
from liangdian.registers.calendar.models import WEEKDAYS
from liangdian.registers.calendar.rules import Departure, Interval

LARGEST_FILE = 200_000  # bytes; a year's table has about two thousand
SHOWN_PROBLEMS = 10


class YearForm(forms.Form):
    """The table of one year, typed or from a file (the file wins), and where it comes from."""

    source = Text(
        label=_("Where the table comes from"),
        max_length=200,
        help_text=_("For example the number of the State Council's notice."),
    )
    table = Text(
        label=_("Table of the year"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_("One line a day: date, holiday or make_up, name. Weekends need no line of their own."),
    )
    file = forms.FileField(
        label=_("Or a file (CSV or .xlsx)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        try:
            data["table"] = self._typed(data)
        except Invalid as refused:
            self.add_error("file", str(refused))
            return data
        data["rows"] = self._rows(data["table"])
        return data

    @staticmethod
    def _typed(data: dict[str, Any]) -> str:
        upload = data.get("file")
        if not upload:
            return data.get("table") or ""
        if upload.size > LARGEST_FILE:
            raise Invalid(_("This file is too large to be the table of one year."))
        return clean(table.decode(upload.read()))

    def _rows(self, text: str) -> list[Departure]:
        if not text:
            self.add_error("table", _("Paste the table or choose a file."))
            return []
        rows, problems = table.read_table(text)
        for problem in problems[:SHOWN_PROBLEMS]:
            self.add_error("table", problem)
        return rows


class HoursForm(forms.Form):
    """One line for each day of the week and one for make-up working days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS:
            self.fields[f"day_{weekday}"] = Text(label=name, required=False, max_length=120)

    @classmethod
    def showing(cls, week: dict[int, list[Interval]]) -> HoursForm:
        """The form as it stands for ``week``."""
        return cls(initial={f"day_{day}": hours.as_text(week.get(day, [])) for day, _name in WEEKDAYS})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["week"] = {}
        for weekday, _name in WEEKDAYS:
            try:
                data["week"][weekday] = hours.read_hours(data.get(f"day_{weekday}", ""))
            except Invalid as refused:
                self.add_error(f"day_{weekday}", str(refused))
        return data
