"""A model field whose value is sealed in the database and plain in Python."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from liangdian.platform.crypto.keyring import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Sealed at rest. An empty value stays empty. It can be looked up only by ``isnull``: equal
    texts have different seals, so finding is the work of a blind index beside it."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError("an encrypted field cannot be searched; use its blind index")
        return super().get_lookup(lookup_name)
