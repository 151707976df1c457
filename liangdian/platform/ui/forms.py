"""How a refusal of the domain is shown at the field that it belongs to."""

from __future__ import annotations

from django import forms

from liangdian.foundation.refused import Refused


def show_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put the sentence at its field, or above the form when it belongs to none."""
    form.is_valid()
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused.message))
