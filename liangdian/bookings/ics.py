"""An appointment as a calendar file (RFC 5545), for the resident's own calendar. Pure.

One event with fixed fields needs no library: text escaped, lines folded at 75 bytes, times in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What the file says. ``sequence`` grows with every change; ``uid`` stays."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    description: str
    url: str
    cancelled: bool
    stamp: datetime


def as_ics(entry: CalendarEntry) -> bytes:
    """The file, in UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Liangdian//Appointments//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_moment(entry.stamp)}",
        f"DTSTART:{_moment(entry.starts_at)}",
        f"DTEND:{_moment(entry.ends_at)}",
        f"SUMMARY:{_escaped(entry.title)}",
        f"LOCATION:{_escaped(entry.place)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        f"URL:{entry.url}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return "".join(c for c in text if c.isprintable())


def _folded(line: str) -> bytes:
    """The line with its ends, folded between characters so that no piece is longer than 75 bytes."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        code = char.encode()
        room = _LONGEST_LINE - (1 if pieces else 0)
        if len(piece) + len(code) > room:
            pieces.append(piece)
            piece = b""
        piece += code
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"
