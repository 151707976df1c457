"""Dates, spacing and icons as the three readers see them."""

import datetime as dt

import pytest
from django.utils.translation import override

from liangdian.platform.ui.templatetags import ui

THURSDAY = dt.date(2026, 10, 22)
JUST_BEFORE_MIDNIGHT_UTC = dt.datetime(2026, 10, 21, 16, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "2026年10月22日（周四）"),
        ("zh-hant", "2026年10月22日（週四）"),
        ("en", "Thu 22 Oct 2026"),
    ],
)
def test_a_day_is_written_in_the_readers_habit(language, words):
    with override(language):
        assert ui.day(THURSDAY) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "10月22日（周四）"), ("zh-hant", "10月22日（週四）"), ("en", "Thu 22 Oct")],
)
def test_a_short_day_leaves_the_year_out(language, words):
    with override(language):
        assert ui.short_day(THURSDAY) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "2026年10月22日（周四） 00:05"), ("en", "Thu 22 Oct 2026, 00:05")],
)
def test_an_instant_is_shown_in_the_halls_time_zone(language, words):
    with override(language):
        assert ui.moment(JUST_BEFORE_MIDNIGHT_UTC) == words
        assert ui.time_of_day(JUST_BEFORE_MIDNIGHT_UTC) == "00:05"


def test_every_weekday_has_its_own_character():
    with override("zh-hans"):
        week = [ui.day(dt.date(2026, 10, 19) + dt.timedelta(days=n))[-2] for n in range(7)]
    assert week == list("一二三四五六日")


def test_a_time_element_carries_the_machine_readable_instant():
    with override("en"):
        assert ui.when(THURSDAY) == '<time datetime="2026-10-22">Thu 22 Oct 2026</time>'
        assert ui.when(None) == ""


@pytest.mark.parametrize("show", [ui.day, ui.short_day, ui.moment, ui.short_moment, ui.time_of_day])
def test_nothing_is_shown_for_no_date(show):
    assert show(None) == ""


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("收到PDF文件", "收到\u2009PDF\u2009文件"),
        ("还剩3个工作日", "还剩\u20093\u2009个工作日"),
        ("已有 空格", "已有 空格"),
        ("plain words", "plain words"),
    ],
)
def test_thin_spaces_stand_between_chinese_and_latin(text, spaced):
    assert ui.spaced(text) == spaced


def test_spacing_keeps_markup_of_a_resident_harmless():
    assert "<script>" not in ui.spaced("<script>你好</script>")


def test_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in ui.icon("clock")
    assert 'aria-label="late"' in ui.icon("clock", "late")
    assert "<b>" not in ui.icon('"><b>')
