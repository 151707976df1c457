"""Sample data for the page of components. All persons are invented."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangdian.platform.ui.dates import day_words


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), required=False, help_text=gettext_lazy("We call only about this matter.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        widget=forms.RadioSelect,
        choices=[("help", gettext_lazy("Request for help")), ("complaint", gettext_lazy("Complaint"))],
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How did it reach us?"),
        choices=[("window", gettext_lazy("Window")), ("phone", gettext_lazy("Phone"))],
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What should we know?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("walk", gettext_lazy("Walks with difficulty")), ("sight", gettext_lazy("Sees badly"))],
    )
    words = forms.CharField(label=gettext_lazy("In the resident's words"), widget=forms.Textarea)
    told = forms.BooleanField(label=gettext_lazy("The resident knows who is responsible"), required=False)


class SampleFilter(forms.Form):
    """A filter bar of usual size."""

    words = forms.CharField(label=gettext_lazy("Words"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All")), ("help", gettext_lazy("Help"))],
    )


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of the page of components."""
    now = timezone.now()
    return {
        "promises": _promises(now),
        "entries": _entries(now),
        "rows": _rows(now),
        "form": SampleForm(),
        "wrong_form": SampleForm({"name": "", "phone": "138", "kind": "", "channel": "window", "words": ""}),
        "filter_form": SampleFilter(request.GET or None),
        "page": {"next_url": "?after=1", "previous_url": "?before=1", "words": _("25 of about 120")},
        "facts": [
            {"label": _("First handler"), "value": "李慧", "url": "#"},
            {"label": _("How to reach"), "value": _("window %(number)s") % {"number": 2}},
            {"label": _("Stand-in"), "value": ""},
        ],
        "crumbs": [
            {"label": _("Service guides"), "url": "#"},
            {"label": _("Civil affairs"), "url": "#"},
            {"label": _("Old-age card"), "url": "#"},
        ],
        "steps": [
            {"label": _("What is it about?"), "done": True},
            {"label": _("Who are you?"), "current": True},
            {"label": _("Check and send")},
        ],
        "changes": [{"label": _("Phone"), "before": "138****2211", "now": "139****0062"}],
    }


def _promises(now: dt.datetime) -> list[SimpleNamespace]:
    def light(tone: str, headline: str, detail: str = "", count: int | None = None) -> SimpleNamespace:
        return SimpleNamespace(tone=tone, headline=headline, detail=detail, count=count)

    def promised(days: int) -> str:
        return _("promised by %(day)s") % {"day": day_words(now + dt.timedelta(days=days))}

    return [
        light("late", _("Overdue by 1 day"), promised(-1), 1),
        light("soon", _("3 working days left"), promised(4), 3),
        light("fine", _("12 working days left"), promised(18), 12),
        light("done", _("Promise kept")),
        light("none", _("No promise runs"), _("We wait for the resident.")),
    ]


def _entries(now: dt.datetime) -> list[SimpleNamespace]:
    def entry(hours: int, title: str, icon: str, **more: Any) -> SimpleNamespace:
        fields = {"actor_name": "李慧", "text": "", "internal": False}
        fields |= {"document_url": "", "document_label": ""}
        return SimpleNamespace(at=now - dt.timedelta(hours=hours), title=title, icon=icon, **(fields | more))

    missing = _("One recent photograph is missing.")
    told = _("Told by phone; we take the photograph at the home visit.")
    return [
        entry(2, _("Returned to the first handler"), "arrow-back-up", text=missing),
        entry(3, _("Note"), "note", text=told, internal=True),
        entry(20, _("Referred to the sub-district"), "arrow-forward-up"),
        entry(26, _("Accepted"), "check", document_url="#", document_label=_("Receipt (PDF)")),
        entry(27, _("Registered"), "file-plus"),
    ]


def _rows(now: dt.datetime) -> list[dict[str, Any]]:
    titles = [_("Old-age card"), _("Street lamp broken for three weeks"), _("Advice on medical insurance")]
    names = ["王秀英", "阿依古丽·买买提明", "Ms Alexandra Featherstonehaugh-Montgomery"]
    return [
        {
            "number": f"XD-2026-{123 + i:06d}",
            "title": titles[i],
            "name": names[i],
            "at": now - dt.timedelta(days=i),
            "promise": promise,
            "visits": 3 * i + 1,
        }
        for i, promise in enumerate(_promises(now)[:3])
    ]
