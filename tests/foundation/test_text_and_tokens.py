"""Typed text is made safe to store; secret links cannot be guessed from what is stored."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.foundation.text import clean
from liangdian.foundation.tokens import digest, new_token


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  West Street  ", "West Street"),
        ("a\x00b\x07c", "abc"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("e\u0301", "é"),
        ("楼道灯坏了💡", "楼道灯坏了💡"),
        ("𠮷野家", "𠮷野家"),
        ("\ud800x", "x"),
        ("\x00", ""),
    ],
)
def test_text_is_cleaned(typed, kept):
    assert clean(typed) == kept


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_is_storable_and_stays_the_same(typed):
    kept = clean(typed)
    kept.encode()
    assert "\x00" not in kept
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(kept) == kept


def test_tokens_are_safe_in_addresses_and_never_repeat():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[\w-]{22}", token, re.ASCII) for token in tokens)


def test_only_the_digest_is_stored():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert re.fullmatch("[0-9a-f]{64}", digest(new_token()))
