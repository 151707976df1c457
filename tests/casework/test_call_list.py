"""Who is called back is drawn by a rule that nobody can choose by."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import given
from hypothesis import strategies as st

from liangdian.casework import services, worklists
from liangdian.casework.drawing import is_drawn
from liangdian.casework.models import Case
from liangdian.casework.worklists import Filters, Worklist
from tests.casework.conftest import NOW, House

NUMBERS = st.integers(1, 999_999).map(lambda n: f"XD-2026-{n:06d}")


@given(NUMBERS, st.integers(1, 9), st.integers(0, 99))
def test_a_larger_share_only_adds_and_the_draw_repeats(reference: str, round: int, percent: int) -> None:
    assert is_drawn(reference, round, percent=100)
    assert not is_drawn(reference, round, percent=0)
    drawn = is_drawn(reference, round, percent=percent)
    assert drawn == is_drawn(reference, round, percent=percent)
    assert not drawn or is_drawn(reference, round, percent=percent + 1)


def test_about_the_share_is_drawn_and_another_key_draws_others() -> None:
    numbers = [f"XD-2026-{n:06d}" for n in range(5_000)]
    drawn = {n for n in numbers if is_drawn(n, 1, percent=20)}
    assert 900 < len(drawn) < 1_100
    with override_settings(SECRET_KEY="another key"):
        assert {n for n in numbers if is_drawn(n, 1, percent=20)} != drawn


@pytest.mark.parametrize(("percent", "listed"), [(0, 0), (100, 3)])
def test_the_share_of_answered_matters_is_set(house: House, settings, percent: int, listed: int) -> None:
    settings.CALL_BACK_PERCENT = percent
    for _n in range(3):
        _answered(house)
    _answered(house, resident_name="", phone="")  # nobody to call
    page = worklists.page_of(Worklist.TO_CALL, house.actor("clerk2"), Filters(), now=NOW)
    assert len(page.rows) == listed == worklists.counts(house.actor("clerk2"), now=NOW)[Worklist.TO_CALL]
    assert worklists.counts(house.actor("clerk"), now=NOW)[Worklist.TO_CALL] == 0


def _answered(house: House, **changes: object) -> Case:
    case = house.case(**changes)
    return services.resolve(actor=house.actor("clerk"), case_id=case.pk, answer="好", at=NOW)


def test_who_has_rated_or_was_called_leaves_the_list(house: House, settings) -> None:
    settings.CALL_BACK_PERCENT = 100
    first, second = _answered(house), _answered(house)
    inspector = house.actor("inspector")
    services.record_call_back(actor=inspector, case_id=first.pk, grade="4", comment="", at=NOW)
    for _n in range(3):
        services.call_missed(actor=inspector, case_id=second.pk, text="", at=NOW)
    assert not Case.objects.filter(to_call=True).exists()


def test_the_list_is_shown_to_those_who_call_and_costs_a_constant(house: House, settings) -> None:
    settings.CALL_BACK_PERCENT = 100
    client = Client()
    client.force_login(house.staff["clerk2"])
    counted = []
    for cases in (1, 29):
        for _n in range(cases):
            _answered(house)
        client.get("/cases/?list=to_call")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/cases/?list=to_call")
        assert page.status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6
    leader = Client()
    leader.force_login(house.staff["leader"])
    assert "list=to_call" in page.content.decode()
    assert "list=to_call" not in leader.get("/cases/").content.decode()
