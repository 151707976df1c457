"""Pure rules of documents: what a file may be called, and which part of it somebody asks for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from liangdian.foundation.text import clean

NAME_LIMIT = 120  # characters; longer names are shortened before their ending


def clean_name(name: str) -> str:
    """A file's name without folders and without characters that make it look like something else.

    Removed: everything up to the last slash of either kind, control characters, and format characters
    such as the one that turns the direction of writing (``gpj.exe``). Shortened to 120 characters before
    the ending. Empty when nothing is left.
    """
    last = clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"} else " " for c in last)
    words = " ".join(shown.split()).strip(" .") if shown.strip(" .") else ""
    stem, dot, ending = words.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: NAME_LIMIT - len(ending) - 1].rstrip(' .')}.{ending}"
    return words[:NAME_LIMIT]


def ending_of(name: str) -> str:
    """The lower-case ending of a cleaned name without the dot; empty when it has none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class UnsatisfiableRange(ValueError):
    """The range begins behind the end (RFC 9110, 14.4)."""


def part_of(header: str, size: int) -> Part | None:
    """The one part that a Range header asks for; None when the whole is to be sent.

    Several parts, another unit than bytes or anything unreadable: the whole, as RFC 9110, 14.2 allows.
    Raises UnsatisfiableRange.
    """
    unit, _, wanted = header.partition("=")
    first, dash, last = wanted.strip().partition("-")
    first, last = first.strip(), last.strip()
    readable = all(not each or (each.isascii() and each.isdigit()) for each in (first, last))
    if unit.strip().lower() != "bytes" or not dash or not readable or not (first or last):
        return None
    # No number that Python would have to read for a long time.
    if len(first) > 18 or len(last) > 18:
        raise UnsatisfiableRange
    if not first:
        if int(last) == 0:
            raise UnsatisfiableRange
        return Part(max(0, size - int(last)), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableRange
    return Part(int(first), min(int(last), size - 1) if last else size - 1)
