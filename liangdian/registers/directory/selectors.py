"""Who answers for an address and a problem, today; and what the areas leave open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations

from django.db.models import Q, QuerySet

from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound
from liangdian.registers.directory import policy, presence, rules
from liangdian.registers.directory.models import Answerable, Area, AreaLine
from liangdian.registers.directory.states import Part, Problem
from liangdian.registers.directory.wording import NO_SUCH_AREA
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.selectors import Unit


@dataclass(frozen=True, slots=True)
class Helper:
    """One who answers, and how to reach him today. ``houses`` is empty when the whole lane is his."""

    part: Part
    name: str
    area: str
    houses: str
    phone: str
    place: str
    on_duty_until: datetime | None
    away: bool
    stand_in: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``lane`` is empty when the address names no lane of the community."""

    lane: str
    helpers: list[Helper]
    nobody: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Fit:
    line: AreaLine
    person: Answerable
    exact: tuple[int, int]


def lanes_of(unit_id: int, day: date) -> list[str]:
    """The lanes of a community as its areas name them, in order."""
    lanes: dict[str, str] = {}
    for lane in _lines(day).filter(area__unit_id=unit_id).values_list("lane", flat=True):
        lanes.setdefault(rules.squeezed(lane), lane)
    return sorted(lanes.values())


def who_helps(*, unit_id: int, address: str, problem: str, at: datetime) -> Answer:
    """Who answers for this address and problem at ``at``, one of each part. At most five queries.

    An exact house comes before a lane, somebody named for the problem before who answers for all of them.
    """
    day = business_date(at)
    lines = list(_lines(day).filter(area__unit_id=unit_id).select_related("area"))
    lane = rules.lane_in(address, {line.lane for line in lines})
    if not lane:
        return Answer("", [])
    same = rules.squeezed(lane)
    lines = [line for line in lines if rules.squeezed(line.lane) == same]
    people = defaultdict(list)
    for person in _people(day).filter(area__in={line.area_id for line in lines}).select_related("user"):
        people[person.area_id].append(person)
    chosen = _chosen(lines, people, address, problem)
    helpers = _reachable(chosen, at)
    missing = [part for part in Part if part not in {helper.part for helper in helpers}]
    return Answer(lane, helpers, missing)


def _chosen(
    lines: Sequence[AreaLine], people: dict[int, list[Answerable]], address: str, problem: str
) -> list[_Fit]:
    """The best fits of each part; several of a part only when nothing tells them apart."""
    found: dict[str, list[_Fit]] = defaultdict(list)
    for line in lines:
        exact = rules.fits(line.line, address)
        for person in people[line.area_id] if exact else ():
            if not person.problems or problem in person.problems:
                found[person.part].append(_Fit(line, person, (exact, int(bool(person.problems)))))
    chosen: list[_Fit] = []
    for part in Part:
        best = max((fit.exact for fit in found[part]), default=None)
        once = {fit.person.pk: fit for fit in found[part] if fit.exact == best}
        chosen += once.values()
    return chosen


def _reachable(fits: Sequence[_Fit], at: datetime) -> list[Helper]:
    ids = {fit.person.user_id for fit in fits if fit.person.user_id is not None}
    here = presence.of(ids, at)
    instead = organisation.stand_ins_on(ids, business_date(at))
    return [_helper(fit, here, instead) for fit in fits]


def _helper(fit: _Fit, here: Mapping[int, presence.Presence], instead: dict[int, str]) -> Helper:
    person, line = fit.person, fit.line
    known = here.get(person.user_id or 0, presence.Presence())
    stand_in = instead.get(person.user_id or 0, "")
    return Helper(
        part=Part(person.part), name=person.person, area=line.area.label,
        houses=" · ".join(part for part in (line.buildings, line.entrance) if part),
        phone=person.phone, place=person.place, on_duty_until=known.on_duty_until,
        away=known.away or bool(stand_in), stand_in=stand_in,
    )  # fmt: skip


def areas_for(actor: Actor, unit: Unit) -> list[Area]:
    """The areas of a community, by name; who helps is no secret."""
    return list(Area.objects.filter(unit=unit).order_by("name"))


def area_for(actor: Actor, area_id: int) -> Area:
    """One area with its unit, or ``NotFound``."""
    area = Area.objects.select_related("unit").filter(pk=area_id).first()
    if area is None:
        raise NotFound(NO_SUCH_AREA)
    return area


def may_draw(actor: Actor, unit: Unit) -> bool:
    """True when the actor may change the areas of ``unit``."""
    return policy.may_draw(actor, unit.path)


def lines_of(areas: Iterable[Area], day: date) -> dict[int, list[AreaLine]]:
    """The lines that hold on ``day`` or later, by area. One query."""
    rows = AreaLine.objects.filter(_not_over(day), area__in=list(areas))
    return _by_area(rows)


def people_of(areas: Iterable[Area], day: date) -> dict[int, list[Answerable]]:
    """The people who answer on ``day`` or later, by area. One query."""
    rows = Answerable.objects.filter(_not_over(day), area__in=list(areas)).select_related("user")
    return _by_area(rows)


def _by_area(rows: Iterable[AreaLine] | Iterable[Answerable]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.area_id].append(row)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Hole:
    """Nobody answers for ``area`` in ``part``; ``problems`` are those that nobody has (empty: all)."""

    area: Area
    part: Part
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two who answer for the same houses, part and problem, so that a resident is told two names."""

    line: str
    part: Part
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is open on a day. ``no_line``: areas without houses; ``addresses``: known households of none."""

    holes: list[Hole]
    overlaps: list[Overlap]
    no_line: list[Area]


def report(unit: Unit, day: date) -> Report:
    """Holes and overlaps among the areas of ``unit`` on ``day``. Three queries."""
    areas = list(Area.objects.filter(unit=unit).order_by("name"))
    lines, people = (
        _by_area(_lines(day).filter(area__in=areas)),
        _by_area(_people(day).filter(area__in=areas).select_related("user")),
    )
    holes = [hole for area in areas for hole in _holes(area, people.get(area.pk, []))]
    return Report(holes, _overlaps(areas, lines, people), [area for area in areas if not lines.get(area.pk)])


def _holes(area: Area, people: Sequence[Answerable]) -> list[Hole]:
    found = []
    for part in Part:
        held = [person for person in people if person.part == part]
        if any(not person.problems for person in held):
            continue
        covered = {problem for person in held for problem in person.problems}
        missing = [problem for problem in Problem if problem not in covered]
        if missing:
            found.append(Hole(area, part, missing if held else []))
    return found


def _overlaps(
    areas: Sequence[Area], lines: dict[int, list[AreaLine]], people: dict[int, list[Answerable]]
) -> list[Overlap]:
    held = [
        (line, person)
        for area in areas for line in lines.get(area.pk, []) for person in people.get(area.pk, [])
    ]  # fmt: skip
    found: dict[tuple[str, str, frozenset[str]], Overlap] = {}
    for (line, one), (other_line, other) in combinations(held, 2):
        if one.part != other.part or one.pk == other.pk or one.person == other.person:
            continue
        shared = set(one.problems) & set(other.problems) or not (one.problems or other.problems)
        if shared and rules.meet(line.line, other_line.line):
            key = (str(line), one.part, frozenset({one.person, other.person}))
            found.setdefault(key, Overlap(str(line), Part(one.part), one.person, other.person))
    return list(found.values())


def _not_over(day: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=day)


def _lines(day: date) -> QuerySet[AreaLine]:
    return AreaLine.objects.filter(_not_over(day), since__lte=day)


def _people(day: date) -> QuerySet[Answerable]:
    return Answerable.objects.filter(_not_over(day), since__lte=day).order_by("since", "pk")
