"""Sample data for the page of components. All persons are invented."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy

from liangdian.platform.ui.dates import day_words


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=pgettext_lazy("sample", "Name"), max_length=100)
    phone = forms.CharField(
        label=pgettext_lazy("sample", "Phone"),
        required=False,
        help_text=pgettext_lazy("sample", "We call only about this matter."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("sample", "What is it about?"),
        widget=forms.RadioSelect,
        choices=[
            ("help", pgettext_lazy("sample", "Request for help")),
            ("complaint", pgettext_lazy("sample", "Complaint")),
        ],
    )
    channel = forms.ChoiceField(
        label=pgettext_lazy("sample", "How did it reach us?"),
        choices=[("window", pgettext_lazy("sample", "Window")), ("phone", pgettext_lazy("sample", "Phone"))],
    )
    needs = forms.MultipleChoiceField(
        label=pgettext_lazy("sample", "What should we know?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("walk", pgettext_lazy("sample", "Walks with difficulty")),
            ("sight", pgettext_lazy("sample", "Sees badly")),
        ],
    )
    words = forms.CharField(label=pgettext_lazy("sample", "In the resident's words"), widget=forms.Textarea)
    told = forms.BooleanField(
        label=pgettext_lazy("sample", "The resident knows who is responsible"), required=False
    )


class SampleFilter(forms.Form):
    """A filter bar of usual size."""

    words = forms.CharField(label=pgettext_lazy("sample", "Words"), required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("sample", "Kind"),
        required=False,
        choices=[("", pgettext_lazy("sample", "All")), ("help", pgettext_lazy("sample", "Request for help"))],
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
        "page": {
            "next_url": "?after=1",
            "previous_url": "?before=1",
            "words": pgettext("sample", "25 of about 120"),
        },
        "facts": [
            {"label": pgettext("sample", "First handler"), "value": "李慧", "url": "#"},
            {
                "label": pgettext("sample", "How to reach"),
                "value": pgettext("sample", "window %(number)s") % {"number": 2},
            },
            {"label": pgettext("sample", "Stand-in"), "value": ""},
        ],
        "crumbs": [
            {"label": pgettext("sample", "Service guides"), "url": "#"},
            {"label": pgettext("sample", "Civil affairs"), "url": "#"},
            {"label": pgettext("sample", "Old-age card"), "url": "#"},
        ],
        "steps": [
            {"label": pgettext("sample", "What is it about?"), "done": True},
            {"label": pgettext("sample", "Who are you?"), "current": True},
            {"label": pgettext("sample", "Check and send")},
        ],
        "changes": [{"label": pgettext("sample", "Phone"), "before": "138****2211", "now": "139****0062"}],
    }


def _promises(now: dt.datetime) -> list[SimpleNamespace]:
    def light(tone: str, headline: str, detail: str = "", count: int | None = None) -> SimpleNamespace:
        return SimpleNamespace(tone=tone, headline=headline, detail=detail, count=count)

    def promised(days: int) -> str:
        return pgettext("sample", "promised by %(day)s") % {"day": day_words(now + dt.timedelta(days=days))}

    return [
        light("late", pgettext("sample", "Overdue by 1 day"), promised(-1), 1),
        light("soon", pgettext("sample", "3 working days left"), promised(4), 3),
        light("fine", pgettext("sample", "12 working days left"), promised(18), 12),
        light("done", pgettext("sample", "Promise kept")),
        light("none", pgettext("sample", "No promise runs"), pgettext("sample", "We wait for the resident.")),
    ]


def _entries(now: dt.datetime) -> list[SimpleNamespace]:
    def entry(hours: int, title: str, icon: str, **more: Any) -> SimpleNamespace:
        fields = {"actor_name": "李慧", "text": "", "internal": False}
        fields |= {"document_url": "", "document_label": ""}
        return SimpleNamespace(at=now - dt.timedelta(hours=hours), title=title, icon=icon, **(fields | more))

    missing = pgettext("sample", "One recent photograph is missing.")
    told = pgettext("sample", "Told by phone; we take the photograph at the home visit.")
    return [
        entry(2, pgettext("sample", "Returned to the first handler"), "arrow-back-up", text=missing),
        entry(3, pgettext("sample", "Note"), "note", text=told, internal=True),
        entry(20, pgettext("sample", "Referred to the sub-district"), "arrow-forward-up"),
        entry(
            26,
            pgettext("sample", "Accepted"),
            "check",
            document_url="#",
            document_label=pgettext("sample", "Receipt (PDF)"),
        ),
        entry(27, pgettext("sample", "Registered"), "file-plus"),
    ]


def _rows(now: dt.datetime) -> list[dict[str, Any]]:
    titles = [
        pgettext("sample", "Old-age card"),
        pgettext("sample", "Street lamp broken for three weeks"),
        pgettext("sample", "Advice on medical insurance"),
    ]
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
