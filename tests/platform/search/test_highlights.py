"""What was found is marked, whatever the text holds; nothing of it becomes HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.platform.search.highlights import excerpt, marked


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("楼道的灯坏了", "灯坏", "楼道的<mark>灯坏</mark>了"),
        ("樓道的燈壞了", "楼道", "<mark>樓道</mark>的燈壞了"),
        ("ＸＤ－2026", "xd", "<mark>ＸＤ</mark>－2026"),
        ("XD-2026-000220", "2026", "XD-<mark>2026</mark>-000220"),
        ("abXD", "xd", "abXD"),
        ("优待优待证", "优待证", "<mark>优待优待证</mark>"),
        ("<b>灯</b>", "灯", "&lt;b&gt;<mark>灯</mark>&lt;/b&gt;"),
        ("灯", "", "灯"),
        ("", "灯", ""),
        ("ﬁle", "fi", "<mark>ﬁ</mark>le"),
    ],
)
def test_found_words_are_marked_and_the_rest_is_escaped(text: str, query: str, shown: str) -> None:
    assert marked(text, query) == shown


def test_an_excerpt_shows_the_first_find_with_what_stands_around_it() -> None:
    text = "前" * 100 + "灯坏" + "后" * 100
    shown = excerpt(text, "灯坏")
    assert shown.startswith("…前") and "<mark>灯坏</mark>" in shown and shown.endswith("后…")
    assert len(shown) < 100
    assert excerpt(text, "电梯") == "" and excerpt("", "灯") == ""


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_shown_completely_and_safely(text: str, query: str) -> None:
    shown = str(marked(text, query))
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert not re.search(r"[<>]", plain)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    assert plain == text
