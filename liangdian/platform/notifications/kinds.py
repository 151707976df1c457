"""How each kind of notice is called. Each room adds the words of its own kinds."""

from __future__ import annotations

_words: dict[str, object] = {}


def name_kinds(words: dict[str, object]) -> None:
    """Add the (lazily translated) words of a room's kinds of notice."""
    _words.update(words)


def words_of(kind: str) -> str:
    """The words of a kind; the kind itself when no room named it."""
    return str(_words.get(kind, kind))
