"""Pure rules of the directory: how a line of an area is written, and how well it fits an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.platform.search.vectors import fold

_NUMBERS = re.compile(r"^(\d{1,4})(?:-(\d{1,4}))?$")
_ENTRANCE = re.compile(r"(\d{1,3})(?:单元|门|entrance|unit)")
_NUMBER = re.compile(r"\d{1,4}")
_LATIN = re.compile(r"[0-9a-z]")

# How well a line fits an address; a more exact line comes before a wider one.
NO, ONLY_LANE_ASKED, LANE, BUILDING, ENTRANCE = range(5)


@dataclass(frozen=True, slots=True)
class Line:
    """A lane, optionally only some buildings of it (``12`` or ``1-19``), optionally one entrance of them."""

    lane: str
    buildings: str = ""
    entrance: str = ""


def squeezed(text: str) -> str:
    """``text`` folded as the search folds it, without spaces."""
    return "".join(fold(text).split())


def check_line(line: Line) -> None:
    """Raises ``Invalid`` when a line cannot be read as lane, buildings, entrance."""
    if len(squeezed(line.lane)) < 2:
        raise Invalid(_("Please type the name of the lane, such as East Gate Street."), field="lane")
    if line.buildings:
        low, high = numbers_of(line.buildings)
        if low > high:
            raise Invalid(_("The first number is the larger one. Please turn them round."), field="buildings")
    if line.entrance and not line.buildings:
        raise Invalid(_("An entrance belongs to a building. Please type its number too."), field="buildings")
    if line.entrance and not re.fullmatch(r"\d{1,3}", line.entrance):
        raise Invalid(_("Please type the entrance as a number, such as 3."), field="entrance")


def numbers_of(buildings: str) -> tuple[int, int]:
    """The first and the last number that ``12`` or ``1-19`` means. Raises ``Invalid``."""
    found = _NUMBERS.match(buildings)
    if found is None:
        raise Invalid(
            _("Please type one number or two with a hyphen, such as 12 or 1-19."), field="buildings"
        )
    return int(found[1]), int(found[2] or found[1])


def lane_in(address: str, lanes: Iterable[str]) -> str:
    """The lane that an address names: the longest that occurs in it, empty when there is none."""
    text = squeezed(address)
    return max((lane for lane in lanes if squeezed(lane) in text), key=lambda x: len(squeezed(x)), default="")


def fits(line: Line, address: str) -> int:
    """How well ``line`` fits ``address``: ``NO`` up to ``ENTRANCE``.

    The number of the building is the first after the lane, or the one before an English name. Who names only
    the lane is also shown those who answer for a part of it (``ONLY_LANE_ASKED``).
    """
    before, found, after = squeezed(address).partition(squeezed(line.lane))
    if not found:
        return NO
    if not line.buildings:
        return LANE
    number = _NUMBER.search(after)
    if number is None and _LATIN.match(found):
        number = _NUMBER.search(before)
    if number is None:
        return ONLY_LANE_ASKED
    low, high = numbers_of(line.buildings)
    if not low <= int(number[0]) <= high:
        return NO
    if not line.entrance:
        return BUILDING
    entrance = _ENTRANCE.search(after)
    return ENTRANCE if entrance and int(entrance[1]) == int(line.entrance) else NO


def meet(one: Line, other: Line) -> bool:
    """True when two lines name the same houses with the same exactness: then two areas overlap."""
    if squeezed(one.lane) != squeezed(other.lane) or bool(one.buildings) != bool(other.buildings):
        return False
    if not one.buildings:
        return True
    (a, b), (c, d) = numbers_of(one.buildings), numbers_of(other.buildings)
    return a <= d and c <= b and one.entrance == other.entrance


def counts_on(day: date, *, since: date, until: date | None) -> bool:
    """True from ``since`` up to, not including, ``until``."""
    return since <= day and (until is None or day < until)
