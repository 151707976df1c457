"""What stands in the rail, the top bar and the resident's header: each room registers its own doors.

A room calls ``register`` in its ``AppConfig.ready``. Nothing here knows a room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor, Role


class Section(StrEnum):
    """Where an entry stands. Those of the rail come in this order, the rest have a place of their own."""

    WORK = "work"
    HALL = "hall"
    DESKS = "desks"
    REGISTERS = "registers"
    OVERVIEW = "overview"
    SETTINGS = "settings"
    ACT = "act"
    SEARCH = "search"
    BELL = "bell"
    PERSON = "person"
    PUBLIC = "public"


RAIL = {
    Section.WORK: _("Matters"),
    Section.HALL: _("Hall"),
    Section.DESKS: _("Desks"),
    Section.REGISTERS: _("Registers"),
    Section.OVERVIEW: _("Overview"),
    Section.SETTINGS: _("Administration"),
}


@dataclass(frozen=True)
class Entry:
    """One door. ``roles`` empty means everybody on the staff; ``count`` gives the number beside the label."""

    label: object
    url_name: str
    icon: str = "point"
    roles: frozenset[Role] | set[Role] | tuple[Role, ...] = ()
    order: int = 50
    section: str = Section.WORK
    kwargs: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    count: Callable[[Actor], int | None] | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (str(self.section), self.url_name, repr(sorted(self.kwargs.items())), urlencode(self.query))

    @property
    def url(self) -> str:
        """The address, or nothing when the installation has not opened that room."""
        try:
            path = reverse(self.url_name, kwargs=dict(self.kwargs) or None)
        except NoReverseMatch:
            return ""
        return f"{path}?{urlencode(self.query)}" if self.query else path

    def is_open_to(self, actor: Actor | None) -> bool:
        if self.section == Section.PUBLIC:
            return True
        return actor is not None and (not self.roles or actor.holds(*self.roles))


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it on one page."""

    label: object
    url: str
    icon: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    """One titled part of the rail."""

    label: object
    links: tuple[Link, ...]


_entries: dict[tuple[str, str, str, str], Entry] = {}
_names: dict[str, Callable[[Actor | None], str]] = {}


def register(*entries: Entry) -> None:
    """Add doors; the same door registered again replaces the first."""
    for entry in entries:
        _entries[entry.key] = entry


def provide_names(
    *,
    unit_name: Callable[[Actor | None], str] | None = None,
    centre_name: Callable[[Actor | None], str] | None = None,
) -> None:
    """Let the room that knows units say how the person's unit and the centre are called."""
    for key, provider in (("unit", unit_name), ("centre", centre_name)):
        if provider is not None:
            _names[key] = provider


def name_of(what: str, actor: Actor | None) -> str:
    """The provided name of ``unit`` or ``centre``, or an empty string."""
    provider = _names.get(what)
    return provider(actor) if provider else ""


def registered() -> tuple[Entry, ...]:
    return tuple(_entries.values())


def entries(section: str, actor: Actor | None) -> list[Entry]:
    """The entries of a section that this person may open, in order."""
    found = [e for e in _entries.values() if e.section == section and e.is_open_to(actor)]
    return sorted(found, key=lambda e: (e.order, e.url_name, urlencode(e.query)))


def links(section: str, actor: Actor | None, full_path: str = "") -> tuple[Link, ...]:
    """The links of one section with the current one marked."""
    return _mark([(e, e.url) for e in entries(section, actor)], actor, full_path)


def rail(
    actor: Actor | None, full_path: str = "", counts: Mapping[str, int] | None = None
) -> tuple[Group, ...]:
    """The left rail: only groups with something in them. ``counts``: numbers by address."""
    pairs = [(section, e, e.url) for section in RAIL for e in entries(section, actor)]
    marked = _mark([(e, url) for _section, e, url in pairs], actor, full_path, counts or {})
    open_sections = [section for section, _e, url in pairs if url]
    groups: dict[str, list[Link]] = {}
    for section, link in zip(open_sections, marked, strict=True):
        groups.setdefault(section, []).append(link)
    return tuple(Group(RAIL[Section(section)], tuple(found)) for section, found in groups.items())


def _mark(
    pairs: list[tuple[Entry, str]],
    actor: Actor | None,
    full_path: str,
    counts: Mapping[str, int] | None = None,
) -> tuple[Link, ...]:
    """Exactly one link is current: the one whose address matches the page's most closely."""
    known = counts or {}
    weights = [_closeness(url, full_path) for _entry, url in pairs]
    best = max(weights, default=0)
    current = weights.index(best) if best else -1
    return tuple(
        Link(e.label, url, e.icon, i == current, e.count(actor) if e.count and actor else known.get(url))
        for i, (e, url) in enumerate(pairs)
        if url
    )


def _closeness(url: str, full_path: str) -> int:
    path, _, query = url.partition("?")
    here, _, here_query = full_path.partition("?")
    if not path or not here.startswith(path) or (path == "/" and here != "/"):
        return 0
    if not set(parse_qsl(query)) <= set(parse_qsl(here_query)):
        return 0
    return len(path) * 2 + (1 if query else 0)
