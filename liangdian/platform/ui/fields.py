"""Form fields that every form with free text uses, inside this room and above it."""

from __future__ import annotations

from typing import Any

from django import forms

from liangdian.foundation.text import clean


class Text(forms.CharField):
    """A line or an area of text without NUL and control characters; any length is told, none is cut.

    ``needed``: not optional, although only the service, with its own sentence, refuses the empty field.
    """

    def __init__(self, *, needed: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.needed = needed

    def to_python(self, value: object) -> str:
        return clean(str(value)) if value else ""


def area(rows: int = 4) -> forms.Textarea:
    """A text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})
