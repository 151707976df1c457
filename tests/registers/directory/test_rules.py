"""How an address is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.foundation.refused import Invalid
from liangdian.registers.directory import rules
from liangdian.registers.directory.rules import Line


@pytest.mark.parametrize(
    ("line", "address", "found"),
    [
        (Line("东关街"), "东关街12号", rules.LANE),
        (Line("东关街"), "西大街社区 東關街 12 號", rules.LANE),
        (Line("东关街", "12"), "东关街12号楼3单元501", rules.BUILDING),
        (Line("东关街", "12"), "东关街１２号", rules.BUILDING),
        (Line("东关街", "12"), "东关街112号", rules.NO),
        (Line("东关街", "2"), "东关街12号", rules.NO),
        (Line("东关街", "12", "3"), "东关街12号楼3单元501", rules.ENTRANCE),
        (Line("东关街", "12", "2"), "东关街12号楼3单元501", rules.NO),
        (Line("东关街", "12"), "东关街", rules.ONLY_LANE_ASKED),
        (Line("East Gate Street", "12"), "12 East Gate Street", rules.BUILDING),
        (Line("East Gate Street", "1-9"), "12 East Gate Street", rules.NO),
        (Line("东关街"), "南后街12号", rules.NO),
    ],
)
def test_a_line_fits_an_address_as_a_postman_would_read_it(line: Line, address: str, found: int) -> None:
    assert rules.fits(line, address) == found


def test_the_longer_name_of_a_lane_is_meant() -> None:
    assert rules.lane_in("东关街北巷5号", ["东关街", "东关街北巷", "南后街"]) == "东关街北巷"
    assert rules.lane_in("不知道", ["东关街"]) == ""


@given(st.integers(1, 900), st.integers(0, 90), st.integers(1, 999))
def test_a_range_holds_exactly_its_houses(low: int, more: int, number: int) -> None:
    line = Line("东关街", f"{low}-{low + more}")
    expected = rules.BUILDING if low <= number <= low + more else rules.NO
    assert rules.fits(line, f"东关街{number}号") == expected


@given(*[st.integers(1, 60)] * 4)
def test_ranges_meet_when_a_house_is_in_both(a: int, b: int, c: int, d: int) -> None:
    one, other = Line("东关街", f"{min(a, b)}-{max(a, b)}"), Line("东关街", f"{min(c, d)}-{max(c, d)}")
    shared = set(range(min(a, b), max(a, b) + 1)) & set(range(min(c, d), max(c, d) + 1))
    assert rules.meet(one, other) is rules.meet(other, one) is bool(shared)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (Line("街"), "lane"),
        (Line("东关街", "abc"), "buildings"),
        (Line("东关街", "9-3"), "buildings"),
        (Line("东关街", "", "3"), "buildings"),
        (Line("东关街", "3", "x"), "entrance"),
    ],
)
def test_a_line_that_nobody_could_read_is_refused(line: Line, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_line(line)
    assert refused.value.field == field


@given(st.text(max_size=40), st.text(max_size=9), st.text(max_size=3), st.text(max_size=60))
def test_whatever_is_typed_is_answered_or_refused(
    lane: str, buildings: str, entrance: str, text: str
) -> None:
    line = Line(lane, buildings, entrance)
    try:
        rules.check_line(line)
    except Invalid:
        return
    assert rules.fits(line, text) in range(5)
