"""One act on a case as a page: its words, its form, its service; the spine's acts and the desks'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from liangdian.casework.models import Case
from liangdian.platform.ui.fields import Text, area


class ActForm(forms.Form):
    """The base of every act's form: it knows up to which event the person had seen the case."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def fit(self, case: Case) -> None:
        """Fill the choices that depend on the case."""


def text_form(field: str, label: Any, help_text: Any = "", rows: int = 4) -> type[ActForm]:
    """A form with one text field."""
    return type(
        "TextForm",
        (ActForm,),
        {field: Text(label=label, help_text=help_text, widget=area(rows), required=False, needed=True)},
    )


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act as a page. ``form`` None means one button is enough; ``arguments``: parameter → form field.

    ``service`` takes ``actor``, ``case_id``, ``at``, the arguments, and ``seen`` where it refuses to act on
    a case that changed meanwhile. The act of a desk has the desk's name before a dot: ``petitions.accept``.
    """

    act: str
    label: object
    icon: str
    service: Callable[..., Any]
    form: type[ActForm] | None = None
    arguments: Mapping[str, str] | None = None
    lede: object = ""
    confirm: object = ""
