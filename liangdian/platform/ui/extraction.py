"""Which sentences a room asks gettext for: read from its Python and its templates, never by running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.utils.translation.template import templatize

PRODUCT = Path(__file__).resolve().parents[2]
HOME = PRODUCT / "platform" / "ui"
TEMPLATE_ENDINGS = {".html", ".txt", ".subject"}

_KEYWORDS: dict[str, Any] = {
    name + lazy: spec
    for name, spec in {
        "gettext": (1,),
        "gettext_noop": (1,),
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
} | {"_": (1,)}
_TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_TEMPLATE_CALL = re.compile(rf"\b(gettext|_|ngettext|pgettext|npgettext)\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)")
_MARKED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}|"
    r"{%\s*block\s+\w+_class\s*%}.*?{%\s*endblock|"
    r"<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->|<!doctype[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_DJANGO = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_SPOKEN_ATTRIBUTE = re.compile(
    r"""\b(?:aria-label|placeholder|title|alt|data-confirm|data-confirm-yes|data-label)=["']([^"']*)["']"""
)
_TAG = re.compile(r"<[^>]*>")
_WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")
_NO_LANGUAGE = {"PDF", "CSV", "XLSX", "QR"}
_ENTITY = re.compile(r"&\w+;")


@dataclass(frozen=True)
class Sentence:
    """One thing to translate: where it was found and what gettext is asked for."""

    text: str
    plural: str
    context: str
    path: Path
    line: int

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.text)


def rooms(product: Path = PRODUCT) -> list[Path]:
    """Every Django app of the product: the folders that keep a catalogue."""
    return sorted(found.parent for found in product.rglob("apps.py"))


def room_of(path: Path, known: list[Path], home: Path = HOME) -> Path:
    """The app in whose folder the file lies; files outside of any app belong to the interface."""
    return next((room for room in reversed(known) if room in path.parents), home)


def sentences(product: Path = PRODUCT) -> Iterator[Sentence]:
    """All sentences of all Python files and templates of the product."""
    for path in sorted(product.rglob("*")):
        if path.suffix == ".py":
            yield from from_python(path)
        elif path.suffix in TEMPLATE_ENDINGS and "templates" in path.parts:
            yield from from_template(path)


def from_python(path: Path) -> Iterator[Sentence]:
    with path.open("rb") as source:
        for line, found, _comments, context in extract("python", source, keywords=_KEYWORDS):
            parts = (found,) if isinstance(found, str) else tuple(part for part in found if part)
            if parts and parts[0]:
                plural = parts[1] if len(parts) > 1 else ""
                yield Sentence(parts[0], plural, context or "", path, line)


def from_template(path: Path) -> Iterator[Sentence]:
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in _TEMPLATE_CALL.finditer(calls):
        parts = ast.literal_eval(f"({match.group(2)},)")
        kind = match.group(1)
        context = parts[0] if kind in {"pgettext", "npgettext"} else ""
        words = parts[1:] if context else parts
        line = calls.count("\n", 0, match.start()) + 1
        yield Sentence(words[0], words[1] if len(words) > 1 else "", context, path, line)


def unmarked_words(path: Path) -> list[str]:
    """Words in a template that a reader sees and that no translation can reach."""
    text = _MARKED.sub(" ", path.read_text(encoding="utf-8"))
    text = _DJANGO.sub(" ", text)
    seen = " ".join([*_SPOKEN_ATTRIBUTE.findall(text), _ENTITY.sub(" ", _TAG.sub(" ", text))])
    return [word for word in _WORDS.findall(seen) if word not in _NO_LANGUAGE]
