"""What a calendar year would do to the promises that wait for it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from liangdian.casework import services
from liangdian.casework.calendar_preview import open_promises
from liangdian.registers.calendar import selectors as calendar
from liangdian.registers.calendar.kinds import Kind
from liangdian.registers.calendar.rules import Departure
from tests.casework.conftest import House

LATE = datetime(2026, 12, 28, 2, tzinfo=UTC)  # Monday; five working days end in 2027
SPRING = datetime(2027, 2, 8, 2, tzinfo=UTC)  # Monday before a Saturday that will be worked


def _tables(*rows: tuple[int, int, Kind]) -> object:
    return calendar.days_with(2027, [Departure(date(2027, m, d), kind, "") for m, d, kind in rows])


def test_open_provisional_promises_are_counted_by_where_they_move(house: House) -> None:
    house.case(at=LATE)
    answered = house.case(at=LATE)
    services.resolve(actor=house.actor("clerk"), case_id=answered.pk, answer="done", at=LATE)
    house.case()  # due in 2026, whose calendar is known
    house.case(at=SPRING)
    (told,) = open_promises(2027, _tables((1, 1, Kind.HOLIDAY)))
    assert (told.earlier, told.later, told.same) == (0, 1, 1)
    (told,) = open_promises(2027, _tables((2, 13, Kind.MAKE_UP), (1, 1, Kind.HOLIDAY)))
    assert (told.earlier, told.later, told.same) == (1, 1, 0)
    (told,) = open_promises(2029, _tables())
    assert told.all == 0
