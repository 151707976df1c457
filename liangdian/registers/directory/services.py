"""Drawing areas and naming who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid, NotFound
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.audit import services as audit
from liangdian.registers.directory import policy, rules
from liangdian.registers.directory.models import Answerable, Area, AreaLine
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.states import Part, Problem
from liangdian.registers.directory.wording import NO_SUCH_AREA, NO_SUCH_LINE
from liangdian.registers.organisation.selectors import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers: an account or a name, his part, his problems (none: all), and how to reach him."""

    part: str
    phone: str
    user_id: int | None = None
    name: str = ""
    problems: Iterable[str] = ()
    place: str = ""


@transaction.atomic
def make_area(
    *, actor: Actor, unit: Unit, name: str, at: datetime, names: Mapping[str, str] | None = None
) -> Area:
    """A new area of a community, still without houses. A second one of the name is refused."""
    policy.require_draw(actor, unit.path)
    area = Area(unit=unit, name=clean(name), names=dict(names or {}), created_at=at)
    if not area.name:
        raise Invalid(_("Please give the area a name."), field="name")
    if Area.objects.filter(unit=unit, name=area.name).exists():
        raise Invalid(_("This community has an area of this name. Please choose another name."), field="name")
    area.save()
    audit.record(actor, "area_made", "directory.area", area.pk, area.name, at)
    return area


@transaction.atomic
def add_line(*, actor: Actor, area_id: int, line: Line, since: date, at: datetime) -> AreaLine:
    """Houses that belong to the area from ``since`` on. Overlaps are allowed and reported."""
    area = _locked(area_id)
    policy.require_draw(actor, area.unit.path)
    line = Line(clean(line.lane), clean(line.buildings), clean(line.entrance))
    rules.check_line(line)
    row = AreaLine(area=area, lane=line.lane, buildings=line.buildings, entrance=line.entrance, since=since)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("The area has this line already."), field="lane") from error
    audit.record(actor, "area_line_added", "directory.area", area.pk, str(row), at)
    return row


@transaction.atomic
def end_line(*, actor: Actor, line_id: int, on: date, at: datetime) -> AreaLine:
    """From ``on`` these houses no longer belong to the area."""
    row = (
        AreaLine.objects.select_for_update(of=("self",))
        .select_related("area__unit")
        .filter(pk=line_id)
        .first()
    )
    if row is None:
        raise NotFound(NO_SUCH_LINE)
    policy.require_draw(actor, row.area.unit.path)
    if row.until is None:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
        audit.record(actor, "area_line_ended", "directory.area", row.area_id, str(row), at)
    return row


@transaction.atomic
def name_person(*, actor: Actor, area_id: int, person: Person, since: date, at: datetime) -> Answerable:
    """Somebody answers for the area from ``since`` on; phone and place are published."""
    area = _locked(area_id)
    policy.require_draw(actor, area.unit.path)
    row = _checked(area, person, since)
    same = Answerable.objects.filter(area=area, part=row.part, user=row.user, name=row.name)
    if same.filter(until__isnull=True).exists():
        raise Invalid(_("This person answers for the area already."), field="user")
    row.save()
    audit.record(actor, "area_person_named", "directory.area", area.pk, row.person, at)
    return row


def _checked(area: Area, person: Person, since: date) -> Answerable:
    name, phone = clean(person.name), clean(person.phone)
    if bool(name) == (person.user_id is not None):
        raise Invalid(
            _("Please choose a colleague, or type the name of somebody without account."), field="user"
        )
    if person.part not in Part.values:
        raise Invalid(_("Please choose in which part this person answers."), field="part")
    if not phone:
        raise Invalid(_("Please type the office phone: residents are shown it."), field="phone")
    problems = sorted(set(person.problems))
    if not set(problems) <= set(Problem.values):
        raise Invalid(_("Please choose the problems from the list."), field="problems")
    user = accounts.user_by_id(person.user_id) if person.user_id is not None else None
    if user is not None and not user.is_active:
        raise Invalid(_("This account is closed. Please choose somebody else."), field="user")
    return Answerable(
        area=area, part=person.part, user=user, name=name, problems=problems, phone=phone,
        place=clean(person.place), since=since,
    )  # fmt: skip


@transaction.atomic
def end_person(*, actor: Actor, person_id: int, on: date, at: datetime) -> Answerable:
    """From ``on`` the person no longer answers for the area; the row stays as history."""
    row = _locked_person(person_id)
    policy.require_draw(actor, row.area.unit.path)
    if row.until is None:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
        audit.record(actor, "area_person_ended", "directory.area", row.area_id, row.person, at)
    return row


@transaction.atomic
def change_reach(*, actor: Actor, person_id: int, phone: str, place: str, at: datetime) -> Answerable:
    """Another phone or place of somebody who answers."""
    row = _locked_person(person_id)
    policy.require_draw(actor, row.area.unit.path)
    row.phone, row.place = clean(phone), clean(place)
    if not row.phone:
        raise Invalid(_("Please type the office phone: residents are shown it."), field="phone")
    row.save(update_fields=["phone", "place"])
    audit.record(actor, "area_person_reach_changed", "directory.area", row.area_id, row.person, at)
    return row


def _locked(area_id: int) -> Area:
    area = Area.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=area_id).first()
    if area is None:
        raise NotFound(NO_SUCH_AREA)
    return area


def _locked_person(person_id: int) -> Answerable:
    rows = Answerable.objects.select_for_update(of=("self",)).select_related("area__unit", "user")
    row = rows.filter(pk=person_id).first()
    if row is None:
        raise NotFound(NO_SUCH_LINE)
    return row
