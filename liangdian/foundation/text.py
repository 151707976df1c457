"""Typed text, made safe to store: any form may call this on anything that a person typed."""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\t"}


def clean(text: str) -> str:
    """``text`` in normal form NFC, line ends as newlines, trimmed, without characters nobody can see.

    Removed: NUL and other control characters (except newline and tab) and lone surrogates, which
    PostgreSQL cannot store. Emoji, rare characters and joiners stay as typed.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = (c for c in lines if c in _KEPT or unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(shown)).strip()
