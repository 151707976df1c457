"""The form field for files, inside this room and above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Refused
from liangdian.platform.documents.refusals import FIELD
from liangdian.platform.documents.rules import clean_name

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.txt,.heic,image/*"


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class Files(forms.FileField):
    """One file or several; what each really is, the service finds out."""

    def __init__(self, *, most: int, **options: Any) -> None:
        options.setdefault("widget", _SeveralFiles(attrs={"accept": ACCEPTED}))
        options.setdefault("error_messages", {"required": _("Choose a file first.")})
        super().__init__(**options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        """The files that were chosen. Raises ValidationError for none and for too many."""
        given = list(data or [])
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > self.most:
            raise forms.ValidationError(
                _("Send %(n)s files at a time at most."), code="many", params={"n": self.most}
            )
        return given


def keep_each(files: list[UploadedFile], keep: Callable[[str, BinaryIO], object]) -> list[str]:
    """Call ``keep(name, file)`` for each file; the sentences about those that were refused.

    One bad file does not keep out the good ones. Refusals of something else than the file are passed on.
    """
    refused = []
    for file in files:
        name = file.name or ""
        try:
            keep(name, cast(BinaryIO, file))
        except Refused as refusal:
            if refusal.field != FIELD:
                raise
            refused.append(_("“%(name)s”: %(why)s") % {"name": clean_name(name), "why": refusal.message})
    return refused
