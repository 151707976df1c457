"""Rules by example and by property: committee, effect, instalments, amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.desks.mediation import rules
from liangdian.desks.mediation.rules import Seat
from liangdian.desks.mediation.signatures import read_strokes
from liangdian.desks.mediation.states import SUBTYPES, DisputeState, ObligationState, Subtype
from liangdian.foundation.refused import Invalid, NotAllowed

MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(("members", "women", "allowed"), [
    (2, 1, False), (3, 1, True), (9, 4, True), (10, 4, False), (3, 0, False), (5, 5, True),
])  # fmt: skip
def test_art_8_three_to_nine_members_with_women(members: int, women: int, allowed: bool) -> None:
    seats = [Seat(n, woman=n < women, head=n == 0) for n in range(members)]
    if allowed:
        rules.check_committee(seats)
    else:
        with pytest.raises(Invalid):
            rules.check_committee(seats)


def test_art_8_nobody_sits_twice_and_one_is_the_head() -> None:
    with pytest.raises(Invalid):
        rules.check_committee([Seat(1, True, True), Seat(1, True), Seat(2, False)])
    for heads in (0, 2):
        with pytest.raises(Invalid):
            rules.check_committee([Seat(n, True, n < heads) for n in range(3)])


@pytest.mark.parametrize(("starts", "ends"), [
    (date(2026, 1, 1), date(2028, 12, 31)), (date(2024, 2, 29), date(2027, 2, 28)),
    (date(2026, 9, 18), date(2029, 9, 17)),
])  # fmt: skip
def test_art_9_a_term_lasts_three_years(starts: date, ends: date) -> None:
    assert rules.term_end(starts) == ends


@given(DAYS)
def test_art_9_a_term_is_never_longer_than_the_database_allows(starts: date) -> None:
    assert timedelta(days=1094) <= rules.term_end(starts) - starts <= timedelta(days=1096)


@pytest.mark.parametrize(("answers", "consent"), [
    ([True, True], True), ([True, None], None), ([None, None], None), ([True, False], False),
    ([False, None], False), ([], None),
])  # fmt: skip
def test_art_17_every_party_consents_and_one_no_ends_it(answers: list, consent: bool | None) -> None:
    assert rules.consent_of(answers) is consent


@given(st.lists(st.sampled_from([True, False, None]), max_size=12))
def test_art_17_there_is_consent_only_when_all_said_yes(answers: list[bool | None]) -> None:
    assert (rules.consent_of(answers) is True) == (bool(answers) and set(answers) == {True})
    if False in answers:
        assert rules.consent_of(answers) is False


@pytest.mark.parametrize("others", [["刘梅"], ["李明", " 刘 梅"]])
def test_a_mediator_who_is_a_party_or_its_representative_takes_no_part(others: list[str]) -> None:
    with pytest.raises(NotAllowed):
        rules.check_free(name="刘梅", others=others, recused=False, about=False)
    rules.check_free(name="刘梅梅", others=others, recused=False, about=False)


def test_a_recused_mediator_and_one_complained_about_take_no_part() -> None:
    for recused, about in ((True, False), (False, True)):
        with pytest.raises(NotAllowed):
            rules.check_free(name="刘梅", others=[], recused=recused, about=about)


@given(st.lists(MOMENTS, min_size=1, max_size=5), st.lists(MOMENTS, min_size=1, max_size=3), MOMENTS)
def test_art_30_written_effect_is_the_last_of_parties_one_mediator_and_seal(
    parties: list[datetime], mediators: list[datetime], sealed: datetime
) -> None:
    effect = rules.effect_of(
        "written", agreed_at=sealed, parties=parties, mediators=mediators, sealed_at=sealed
    )
    assert effect == max([*parties, sealed, min(mediators)])


@given(
    st.lists(st.none() | MOMENTS, max_size=4), st.lists(st.none() | MOMENTS, max_size=2), st.none() | MOMENTS
)
def test_art_30_nothing_missing_or_no_effect(
    parties: list[datetime | None], mediators: list[datetime | None], sealed: datetime | None
) -> None:
    agreed = datetime(2026, 9, 18, tzinfo=UTC)
    known = {"agreed_at": agreed, "parties": parties, "mediators": mediators, "sealed_at": sealed}
    effect = rules.effect_of("written", **known)
    whole = bool(parties) and None not in parties and any(mediators) and sealed is not None
    assert (effect is not None) == whole
    oral = rules.effect_of("oral", **known)
    assert oral == agreed


@given(st.integers(1, 60), st.integers(0, 10_000_000), DAYS)
def test_instalments_lose_no_fen_and_come_month_by_month(count: int, more: int, first: date) -> None:
    parts = rules.instalments(count + more, count, first)
    assert sum(fen for _day, fen in parts) == count + more
    amounts = [fen for _day, fen in parts]
    assert max(amounts) - min(amounts) <= 1
    months = [day.year * 12 + day.month for day, _fen in parts]
    assert months == list(range(months[0], months[0] + count))
    assert parts[0][0] == first
    assert all(day.day <= first.day for day, _fen in parts)


def test_the_last_day_of_a_month_stays_one() -> None:
    days = [day for day, _fen in rules.instalments(1_200_000, 4, date(2026, 11, 30))]
    assert days == [date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 30), date(2027, 2, 28)]


@given(st.integers(1, rules.LARGEST_FEN))
def test_an_amount_survives_being_written_and_read(fen: int) -> None:
    assert rules.read_fen(rules.yuan(fen)) == fen


@pytest.mark.parametrize(
    "text", ["", "x", "-5", "1.234", "0", "0.00", "١٢", "1e5", "9999999999", ".5", "1.", "５"]
)
def test_an_odd_amount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid):
        rules.read_fen(text)


def test_every_subtype_belongs_to_one_category_and_no_other() -> None:
    listed = [subtype for subtypes in SUBTYPES.values() for subtype in subtypes]
    assert sorted(listed) == sorted(Subtype)
    for subtype in Subtype:
        rules.check_subtype(rules.category_of(subtype), subtype)
    for category, subtype in (("labour", "debt"), ("nothing", "")):
        with pytest.raises(Invalid):
            rules.check_subtype(category, subtype)


@given(st.lists(st.sampled_from(ObligationState.values), min_size=1))
def test_an_agreement_is_decided_when_all_obligations_are(states: list[str]) -> None:
    outcome = rules.outcome_of(states)
    assert (outcome is None) == ("due" in states)
    if outcome is not None:
        assert (outcome == DisputeState.UNFULFILLED) == ("broken" in states)


@pytest.mark.parametrize("text", [
    "", "[]", "[[]]", "x", "{}", "[[[1,2]]]", "[[[1,2],[3,4]]]", "[[[0,0],[700,0]]]", "[[[-1,0],[300,0]]]",
    '[[["a","b"],[1,2]]]', "[[[1,2,3]]]", "[" * 2000, "[[[1e400,2],[3,4]]]", "null", "7",
])  # fmt: skip
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_strokes(text)


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 200)), min_size=2, max_size=40))
def test_a_signature_is_numbers_and_nothing_else(points: list[tuple[int, int]]) -> None:
    points = [(0, 0), (600, 200), *points]
    path = read_strokes(str([[list(point) for point in points]]))
    assert set(path) <= set("ML0123456789 ")
