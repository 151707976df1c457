"""Personal data as the screen shows it: enough to recognise, too little to use."""

from __future__ import annotations


def mask_phone(text: str) -> str:
    """``138****5678``; shorter numbers keep only their last two digits."""
    if len(text) < 9:
        return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 2 else "*" * len(text)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def mask_identity(text: str) -> str:
    """``522***********1234``: three characters of the region and the last four."""
    if len(text) < 9:
        return "*" * len(text)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def mask_name(text: str) -> str:
    """``王*明``, ``王*``: the first character, and the last one of names with three or more."""
    if len(text) < 2:
        return "*" * len(text)
    if len(text) == 2:
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def mask_email(text: str) -> str:
    """``w***@example.org``: the first letter and the host."""
    name, _at, host = text.partition("@")
    return f"{name[:1]}***@{host}"
