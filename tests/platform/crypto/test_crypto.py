"""Sealing, finding and masking personal data (personal information law, Art. 51)."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from liangdian.platform import crypto
from liangdian.platform.crypto.fields import EncryptedTextField

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.fixture(params=["aes", "sm"])
def cipher(request: pytest.FixtureRequest, settings) -> str:
    settings.PERSONAL_DATA_CIPHER = request.param
    return request.param


def test_what_was_sealed_opens_again_with_both_ciphers(cipher: str) -> None:
    for text in ("138 0000 1234", "王明", "😀\n", "x" * 5000):
        sealed = crypto.encrypt(text)
        assert text not in sealed
        assert sealed.isascii()
        assert crypto.decrypt(sealed) == text


@given(TEXTS)
def test_every_text_comes_back(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_the_same_text_has_different_seals_but_one_index(cipher: str) -> None:
    assert crypto.encrypt("a") != crypto.encrypt("a")
    assert crypto.blind_index("a", "phone") == crypto.blind_index("a", "phone")
    assert crypto.blind_index("a", "phone") != crypto.blind_index("a", "identity")
    assert len(crypto.blind_index("a", "phone")) == 64


def test_a_changed_seal_is_noticed(cipher: str) -> None:
    head, mark, body = crypto.encrypt("王明").split(".")
    other = ("A" if body[20] != "A" else "B").join([body[:20], body[21:]])
    for broken in (f"{head}.{mark}.{other}", f"{head}.{mark}.", "王明", "", f"{head}.00000000.{body}"):
        with pytest.raises(crypto.Unreadable):
            crypto.decrypt(broken)


def test_ciphers_read_each_others_seals(settings) -> None:
    settings.PERSONAL_DATA_CIPHER = "sm"
    sealed = crypto.encrypt("王明")
    settings.PERSONAL_DATA_CIPHER = "aes"
    assert crypto.decrypt(sealed) == "王明"


def test_an_old_key_stays_readable_and_an_unknown_one_does_not(settings) -> None:
    settings.PERSONAL_DATA_KEY = "first"
    sealed = crypto.encrypt("王明")
    settings.PERSONAL_DATA_KEY = "second"
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(sealed)
    settings.PERSONAL_DATA_OLD_KEYS = ["first"]
    assert crypto.decrypt(sealed) == "王明"


def test_an_encrypted_field_seals_on_the_way_in_and_cannot_be_searched() -> None:
    field = EncryptedTextField()
    sealed = field.get_prep_value("13800001234")
    assert sealed != "13800001234"
    assert field.from_db_value(sealed, None, None) == "13800001234"
    assert field.get_prep_value("") == ""
    assert field.from_db_value(None, None, None) is None
    assert field.get_lookup("isnull") is models.TextField().get_lookup("isnull")
    with pytest.raises(FieldError):
        field.get_lookup("exact")


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (crypto.mask_phone, "13812345678", "138****5678"),
        (crypto.mask_phone, "2345678", "*****78"),
        (crypto.mask_phone, "", ""),
        (crypto.mask_phone, "12", "**"),
        (crypto.mask_identity, "11010519491231002X", "110***********002X"),
        (crypto.mask_identity, "1234", "****"),
        (crypto.mask_name, "王", "*"),
        (crypto.mask_name, "王明", "王*"),
        (crypto.mask_name, "欧阳小明", "欧**明"),
    ],
)
def test_masks(mask, text: str, shown: str) -> None:
    assert mask(text) == shown
