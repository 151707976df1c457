"""Words for searching Chinese and English: single characters and pairs of them, and whole words.

Traditional characters are folded into simplified ones, full width into half width, capitals into small
letters, so that a search finds a text however it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import opencc
from django.contrib.postgres.search import SearchQuery

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+")
_MAX_TOKENS = 3_000
_LONGEST_WORD = 200  # PostgreSQL refuses words of more than 2,046 bytes


@cache
def _folding() -> dict[int, str]:
    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {ord(old): new.split(" ")[0] for old, new in pairs if len(old) == 1}


def fold(text: str) -> str:
    """``text`` in the one form in which it is indexed and searched."""
    return unicodedata.normalize("NFKC", text).lower().translate(_folding())


def runs_of(text: str) -> list[str]:
    """The runs of Chinese characters, and of letters and digits, that a search looks for; at most twelve."""
    return _RUN.findall(fold(text))[:12]


def tokens(text: str) -> list[str]:
    """The distinct index words of ``text``, in order of appearance, at most 3,000."""
    found: dict[str, None] = {}
    for run in _RUN.findall(fold(text)):
        if run[0] < "\u3400":
            found[run[:_LONGEST_WORD]] = None
            continue
        for i, character in enumerate(run):
            found[character] = None
            if i:
                found[run[i - 1 : i + 1]] = None
    return list(found)[:_MAX_TOKENS]


def vector_text(*texts: str) -> str:
    """The search vector of some texts, as a tsvector literal."""
    return " ".join(f"'{token}'" for token in sorted(tokens(" ".join(texts))))


def query_of(text: str) -> SearchQuery | None:
    """All words of ``text`` must occur; pairs for Chinese, word beginnings for letters and digits.

    None when there is nothing to search for.
    """
    parts: list[str] = []
    for run in runs_of(text):
        if run[0] < "\u3400":
            parts.append(f"'{run[:_LONGEST_WORD]}':*")
        elif len(run) == 1:
            parts.append(f"'{run}'")
        else:
            parts += [f"'{run[i : i + 2]}'" for i in range(len(run) - 1)]
    if not parts:
        return None
    return SearchQuery(" & ".join(parts), search_type="raw", config="simple")
