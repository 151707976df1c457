"""Who helps: one of each part, today; what is open and doubled is reported; history is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.directory import presence, selectors, services
from liangdian.registers.directory.models import Answerable, AreaLine
from liangdian.registers.directory.presence import Presence
from liangdian.registers.directory.rules import Line
from liangdian.registers.directory.services import Person
from liangdian.registers.directory.states import Part, Problem
from liangdian.registers.organisation import services as organisation
from tests.casework.conftest import NOW
from tests.registers.directory.conftest import DAY, Lanes

TODAY = date(2026, 9, 18)


def _names(lanes: Lanes, address: str = "东关街12号", problem: str = Problem.OTHER) -> dict[Part, list[str]]:
    unit_id = lanes.house.community.pk
    answer = selectors.who_helps(unit_id=unit_id, address=address, problem=problem, at=NOW)
    found: dict[Part, list[str]] = {}
    for helper in answer.helpers:
        found.setdefault(helper.part, []).append(helper.name)
    return found


def test_a_resident_is_told_one_name_of_each_part(lanes: Lanes) -> None:
    for part in Part:
        lanes.name(f"{part.value}甲", part.value)
    assert _names(lanes) == {part: [f"{part.value}甲"] for part in Part}


def test_who_is_named_for_the_problem_comes_before_who_answers_for_everything(lanes: Lanes) -> None:
    lanes.name("王警官")
    lanes.name("调解的李警官", problems=["dispute"])
    assert _names(lanes, problem="dispute") == {Part.POLICE: ["调解的李警官"]}
    assert _names(lanes, problem="safety") == {Part.POLICE: ["王警官"]}


def test_the_own_house_comes_before_the_lane(lanes: Lanes) -> None:
    lanes.name("王警官")
    building = lanes.second("十二号楼")
    lanes.line("东关街", "12", area=building)
    lanes.name("楼里的刘警官", area=building)
    assert _names(lanes, "东关街12号") == {Part.POLICE: ["楼里的刘警官"]}
    assert _names(lanes, "东关街13号") == {Part.POLICE: ["王警官"]}
    assert _names(lanes, "东关街") == {Part.POLICE: ["王警官"]}


def test_an_unknown_lane_and_a_part_without_person_are_said(lanes: Lanes) -> None:
    lanes.name("王警官")
    unit_id = lanes.house.community.pk
    nowhere = selectors.who_helps(unit_id=unit_id, address="月亮街1号", problem="other", at=NOW)
    assert (nowhere.lane, nowhere.helpers) == ("", [])
    answer = selectors.who_helps(unit_id=unit_id, address="东关街1号", problem="other", at=NOW)
    assert set(answer.nobody) == set(Part) - {Part.POLICE}


def test_stand_in_and_leave_of_today_are_shown(lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> None:
    house = lanes.house
    person = Person(part="worker", phone="0359-2620100", user_id=house.id("clerk"))
    services.name_person(
        actor=house.actor("secretary"), area_id=lanes.area.pk, person=person, since=DAY, at=NOW
    )
    monkeypatch.setattr(presence, "_asked", lambda ids, at: {i: Presence(on_duty_until=NOW) for i in ids})
    asked = {"unit_id": house.community.pk, "address": "东关街1号", "problem": "other", "at": NOW}
    assert selectors.who_helps(**asked).helpers[0].on_duty_until == NOW
    organisation.name_stand_in(
        actor=house.actor("clerk"), user_id=house.id("clerk"), stand_in_id=house.id("handler"),
        since=TODAY, last_day=TODAY, at=NOW,
    )  # fmt: skip
    helper = selectors.who_helps(**asked).helpers[0]
    assert helper.away
    assert helper.stand_in == house.staff["handler"].name


def test_dates_decide_who_is_shown(lanes: Lanes) -> None:
    row = lanes.name("王警官")
    services.end_person(actor=lanes.house.actor("secretary"), person_id=row.pk, on=TODAY, at=NOW)
    lanes.name("新来的赵警官")
    assert _names(lanes) == {Part.POLICE: ["新来的赵警官"]}
    assert Answerable.objects.get(pk=row.pk).until == TODAY
    line = AreaLine.objects.get()
    services.end_line(actor=lanes.house.actor("secretary"), line_id=line.pk, on=TODAY, at=NOW)
    assert _names(lanes) == {}


def test_holes_and_overlaps_are_reported(lanes: Lanes) -> None:
    lanes.name("王警官")
    lanes.name("调解员", "worker", problems=["dispute"])
    other = lanes.second()
    lanes.line("东关街", area=other)
    lanes.name("刘警官", area=other)
    empty = lanes.second("没有房屋")
    found = selectors.report(lanes.house.community, TODAY)
    holes = {(hole.area, hole.part): hole.problems for hole in found.holes}
    assert holes[lanes.area, Part.MEMBER] == []
    assert set(holes[lanes.area, Part.WORKER]) == set(Problem) - {Problem.DISPUTE}
    assert (lanes.area, Part.POLICE) not in holes
    assert [(o.part, {o.one, o.other}) for o in found.overlaps] == [(Part.POLICE, {"王警官", "刘警官"})]
    assert found.no_line == [empty]


def test_asking_costs_the_same_however_many_lines(lanes: Lanes) -> None:
    lanes.name("王警官")
    with CaptureQueriesContext(
        connection,
    ) as few:
        _names(lanes)
    for number in range(30):
        lanes.line("东关街", str(number + 1))
        lanes.name(f"第{number}位")
    with CaptureQueriesContext(connection) as many:
        _names(lanes)
    assert len(many) == len(few) <= 5


def test_only_secretary_and_administrator_draw(lanes: Lanes) -> None:
    house = lanes.house
    for name in ("clerk", "handler", "inspector"):
        with pytest.raises(NotAllowed):
            services.make_area(actor=house.actor(name), unit=house.community, name="某片", at=NOW)
        with pytest.raises(NotAllowed):
            services.add_line(
                actor=house.actor(name), area_id=lanes.area.pk, line=Line("南后街"), since=DAY, at=NOW
            )
    with pytest.raises(NotAllowed):
        services.make_area(actor=house.actor("secretary"), unit=house.other, name="某片", at=NOW)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person(part="police", phone="1"), "user"),
        (Person(part="nobody", phone="1", name="甲"), "part"),
        (Person(part="police", phone="", name="甲"), "phone"),
        (Person(part="police", phone="1", name="甲", problems=["moon"]), "problems"),
    ],
)
def test_a_person_who_cannot_be_reached_is_refused(lanes: Lanes, person: Person, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.name_person(
            actor=lanes.house.actor("secretary"), area_id=lanes.area.pk, person=person, since=DAY, at=NOW
        )
    assert refused.value.field == field


def test_twice_the_same_is_refused(lanes: Lanes) -> None:
    lanes.name("王警官")
    with pytest.raises(Invalid):
        lanes.name("王警官")
    with pytest.raises(Invalid):
        lanes.line("东关街")
    with pytest.raises(Invalid):
        lanes.second("东关片")
    with pytest.raises(NotFound):
        services.end_line(actor=lanes.house.actor("secretary"), line_id=0, on=TODAY, at=NOW)


def test_every_change_is_in_the_access_log(lanes: Lanes) -> None:
    row = lanes.name("王警官")
    secretary = lanes.house.actor("secretary")
    services.change_reach(actor=secretary, person_id=row.pk, phone="110", place="警务室", at=NOW)
    services.end_person(actor=secretary, person_id=row.pk, on=TODAY, at=NOW)
    acts = list(
        AccessLog.objects.filter(subject_type="directory.area").order_by("pk").values_list("act", flat=True)
    )
    assert acts == [
        "area_made", "area_line_added", "area_person_named", "area_person_reach_changed", "area_person_ended",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM directory_arealine",
        "DELETE FROM directory_answerable",
        "UPDATE directory_arealine SET lane = '别的街'",
        "UPDATE directory_answerable SET name = '别人'",
        "UPDATE directory_answerable SET part = 'worker'",
        "UPDATE directory_answerable SET until = since - 1",
        "UPDATE directory_answerable SET phone = ''",
        "UPDATE directory_answerable SET user_id = (SELECT min(id) FROM accounts_user)",
    ],
)
def test_the_database_keeps_who_answered_when(lanes: Lanes, statement: str) -> None:
    lanes.name("王警官")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_does_not_begin_again_what_was_ended(lanes: Lanes) -> None:
    row = lanes.name("王警官")
    services.end_person(actor=lanes.house.actor("secretary"), person_id=row.pk, on=TODAY, at=NOW)
    for until in (None, TODAY + timedelta(days=30)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answerable.objects.filter(pk=row.pk).update(until=until)
