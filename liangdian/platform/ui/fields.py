"""Form fields that every form with free text uses, inside this room and above it."""

from __future__ import annotations

from django import forms

from liangdian.foundation.text import clean


class Text(forms.CharField):
    """A line or an area of text without NUL and control characters; any length is told, none is cut."""

    def to_python(self, value: object) -> str:
        return clean(str(value)) if value else ""


def area(rows: int = 4) -> forms.Textarea:
    """A text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})
