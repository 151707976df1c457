"""The three languages of the screens: how each is called in itself and how HTML names it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Language:
    """``code`` is Django's, ``tag`` the HTML ``lang`` attribute, ``short`` fits a phone's header."""

    code: str
    tag: str
    name: str
    short: str


LANGUAGES = (
    Language("zh-hans", "zh-Hans", "简体中文", "简"),
    Language("zh-hant", "zh-Hant", "繁體中文", "繁"),
    Language("en", "en", "English", "EN"),
)
_BY_CODE = {language.code: language for language in LANGUAGES}


def current() -> Language:
    """The reader's language; Simplified Chinese when none is active."""
    return _BY_CODE.get((get_language() or "").lower(), LANGUAGES[0])


def is_offered(code: str) -> bool:
    return code in _BY_CODE
