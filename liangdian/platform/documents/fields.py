"""The form field for files, inside this room and above it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.txt,.heic,image/*"


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class Files(forms.FileField):
    """One file or several; what each really is, the service finds out."""

    def __init__(self, *, most: int, **options: Any) -> None:
        options.setdefault("widget", _SeveralFiles(attrs={"accept": ACCEPTED}))
        options.setdefault("error_messages", {"required": _("Choose a file first.")})
        super().__init__(**options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        """The files that were chosen. Raises ValidationError for none and for too many."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > self.most:
            raise forms.ValidationError(
                _("Send %(n)s files at a time at most."), code="many", params={"n": self.most}
            )
        return list(given)
