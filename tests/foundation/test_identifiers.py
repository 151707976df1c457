"""GB 11643, GB 32100 and telephone numbers, as people really type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.foundation.identifiers import (
    BadIdentifier,
    Reason,
    check_resident_id,
    check_uscc,
    normalise_phone,
)

TODAY = date(2026, 9, 18)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(first: str) -> str:
    return first + "10X98765432"[sum(int(c) * w for c, w in zip(first, WEIGHTS, strict=True)) % 11]


def refused(check, *arguments) -> Reason:
    with pytest.raises(BadIdentifier) as caught:
        check(*arguments)
    return caught.value.reason_code


ids = st.builds(
    lambda region, born, order: with_check_digit(f"{region}{born:%Y%m%d}{order:03}"),
    st.sampled_from(["110101", "110103", "320502", "512301", "810000", "830000"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


@given(ids)
def test_gb_11643_every_rightly_made_number_is_read(number):
    read = check_resident_id(number, TODAY)
    assert read.number == number
    assert f"{read.birth_date:%Y%m%d}" == number[6:14]
    assert read.sex == ("male" if int(number[16]) % 2 else "female")


@given(ids, st.integers(0, 16), st.integers(1, 9))
def test_gb_11643_one_wrong_digit_is_always_found(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(BadIdentifier):
        check_resident_id(wrong, TODAY)


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_spaces_small_x_and_full_width_digits_are_understood(typed):
    assert check_resident_id(typed, TODAY).number == "11010519491231002X"


def test_abolished_counties_stay_valid():
    for region in ("110103", "310103", "320502", "512301", "330722"):
        assert check_resident_id(with_check_digit(region + "19600101001"), TODAY)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", Reason.LENGTH),
        ("110105491231002", Reason.LENGTH),
        ("11010519491231002XX", Reason.LENGTH),
        ("1101051949123100X2", Reason.CHARACTERS),
        ("11010519491231O02X", Reason.CHARACTERS),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", Reason.CHARACTERS),
        (with_check_digit("99010119490101001"), Reason.REGION),
        (with_check_digit("11010119490230001"), Reason.BIRTH_DATE),
        (with_check_digit("11010119491301001"), Reason.BIRTH_DATE),
        (with_check_digit("11010100000101001"), Reason.BIRTH_DATE),
        (with_check_digit("11010118000101001"), Reason.BIRTH_DATE),
        (with_check_digit("11010120260919001"), Reason.BIRTH_DATE),
        ("110105194912310021", Reason.CHECK_DIGIT),
    ],
)
def test_wrong_numbers_are_refused_with_their_reason(number, reason):
    assert refused(check_resident_id, number, TODAY) is reason


def test_born_today_is_possible():
    assert check_resident_id(with_check_digit("11010120260918001"), TODAY).birth_date == TODAY


def test_the_reason_never_repeats_the_number():
    with pytest.raises(BadIdentifier) as caught:
        check_resident_id("110105194912310021", TODAY)
    assert "1949" not in str(caught.value)


@pytest.mark.parametrize("typed", ["91110000600037341L", "9111 0000 6000 3734 1l"])
def test_gb_32100(typed):
    assert check_uscc(typed) == "91110000600037341L"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("9111000060003734", Reason.LENGTH),
        ("9111000060003734IL", Reason.CHARACTERS),
        ("911A0000600037341L", Reason.CHARACTERS),
        ("911100006000373411", Reason.CHECK_DIGIT),
    ],
)
def test_gb_32100_refusals(number, reason):
    assert refused(check_uscc, number) is reason


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13912345678", "13912345678"),
        ("１３９ １２３４ ５６７８", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("008613912345678", "13912345678"),
        ("0512-65221234", "0512-65221234"),
        ("（0512）65221234", "0512-65221234"),
        ("051265221234", "0512-65221234"),
        ("+86 512 6522 1234", "0512-65221234"),
        ("010 6234 5678", "010-62345678"),
        ("0512-65221234-801", "0512-65221234-801"),
        ("0512-65221234转801", "0512-65221234-801"),
        ("65221234", "65221234"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_one_spelling_for_each_telephone_number(typed, number):
    assert normalise_phone(typed) == number
    assert normalise_phone(number) == number


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12345", "1391234567", "139123456789", "12912345678", "139x2345678", "+852 21234567", "\ud800"],
)
def test_what_is_no_mainland_number_is_refused(typed):
    assert refused(normalise_phone, typed) is Reason.PHONE


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(typed):
    for check in (normalise_phone, check_uscc, lambda text: check_resident_id(text, TODAY)):
        try:
            check(typed)
        except BadIdentifier as refusal:
            assert refusal.reason_code in Reason
