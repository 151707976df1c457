"""The catalogues of the rooms: read, compared with what the rooms say, compiled.

People write Simplified Chinese (``locale/zh_Hans``). Traditional Chinese is made from it by OpenCC when it
is compiled; where OpenCC chooses the wrong word a room's ``locale/zh_Hant`` holds only the corrections.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

from liangdian.platform.ui import extraction
from liangdian.platform.ui.extraction import Sentence

SIMPLIFIED = "zh_Hans"
TRADITIONAL = "zh_Hant"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
_ENGLISH = re.compile(r"[a-z]{2,}")

_HEADER = f"""msgid ""
msgstr ""
"Language: {SIMPLIFIED}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Key = tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """One reason why the translations are not complete, with the room that has to mend it."""

    room: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.room}: {self.reason}: {self.text!r}"


def po_path(room: Path, locale: str = SIMPLIFIED) -> Path:
    return room / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """A catalogue, empty when the room has none yet."""
    if not path.exists():
        return Catalog(charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, charset="utf-8")


def entries(catalogue: Catalog) -> dict[Key, Message]:
    return {(m.context or "", _singular(m.id)): m for m in catalogue if m.id}


def _singular(message_id: object) -> str:
    return str(message_id[0]) if isinstance(message_id, (list, tuple)) else str(message_id)


def translations(message: Message) -> tuple[str, ...]:
    value = message.string
    return tuple(value) if isinstance(value, (list, tuple)) else (value or "",)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")


def to_traditional(text: str) -> str:
    """Traditional characters in their common form; the words stay those of the mainland."""
    return _converter().convert(text)


def traditional(room: Path) -> Catalog:
    """The room's Traditional catalogue: converted, then corrected by hand where the room says so."""
    source = read(po_path(room))
    corrections = entries(read(po_path(room, TRADITIONAL)))
    result = _empty(TRADITIONAL)
    for key, message in entries(source).items():
        corrected = corrections.get(key)
        strings = translations(corrected) if corrected else tuple(map(to_traditional, translations(message)))
        _put(result, message, strings)
    return result


def _empty(locale: str) -> Catalog:
    return Catalog(locale=locale, charset="utf-8", fuzzy=False, project="liangdian")


def _put(catalogue: Catalog, message: Message, strings: Iterable[str]) -> None:
    words = tuple(strings)
    plural = isinstance(message.id, (list, tuple))
    catalogue.add(message.id, words[:1] if plural else words[0], context=message.context, flags=message.flags)


def compile_all(product: Path = extraction.PRODUCT) -> int:
    """Write every ``.mo`` that is older than its sources; returns how many were written."""
    written = 0
    for room in extraction.rooms(product):
        source, corrections = po_path(room), po_path(room, TRADITIONAL)
        if not source.exists():
            continue
        newest = max(path.stat().st_mtime for path in (source, corrections) if path.exists())
        for locale in (SIMPLIFIED, TRADITIONAL):
            target = po_path(room, locale).with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= newest:
                continue
            _write_mo(target, _compilable(room, locale))
            written += 1
    return written


def _compilable(room: Path, locale: str) -> Catalog:
    if locale == TRADITIONAL:
        return traditional(room)
    result = _empty(SIMPLIFIED)
    for message in entries(read(po_path(room))).values():
        _put(result, message, translations(message))
    return result


def _write_mo(target: Path, catalogue: Catalog) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    write_mo(content, catalogue)
    part = target.with_suffix(".mo.part")
    part.write_bytes(content.getvalue())
    part.replace(target)


def problems(product: Path = extraction.PRODUCT) -> list[Problem]:
    """Everything that would let a reader see the wrong language, or a broken sentence."""
    known = extraction.rooms(product)
    catalogues = {room: entries(read(po_path(room))) for room in known}
    everywhere = {key: message for found in catalogues.values() for key, message in found.items()}
    home = next((room for room in known if room.name == "ui"), product)
    found: dict[Problem, None] = {}
    for sentence in extraction.sentences(product):
        room = extraction.room_of(sentence.path, known, home)
        message = catalogues.get(room, {}).get(sentence.key) or everywhere.get(sentence.key)
        for reason in _faults(sentence, message):
            found[Problem(_name(room, product), sentence.text, reason)] = None
    for problem in (*_conflicts(catalogues, product), *_unmarked(product, known, home)):
        found[problem] = None
    return list(found)


def _name(room: Path, product: Path) -> str:
    return room.relative_to(product).as_posix()


def _faults(sentence: Sentence, message: Message | None) -> list[str]:
    if message is None:
        return ["not translated"]
    words = translations(message)
    if not any(words) or not words[0]:
        return ["translation is empty"]
    reasons = []
    if message.fuzzy:
        reasons.append("translation is marked fuzzy")
    if sentence.plural and not isinstance(message.id, (list, tuple)):
        reasons.append("plural form is missing")
    if _placeholders(words[0]) != _placeholders(sentence.plural or sentence.text):
        reasons.append("placeholders differ")
    if words[0] == sentence.text and _ENGLISH.search(words[0]):
        reasons.append("left in English")
    return reasons


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text.replace("%%", ""))}


def _conflicts(catalogues: dict[Path, dict[Key, Message]], product: Path) -> list[Problem]:
    """Django merges all catalogues, so one sentence can only have one translation."""
    seen: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room, found in catalogues.items():
        for key, message in found.items():
            if translations(message)[0]:
                seen[key][translations(message)[0]].append(_name(room, product))
    return [
        Problem(
            " and ".join(sorted(room for rooms in words.values() for room in rooms)),
            key[1],
            "translated differently (" + " / ".join(words) + "), give one of them a context",
        )
        for key, words in seen.items()
        if len(words) > 1
    ]


def _unmarked(product: Path, known: list[Path], home: Path) -> list[Problem]:
    found = []
    for path in sorted(product.rglob("templates/**/*.html")):
        room = _name(extraction.room_of(path, known, home), product)
        if words := extraction.unmarked_words(path):
            found.append(Problem(room, " ".join(words), f"unmarked in {path.name}"))
    return found


def update(product: Path = extraction.PRODUCT) -> dict[str, int]:
    """Bring each room's Simplified catalogue into step: new sentences empty, unused ones out.

    Returns how many sentences wait for a translation, by room.
    """
    known = extraction.rooms(product)
    home = next((room for room in known if room.name == "ui"), product)
    asked: dict[Path, dict[Key, Sentence]] = defaultdict(dict)
    for sentence in extraction.sentences(product):
        asked[extraction.room_of(sentence.path, known, home)].setdefault(sentence.key, sentence)
    waiting = {}
    for room, wanted in asked.items():
        waiting[_name(room, product)] = _update_room(room, wanted)
    return waiting


def _update_room(room: Path, wanted: dict[Key, Sentence]) -> int:
    have = entries(read(po_path(room)))
    result = _empty(SIMPLIFIED)
    missing = 0
    for key, sentence in wanted.items():
        words = translations(have[key])[0] if key in have else ""
        missing += not words
        message_id = (sentence.text, sentence.plural) if sentence.plural else sentence.text
        result.add(message_id, (words,) if sentence.plural else words, context=sentence.context or None)
    _write_po(po_path(room), result)
    return missing


def _write_po(path: Path, catalogue: Catalog) -> None:
    body = BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, no_location=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER + body.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8")
