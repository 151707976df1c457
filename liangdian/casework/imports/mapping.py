"""A mapping says how the columns of a foreign table become matters: data in TOML, never code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from liangdian.casework.states import Channel, Kind, State
from liangdian.foundation.refused import Invalid

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
OTHERWISE = "*"
STATES = (State.RECEIVED, State.HANDLING, State.WAITING, State.CLOSED, State.WITHDRAWN)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class BadMapping(Invalid):
    """The mapping cannot be used; the sentence names the entry."""

    code = "bad-mapping"


@dataclass(frozen=True, slots=True)
class Named:
    """A name and its translations."""

    name: str
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What a type becomes: a kind, and an item in a category. ``name`` empty: the type itself."""

    kind: str
    category: str
    name: str = ""
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateRule:
    """What a status of the source becomes; ``answer`` is what stands as answer or reason of the ending."""

    state: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping. Column names that the source does not have are empty."""

    name: str
    version: int
    language: str
    zone: ZoneInfo
    formats: tuple[str, ...]
    key: str
    registered: str
    due: str
    closed: str
    type: str
    status: str
    channel: str
    place: tuple[str, ...]
    words: tuple[str, ...]
    categories: Table[str, Named]
    types: Table[str, TypeRule]
    channels: Table[str, str]
    states: Table[str, StateRule]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which no row can be read."""
        named = (self.key, self.registered, self.due, self.closed, self.type, self.status, self.channel)
        return tuple(dict.fromkeys(column for column in named if column))


def shipped_names() -> list[str]:
    """The short names of the mappings that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_mapping(given: str) -> Mapping:
    """The mapping with this short name, or of the file at this path. Raises BadMapping."""
    path = SHIPPED / f"{given}.toml" if given in shipped_names() else Path(given)
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise BadMapping(
            _("There is no mapping “%(name)s”. Give the path of a TOML file, or one of: %(known)s.")
            % {"name": given, "known": ", ".join(shipped_names())}
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(
            _("The mapping %(name)s is not valid TOML: %(reason)s.") % {"name": path.name, "reason": error}
        ) from error
    return _checked(_Reader(path.name, data))


class _Reader:
    """Takes entries out of the parsed file and says clearly which one is wrong."""

    def __init__(self, file: str, data: dict[str, Any]) -> None:
        self.file, self.data = file, data

    def refuse(self, entry: str) -> BadMapping:
        return BadMapping(
            _("The mapping %(file)s: “%(entry)s” is missing or not usable. Compare a shipped one.")
            % {"file": self.file, "entry": entry}
        )

    def table(self, name: str, *, needed: bool = True) -> dict[str, Any]:
        found = self.data.get(name, {})
        if not isinstance(found, dict) or (needed and not found):
            raise self.refuse(f"[{name}]")
        return found

    def text(self, table: dict[str, Any], key: str, entry: str, *, default: str | None = None) -> str:
        found = table.get(key, default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            raise self.refuse(entry)
        return found

    def texts(self, table: dict[str, Any], key: str, entry: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.refuse(entry)
        return tuple(found)

    def one_of(self, value: object, allowed: tuple[str, ...], entry: str) -> str:
        if value not in allowed:
            raise self.refuse(f"{entry} ({', '.join(allowed)})")
        return str(value)

    def names(self, table: dict[str, Any], entry: str) -> dict[str, str]:
        found = table.get("names", {})
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            raise self.refuse(entry)
        return found


def _checked(reader: _Reader) -> Mapping:
    columns, times = reader.table("columns"), reader.table("times")
    name = reader.text(reader.data, "name", "name")
    version = reader.data.get("version", 1)
    if not _NAME.fullmatch(name):
        raise reader.refuse("name (a-z, 0-9, _ and -)")
    if not isinstance(version, int) or not 1 <= version <= 2**31 - 1:
        raise reader.refuse("version")
    formats = reader.texts(times, "formats", "[times] formats")
    if not formats:
        raise reader.refuse("[times] formats")
    required = {
        key: reader.text(columns, key, f"[columns] {key}")
        for key in ("key", "registered", "type", "status", "channel")
    }
    optional = {key: reader.text(columns, key, f"[columns] {key}", default="") for key in ("due", "closed")}
    categories = _categories(reader)
    return Mapping(
        name=name,
        version=version,
        language=reader.text(reader.data, "language", "language", default="zh-hans"),
        zone=_zone(reader, times),
        formats=formats,
        **required,
        **optional,
        place=reader.texts(columns, "place", "[columns] place"),
        words=reader.texts(columns, "words", "[columns] words"),
        categories=categories,
        types=_types(reader, categories),
        channels=_channels(reader),
        states=_states(reader),
    )


def _zone(reader: _Reader, times: dict[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(reader.text(times, "zone", "[times] zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise reader.refuse("[times] zone") from error


def _rows(reader: _Reader, name: str) -> dict[str, dict[str, Any]]:
    """The table ``name``, each entry of which is a table itself."""
    found = reader.table(name)
    for key, row in found.items():
        if not isinstance(row, dict):
            raise reader.refuse(f"[{name}] {key}")
    return found


def _categories(reader: _Reader) -> dict[str, Named]:
    return {
        code: Named(
            reader.text(row, "name", f"[categories] {code} name"),
            reader.names(row, f"[categories] {code} names"),
        )
        for code, row in _rows(reader, "categories").items()
    }


def _types(reader: _Reader, categories: Table[str, Named]) -> dict[str, TypeRule]:
    return {
        key: TypeRule(
            kind=reader.one_of(row.get("kind"), tuple(Kind.values), f"[types] {key} kind"),
            category=reader.one_of(row.get("category"), tuple(categories), f"[types] {key} category"),
            name=reader.text(row, "name", f"[types] {key} name", default=""),
            names=reader.names(row, f"[types] {key} names"),
        )
        for key, row in _rows(reader, "types").items()
    }


def _channels(reader: _Reader) -> dict[str, str]:
    allowed = tuple(Channel.values)
    found = reader.table("channels")
    return {key: reader.one_of(value, allowed, f"[channels] {key}") for key, value in found.items()}


def _states(reader: _Reader) -> dict[str, StateRule]:
    allowed = tuple(state.value for state in STATES)
    found = {}
    for key, row in _rows(reader, "states").items():
        state = reader.one_of(row.get("state"), allowed, f"[states] {key} state")
        ended = state in {State.CLOSED, State.WITHDRAWN}
        answer = reader.text(row, "answer", f"[states] {key} answer", default=None if ended else "")
        found[key] = StateRule(state, answer)
    return found
