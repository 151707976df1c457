"""Identity and phone numbers as they are typed: read into one written form, or refused with a sentence."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.identifiers import (
    BadIdentifier,
    Reason,
    ResidentId,
    check_resident_id,
    normalise_phone,
)
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean

_IDENTITY_SENTENCES = {
    Reason.LENGTH: _("An identity number has 18 characters. Please count them again."),
    Reason.CHARACTERS: _("An identity number has 17 digits and a digit or X at the end."),
    Reason.REGION: _("The first six digits of this identity number are not a region."),
    Reason.BIRTH_DATE: _("The date of birth inside this identity number is impossible."),
    Reason.CHECK_DIGIT: _("The last character of this identity number does not fit. A digit was mistyped."),
}
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_DIGITS_OF_A_NUMBER = 5  # names have none; house numbers and years have fewer


def read_identity(text: str, *, today: date) -> ResidentId | None:
    """The identity number in ``text`` (GB 11643), None when it is empty. Raises Invalid with a sentence."""
    if not clean(text):
        return None
    try:
        return check_resident_id(clean(text), today)
    except BadIdentifier as bad:
        sentence = _IDENTITY_SENTENCES.get(bad.reason_code, _("This is no identity number."))
        raise Invalid(sentence, field="identity") from bad


def read_phone(text: str) -> str:
    """The phone number in ``text`` in its one written form, empty when there is none. Raises Invalid."""
    if not clean(text):
        return ""
    try:
        return normalise_phone(clean(text))
    except BadIdentifier as bad:
        raise Invalid(
            _("This is no phone number. A mobile has 11 digits; a landline begins with its area code."),
            field="phone",
        ) from bad


def read_email(text: str) -> str:
    """The e-mail address in ``text``, its host in small letters; empty when there is none. Raises Invalid."""
    address = clean(text)
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as bad:
        raise Invalid(_("This is no e-mail address. It looks like name@example.org."), field="email") from bad
    name, _at, host = address.rpartition("@")
    return f"{name}@{host.lower()}"


def holds_a_number(text: str) -> bool:
    """True when ``text`` is meant as a phone or identity number, however it was typed."""
    return sum(c.isdigit() for c in text) >= _DIGITS_OF_A_NUMBER


def whole_identity(text: str) -> str:
    """``text`` as an identity number in its one written form; empty when it cannot be a whole one."""
    compact = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()
    return compact if _IDENTITY.fullmatch(compact) else ""


def whole_phone(text: str) -> str:
    """``text`` as a phone number in its one written form; empty when it cannot be a whole one."""
    try:
        return normalise_phone(text)
    except BadIdentifier:
        return ""
