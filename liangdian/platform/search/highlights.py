"""The found words in a text, marked for the screen; and the piece of a long text in which they stand."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from liangdian.platform.search.vectors import fold, runs_of

AROUND = 24  # characters kept on each side of the first found word


def marked(text: str, query: str) -> SafeString:
    """``text`` with every found word in ``<mark>``; everything else is escaped."""
    return _shown(text, _hits(text, query))


def excerpt(text: str, query: str) -> SafeString | str:
    """The piece of ``text`` around the first found word, marked; empty when no word stands in it."""
    line = " ".join(text.split())
    hits = _hits(line, query)
    if True not in hits:
        return ""
    first = hits.index(True)
    start, end = max(0, first - AROUND), min(len(line), first + 2 * AROUND)
    piece = _shown(line[start:end], hits[start:end])
    return format_html_join("", "{}", (("…" if start else "",), (piece,), ("…" if end < len(line) else "",)))


def _shown(text: str, hits: list[bool]) -> SafeString:
    pieces: list[tuple[str, str, str]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hits[end] != hits[start]:
            pieces.append(
                ("<mark>", text[start:end], "</mark>") if hits[start] else ("", text[start:end], "")
            )
            start = end
    return format_html_join("", "{}{}{}", ((_tag(a), word, _tag(b)) for a, word, b in pieces))


def _tag(text: str) -> SafeString:
    return SafeString(text)  # one of the two constants above


def _hits(text: str, query: str) -> list[bool]:
    """Which characters of ``text`` belong to a found word. Folding may change lengths, so each is mapped."""
    folded: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for part in fold(character):
            folded.append(part)
            origin.append(place)
    line, hits = "".join(folded), [False] * len(text)
    for needle, is_word in _needles(query):
        at = line.find(needle)
        while at >= 0:
            # Letters and digits are found by the beginning of a word only.
            if not is_word or at == 0 or not _is_latin(line[at - 1]):
                for place in origin[at : at + len(needle)]:
                    hits[place] = True
            at = line.find(needle, at + 1)
    return hits


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _needles(query: str) -> list[tuple[str, bool]]:
    """What is looked for: single characters and pairs for Chinese, beginnings of words for the rest."""
    found: list[tuple[str, bool]] = []
    for run in runs_of(query):
        if _is_latin(run[0]):
            found.append((run, True))
        elif len(run) == 1:
            found.append((run, False))
        else:
            found += [(run[i : i + 2], False) for i in range(len(run) - 1)]
    return found
