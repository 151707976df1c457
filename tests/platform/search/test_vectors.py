"""Words are found however they were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.casework.models import Case
from liangdian.platform.search.vectors import fold, query_of, tokens, vector_text
from tests.casework.conftest import House, house

__all__ = ["house"]


@pytest.mark.parametrize(
    ("wanted", "hits"),
    [
        ("腿脚", 1), ("腿腳不好", 1), ("優待證", 1), ("优待", 1), ("王桂兰", 1), ("XD-2026-000001", 1),
        ("xd", 1),
        ("ＸＤ", 1), ("脚腿", 0), ("13812342211", 0), ("办 优待证", 1), ("'; DROP TABLE", 0), ("&|!():*", 0),
    ],
)  # fmt: skip
def test_a_matter_is_found_by_words_names_and_number_but_never_by_a_phone(
    house: House, wanted: str, hits: int
) -> None:
    house.case()
    query = query_of(wanted)
    found = Case.objects.none() if query is None else Case.objects.filter(search__vector=query)
    assert found.count() == hits


@given(st.text(max_size=60))
def test_any_text_can_be_folded_split_and_asked_for(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(token and " " not in token and "'" not in token for token in tokens(text))
    assert vector_text(text).count("'") % 2 == 0
    assert (query_of(text) is None) == (not tokens(text))
