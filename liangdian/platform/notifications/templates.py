"""Which kinds of message there are, what may stand in them, and the words that the programme brings along.

A room calls ``register`` in its ``AppConfig.ready``. The words are lazily translated sentences, so each of
the three languages comes from the room's catalogue; an administrator can replace them (``services.wording``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.platform.notifications.states import Channel

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
TEST = "test_message"  # what an administrator sends to try a way of sending
CENTRE = "centre"  # the name of the centre: there in every text, given by nobody
LONGEST = {Channel.IN_APP: 200, Channel.EMAIL: 5_000, Channel.SMS: 500, Channel.MESSENGER: 1_000}
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one kind. ``short`` serves text message, messenger and bell; ``body`` the e-mail.

    ``samples`` names the placeholders, with values for the preview. ``urgent`` kinds keep no quiet hours.
    """

    label: object
    subject: object
    body: object
    short: object
    samples: Mapping[str, object]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one channel and language, placeholders not yet filled."""

    subject: str
    body: str


_kinds: dict[str, Texts] = {}


def register(kind: str, texts: Texts) -> None:
    """Make ``kind`` known; a test reads its words in all languages for placeholders that it does not name."""
    _kinds[kind] = texts


def known_kinds() -> dict[str, Texts]:
    """All kinds, in the order in which they were registered."""
    return dict(_kinds)


def texts_of(kind: str) -> Texts:
    """Raises LookupError for a kind that no room registered."""
    try:
        return _kinds[kind]
    except KeyError:
        raise LookupError(f"No room registered messages of kind {kind!r}.") from None


def label_of(kind: str) -> str:
    """What the kind is called; the kind itself when its room is gone."""
    return str(_kinds[kind].label) if kind in _kinds else kind


def default_of(kind: str, channel: str, language: str) -> Wording:
    """The words that the programme brings along, in ``language``."""
    texts = texts_of(kind)
    with translation.override(language):
        if channel == Channel.EMAIL:
            return Wording(str(texts.subject), str(texts.body))
        if channel == Channel.IN_APP:
            return Wording(str(texts.subject), "")
        return Wording("", str(texts.short))


def check(kind: str, channel: str, wording: Wording) -> None:
    """Refuse words that could not be sent. Raises Invalid with the field and a sentence."""
    _check_filled(channel, wording)
    allowed = [CENTRE, *texts_of(kind).samples]
    for field, text in (("subject", wording.subject), ("body", wording.body)):
        for name in PLACEHOLDER.findall(text):
            if name not in allowed:
                raise Invalid(
                    _("“{%(name)s}” is not known here. You can use: %(allowed)s.")
                    % {"name": name, "allowed": ", ".join(f"{{{each}}}" for each in allowed)},
                    field=field,
                )
        if set("{}") & set(PLACEHOLDER.sub("", text)):
            raise Invalid(
                _("A brace stands alone. Write a placeholder with both braces, such as {%(name)s}.")
                % {"name": allowed[-1]},
                field=field,
            )


def _check_filled(channel: str, wording: Wording) -> None:
    has_subject = channel in {Channel.EMAIL, Channel.IN_APP}
    has_body = channel != Channel.IN_APP
    if has_subject and not wording.subject:
        raise Invalid(_("Write the subject."), field="subject")
    if has_body and not wording.body:
        raise Invalid(_("Write the text."), field="body")
    if len(wording.subject) > LONGEST_SUBJECT or "\n" in wording.subject:
        raise Invalid(_("The subject is one line of at most 200 characters."), field="subject")
    if len(wording.body) > LONGEST[Channel(channel)]:
        raise Invalid(
            _("The text has %(n)s characters; %(limit)s fit.")
            % {"n": len(wording.body), "limit": LONGEST[Channel(channel)]},
            field="body",
        )


def fill(wording: Wording, values: Mapping[str, str]) -> Wording:
    """The words with their values. Raises LookupError when one is missing: half a text is never sent."""
    return Wording(_filled(wording.subject, values), _filled(wording.body, values))


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), text)


def samples_of(kind: str, language: str) -> dict[str, str]:
    """Values for a preview, in ``language``."""
    with translation.override(language):
        return {name: str(value) for name, value in texts_of(kind).samples.items()}
