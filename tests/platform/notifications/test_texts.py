"""The words: there in three languages, without unknown placeholders, and short enough for their channel."""

from __future__ import annotations

import pytest

from liangdian.foundation.refused import Invalid
from liangdian.platform.notifications import templates
from liangdian.platform.notifications.states import Channel
from liangdian.platform.notifications.templates import Wording
from liangdian.platform.ui.languages import LANGUAGES

CODES = [language.code for language in LANGUAGES]


@pytest.mark.parametrize("kind", templates.known_kinds())
@pytest.mark.parametrize("channel", Channel.values)
@pytest.mark.parametrize("language", CODES)
def test_every_kind_can_be_sent_by_every_channel_in_every_language(kind, channel, language) -> None:
    wording = templates.default_of(kind, channel, language)
    templates.check(kind, channel, wording)
    values = {**templates.samples_of(kind, language), templates.CENTRE: "西大街社区"}
    shown = templates.fill(wording, values)
    assert "{" not in shown.subject + shown.body
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in wording.subject + wording.body)
    assert is_chinese == (language != "en")


@pytest.mark.parametrize("kind", templates.known_kinds())
def test_the_two_chinese_scripts_are_not_mixed(kind) -> None:
    assert templates.default_of(kind, "email", "zh-hans") != templates.default_of(kind, "email", "zh-hant")


@pytest.mark.parametrize(
    ("channel", "subject", "body", "field"),
    [
        ("sms", "", "{nobody}", "body"),
        ("sms", "", "{reference", "body"),
        ("sms", "", "{reference.__class__}", "body"),
        ("sms", "", "{0}", "body"),
        ("sms", "", "", "body"),
        ("sms", "", "长" * 501, "body"),
        ("email", "", "text", "subject"),
        ("email", "two\nlines", "text", "subject"),
        ("email", "x" * 201, "text", "subject"),
        ("email", "{reference}", "", "body"),
        ("in_app", "", "", "subject"),
    ],
)
def test_words_that_could_not_be_sent_are_refused_with_a_sentence(channel, subject, body, field) -> None:
    with pytest.raises(Invalid) as refused:
        templates.check("answered", channel, Wording(subject, body))
    assert refused.value.field == field
    assert str(refused.value)


def test_half_a_text_is_never_made() -> None:
    with pytest.raises(LookupError):
        templates.fill(Wording("", "{reference} {day}"), {"reference": "1"})
