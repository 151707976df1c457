"""Comparing a promise with the law (行政许可法 Art. 42, 82; rules §3)."""

from __future__ import annotations

import pytest

from liangdian.foundation.limits import Limit, LimitUnit
from liangdian.registers.catalogue.rules import promise_exceeds_law

AT_ONCE, HOURS = LimitUnit.AT_ONCE, LimitUnit.HOURS
WORKING, CALENDAR = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS


@pytest.mark.parametrize(
    ("promised", "legal"),
    [
        (Limit(20, WORKING), Limit(20, WORKING)),
        (Limit(0, AT_ONCE), Limit(0, AT_ONCE)),
        (Limit(0, AT_ONCE), Limit(1, HOURS)),
        (Limit(5, WORKING), Limit(7, CALENDAR)),
        (Limit(48, HOURS), Limit(2, WORKING)),
        (Limit(999, WORKING), None),
    ],
)
def test_a_promise_within_the_law_stands(promised: Limit, legal: Limit | None) -> None:
    assert not promise_exceeds_law(promised, legal)


@pytest.mark.parametrize(
    ("promised", "legal"),
    [
        (Limit(21, WORKING), Limit(20, WORKING)),
        (Limit(1, HOURS), Limit(0, AT_ONCE)),
        (Limit(5, WORKING), Limit(6, CALENDAR)),
        (Limit(49, HOURS), Limit(2, WORKING)),
        (Limit(3, CALENDAR), Limit(71, HOURS)),
    ],
)
def test_a_promise_longer_than_the_law_is_found_across_units(promised: Limit, legal: Limit) -> None:
    assert promise_exceeds_law(promised, legal)
