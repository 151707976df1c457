"""The moves of a case stand in two places, the table of states and the trigger: they must say the same."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from liangdian.casework.rules import WrongState, check_move
from liangdian.casework.states import NEXT, State

PAIRS = [(old, new) for old in State for new in State if old is not new]


@pytest.mark.django_db
def test_the_database_allows_the_same_moves_as_the_table_of_states() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'casework_guard_case'")
        (source,) = cursor.fetchone()
    assert set(re.findall(r"'(\w+)>(\w+)'", source)) == {
        (old.value, new.value) for old, following in NEXT.items() for new in following
    }


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_every_pair_of_states_is_allowed_or_refused_as_the_table_says(old: State, new: State) -> None:
    if new in NEXT[old]:
        check_move(old.value, new)
        return
    with pytest.raises(WrongState):
        check_move(old.value, new)
