"""Putting a message into the outbox, in the transaction of what it tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from liangdian.platform.crypto import mask_email, mask_phone
from liangdian.platform.notifications import gateways, templates
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.rules import QuietHours
from liangdian.platform.notifications.states import Channel, Problem, State


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach the person: a phone number, an e-mail address, a messenger's name, a user's id."""

    channel: str
    to: str

    @property
    def masked(self) -> str:
        """As the screen shows it."""
        if self.channel == Channel.EMAIL:
            return mask_email(self.to)
        return self.to if self.channel == Channel.IN_APP else mask_phone(self.to)


@dataclass(frozen=True, slots=True)
class Draft:
    """What ``send`` takes, for many at once.

    ``channels``: the ways to reach the person, the preferred one first. ``opted_out``: he wants none of them;
    that nothing was sent is then noted. ``url``: where a colleague finds the matter; ``answerable_id``: the
    colleague who is told when the message does not arrive (the administrators when there is none).
    """

    kind: str
    key: str
    language: str
    channels: Sequence[Address]
    params: Mapping[str, str]
    at: datetime
    urgent: bool = False
    opted_out: bool = False
    url: str = ""
    answerable_id: int | None = None


def send(
    *, kind: str, key: str, language: str, channels: Sequence[Address], params: Mapping[str, str],
    at: datetime, urgent: bool = False, opted_out: bool = False, url: str = "",
    answerable_id: int | None = None,
) -> Message | None:  # fmt: skip
    """Put one message into the outbox, inside the caller's transaction; a job sends it after the commit.

    The first of ``channels`` that this installation can use is taken. With none the message is kept as
    "suppressed", with the reason. Quiet hours move it to their end, unless ``urgent`` or an urgent kind.
    Returns None when ``key`` was used before: nothing is told twice. One statement.
    Raises LookupError for an unknown kind, ValueError when a value of its text is missing.
    """
    draft = Draft(
        kind=kind, key=key, language=language, channels=channels, params=params, at=at, urgent=urgent,
        opted_out=opted_out, url=url, answerable_id=answerable_id,
    )  # fmt: skip
    return next(iter(send_many([draft])), None)


def send_many(drafts: Iterable[Draft]) -> list[Message]:
    """Put many messages into the outbox with one statement; returns those whose key is new."""
    return _insert_new(rows_of(drafts))


def rows_of(drafts: Iterable[Draft]) -> list[Message]:
    """The messages, not yet saved: to be written together with the new thing that they tell of.

    Only for keys that nobody can have used before; ``send_many`` is for all others.
    """
    return [_message(draft) for draft in drafts]


def quiet_hours() -> QuietHours:
    """The quiet hours of this installation, in hall time (``LIANGDIAN_QUIET_HOURS``)."""
    return QuietHours.read(settings.QUIET_HOURS)


def leaves_at(at: datetime, *, channel: str, urgent: bool) -> datetime:
    """The first moment from ``at`` on at which the message may leave; the bell disturbs nobody."""
    return at if urgent or channel == Channel.IN_APP else quiet_hours().after(at)


def _message(draft: Draft) -> Message:
    texts = templates.texts_of(draft.kind)
    missing = sorted(set(texts.samples) - set(draft.params))
    if missing:
        raise ValueError(f"A message of kind {draft.kind!r} lacks the values {missing}.")
    message = Message(
        key=draft.key, kind=draft.kind, language=draft.language, url=draft.url, created_at=draft.at,
        answerable_id=draft.answerable_id, urgent=draft.urgent or texts.urgent, not_before=draft.at,
    )  # fmt: skip
    known = [address for address in draft.channels if address.to]
    usable = [address for address in known if gateways.is_on(address.channel)]
    if draft.opted_out or not usable:
        why = Problem.CHANNEL_OFF if known else Problem.NO_ADDRESS
        message.problem = Problem.OPTED_OUT if draft.opted_out else why
        message.state, message.done_at = State.SUPPRESSED, draft.at
        return message
    chosen = usable[0]
    message.channel, message.recipient_sealed = Channel(chosen.channel), chosen.to
    message.recipient_masked = chosen.masked[:120]
    values = {name: str(value) for name, value in draft.params.items() if name in texts.samples}
    message.params_sealed = json.dumps(values, ensure_ascii=False)
    message.not_before = leaves_at(draft.at, channel=chosen.channel, urgent=message.urgent)
    message.next_attempt_at = message.not_before
    return message


def _insert_new(rows: list[Message]) -> list[Message]:
    """INSERT ... ON CONFLICT DO NOTHING that says which rows are new, which bulk_create does not."""
    if not rows:
        return []
    fields = [field for field in Message._meta.concrete_fields if not field.primary_key]
    values = [
        [field.get_db_prep_save(getattr(row, str(field.attname)), connection) for field in fields]
        for row in rows
    ]
    line = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(Message._meta.db_table)} ({columns}) "
            f"VALUES {', '.join([line] * len(rows))} ON CONFLICT (key) DO NOTHING RETURNING key, id",
            [value for row in values for value in row],
        )
        ids = dict(cursor.fetchall())
    by_key = {row.key: row for row in rows}
    for key, number in ids.items():
        by_key[key].pk = number
        by_key[key]._state.adding = False
    return [by_key[key] for key in ids]
