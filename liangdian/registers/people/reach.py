"""How a resident is told of things: the ways that are known, in the order that he wishes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_MOBILE = re.compile(r"1[3-9]\d{9}")


class TellBy(TextChoices):
    """What the resident wishes. The other way is used where an installation lacks the wished one."""

    ANY = "", _("What reaches the resident first")
    PHONE = "phone", _("Text message")
    EMAIL = "email", _("E-mail")
    NOTHING = "nothing", _("No messages")


@dataclass(frozen=True, slots=True)
class Way:
    """One way: ``kind`` is "phone" (a mobile number) or "email"; ``to`` in clear, for sending only."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Language, and the ways in order; ``opted_out``: he wants no messages."""

    language: str
    opted_out: bool
    ways: tuple[Way, ...]


def ordered(tell_by: str, points: Iterable[tuple[str, str]]) -> tuple[Way, ...]:
    """The points (kind, value; the preferred one of each kind first) that a message can reach, as ways.

    A landline gets no text messages.
    """
    ways = [Way(kind, to) for kind, to in points if kind != "phone" or _MOBILE.fullmatch(to)]
    first = TellBy.EMAIL if tell_by == TellBy.EMAIL else TellBy.PHONE
    return tuple(sorted(ways, key=lambda way: way.kind != first))
