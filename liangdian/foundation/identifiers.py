"""Numbers with a check digit and telephone numbers: read as people type them, refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import ric, uscc

OLDEST = 130  # years; nobody has been older, so an earlier birth date is a slip

# GB/T 2260, first two digits; 81-83: residence permits of people from Hong Kong, Macao and Taiwan.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# GB 32100: department and kind (may be letters), region (digits), organisation, check digit; no I O Z S V.
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_SEPARATORS = re.compile(r"[\s\-‐-―−.·()\u200b-\u200f\ufeff]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))([2-8]\d{6,7})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}")
_EXTENSION = re.compile(r"(?:转|轉|ext\.?|#|-)\s*(\d{1,6})$", re.IGNORECASE)


class Reason(StrEnum):
    """Why an identifier cannot be right; the room that shows it has the sentence."""

    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"
    PHONE = "phone"


class BadIdentifier(ValueError):
    """The identifier cannot be right; ``reason_code`` is one of ``Reason``. The text is never repeated."""

    def __init__(self, reason_code: Reason) -> None:
        super().__init__(reason_code.value)
        self.reason_code = reason_code


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A plausible resident identity number. ``sex`` is "male" or "female"."""

    number: str
    birth_date: date
    sex: str


def _plain(text: str) -> str:
    """Full-width forms to half-width, separators out, letters upper-case."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _only(pattern: str, number: str) -> None:
    if not re.fullmatch(pattern, number, re.ASCII):
        raise BadIdentifier(Reason.CHARACTERS)


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise BadIdentifier(Reason.BIRTH_DATE) from error
    if born > today or today.year - born.year > OLDEST:
        raise BadIdentifier(Reason.BIRTH_DATE)
    return born


def check_resident_id(text: str, today: date) -> ResidentId:
    """The resident identity number in ``text`` (GB 11643), spaces and full-width digits allowed.

    Only the province is checked of the region: a number keeps the code of the county in which it was
    given, and counties are abolished. Raises BadIdentifier with LENGTH, CHARACTERS, REGION,
    BIRTH_DATE (impossible, after ``today`` or more than 130 years ago) or CHECK_DIGIT.
    """
    number = _plain(text)
    if len(number) != 18:
        raise BadIdentifier(Reason.LENGTH)
    _only(r"\d{17}[\dX]", number)
    if not _PROVINCE.fullmatch(number[:2]):
        raise BadIdentifier(Reason.REGION)
    born = _birth_date(number, today)
    if number[17] != ric.calc_check_digit(number):
        raise BadIdentifier(Reason.CHECK_DIGIT)
    return ResidentId(number=number, birth_date=born, sex="male" if int(number[16]) % 2 else "female")


def check_uscc(text: str) -> str:
    """The unified social credit code in ``text`` (GB 32100), 18 characters in upper case.

    Raises BadIdentifier with LENGTH, CHARACTERS (I O Z S V are never used) or CHECK_DIGIT.
    """
    number = _plain(text)
    if len(number) != 18:
        raise BadIdentifier(Reason.LENGTH)
    if not _USCC.fullmatch(number):
        raise BadIdentifier(Reason.CHARACTERS)
    if number[17] != uscc.calc_check_digit(number):
        raise BadIdentifier(Reason.CHECK_DIGIT)
    return number


def normalise_phone(text: str) -> str:
    """One spelling for each mainland telephone number, so that it can be found again.

    ``13912345678``; with area code ``0512-65221234`` (extension: ``0512-65221234-801``); without,
    ``65221234``; ``4008001234``. Full-width digits, spaces, brackets, +86 and 0086 are understood.
    Raises BadIdentifier with PHONE for anything else.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    extension = ""
    number = _read_phone(shown)
    if number is None and (tail := _EXTENSION.search(shown)):
        number, extension = _read_phone(shown[: tail.start()]), f"-{tail.group(1)}"
    if number is None:
        raise BadIdentifier(Reason.PHONE)
    return number + extension


def _read_phone(shown: str) -> str | None:
    digits = _SEPARATORS.sub("", shown)
    abroad = re.match(r"(\+|00)86", digits)
    if abroad or re.fullmatch(r"86" + _MOBILE.pattern, digits):
        digits = digits[abroad.end() if abroad else 2 :]
        if re.fullmatch(r"[1-9]\d{8,10}", digits, re.ASCII) and not _MOBILE.fullmatch(digits):
            digits = "0" + digits
    if not digits.isascii() or not digits.isdigit():
        return None
    if _MOBILE.fullmatch(digits) or _LOCAL.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    return f"{landline.group(1)}-{landline.group(2)}" if landline else None
