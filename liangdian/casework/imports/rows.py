"""One line of a foreign table as a matter, or a sentence that says why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext as _

from liangdian.casework.imports.mapping import OTHERWISE, Mapping, StateRule, TypeRule
from liangdian.casework.states import State
from liangdian.foundation.limits import LONGEST
from liangdian.foundation.refused import Invalid
from liangdian.foundation.text import clean
from liangdian.platform.documents.tables import SURPLUS

KEY_LIMIT = 79
TYPE_LIMIT = 200
PLACE_LIMIT = 200
WORDS_LIMIT = 20_000
EARLIEST_YEAR = 1949
ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
_SPREADSHEET_NUMBER = re.compile(r"(\d+)\.0")


class RowRefused(Invalid):
    """This line cannot be taken over; the others can."""

    code = "row-refused"


@dataclass(frozen=True, slots=True)
class Row:
    """A checked line. Times are aware (UTC); ``due_at`` None: the promise follows the kind's default rule."""

    line: int
    key: str
    type: str
    rule: TypeRule
    channel: str
    state: StateRule
    registered_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    place: str
    words: str

    @property
    def ended(self) -> bool:
        return self.state.state in ENDED


def read_row(mapping: Mapping, line: int, raw: Table[str, str], *, now: datetime) -> Row:
    """The line as a matter. Raises RowRefused with the reason."""
    if SURPLUS in raw:
        raise RowRefused(_("The row has more cells than there are column titles."))
    key, type_name = _required(raw, mapping.key), _required(raw, mapping.type)
    if len(key) > KEY_LIMIT:
        raise RowRefused(_("The key in column %(column)s is too long.") % {"column": mapping.key})
    if len(type_name) > TYPE_LIMIT:
        raise RowRefused(_("The text in column %(column)s is too long.") % {"column": mapping.type})
    rule = mapping.types.get(type_name) or mapping.types.get(OTHERWISE)
    if rule is None:
        raise _unknown(mapping.type, type_name)
    status, source = _required(raw, mapping.status), _required(raw, mapping.channel)
    state = mapping.states.get(status)
    if state is None:
        raise _unknown(mapping.status, status)
    channel = mapping.channels.get(source) or mapping.channels.get(OTHERWISE)
    if channel is None:
        raise _unknown(mapping.channel, source)
    registered = _moment(mapping, raw, mapping.registered)
    if registered is None:
        raise RowRefused(_("Column %(column)s is empty.") % {"column": mapping.registered})
    closed = _moment(mapping, raw, mapping.closed)
    due = _moment(mapping, raw, mapping.due, whole_day=True)
    if due is not None and due - registered > timedelta(days=LONGEST):
        raise RowRefused(_("The promised date lies more than %(days)s days ahead.") % {"days": LONGEST})
    _check_times(mapping, state, status, registered, closed, now)
    return Row(
        line=line, key=key, type=type_name, rule=rule, channel=channel, state=state,
        registered_at=registered, due_at=due, closed_at=closed,
        place=_place(mapping, raw), words=_words(mapping, raw, type_name),
    )  # fmt: skip


def _check_times(
    mapping: Mapping,
    state: StateRule,
    status: str,
    registered: datetime,
    closed: datetime | None,
    now: datetime,
) -> None:
    if registered > now or (closed is not None and closed > now):
        raise RowRefused(_("A date lies in the future."))
    if closed is not None and closed < registered:
        raise RowRefused(_("It was closed before it was opened."))
    if state.state in ENDED and closed is None:
        raise RowRefused(
            _("Its status is “%(status)s”, but column %(column)s is empty.")
            % {"status": status, "column": mapping.closed}
        )
    if state.state not in ENDED and closed is not None:
        raise RowRefused(
            _("Its status is “%(status)s”, but column %(column)s has a date.")
            % {"status": status, "column": mapping.closed}
        )


def _unknown(column: str, value: str) -> RowRefused:
    return RowRefused(
        _("The mapping does not know “%(value)s” in column %(column)s.")
        % {"value": value[:80], "column": column}
    )


def _text(raw: Table[str, str], column: str) -> str:
    text = str(raw.get(column) or "") if column else ""
    return text.strip() if text.isascii() and text.isprintable() else clean(text)


def _required(raw: Table[str, str], column: str) -> str:
    found = _text(raw, column)
    if not found:
        raise RowRefused(_("Column %(column)s is empty.") % {"column": column})
    return found


def _moment(
    mapping: Mapping, raw: Table[str, str], column: str, *, whole_day: bool = False
) -> datetime | None:
    """The moment in ``column`` in UTC; None when it is empty. ``whole_day``: midnight means the day's end."""
    text = _text(raw, column)
    if not text:
        return None
    try:
        local = _parsed(mapping, text)
        if not EARLIEST_YEAR <= local.year <= 9000:
            raise ValueError(local)
        if whole_day and local.time() == time.min:
            local = datetime.combine(local, time.max, tzinfo=local.tzinfo)
        return (local if local.tzinfo else local.replace(tzinfo=mapping.zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RowRefused(
            _("“%(value)s” in column %(column)s is not a date as the mapping writes it.")
            % {"value": text[:40], "column": column}
        ) from error


def _parsed(mapping: Mapping, text: str) -> datetime:
    """By the mapping's formats in their order, else as ISO date, which is what a spreadsheet gives."""
    for form in mapping.formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the mapping's zone is added by the caller
        except ValueError:
            continue
    return datetime.fromisoformat(text)


def _place(mapping: Mapping, raw: Table[str, str]) -> str:
    parts = (_SPREADSHEET_NUMBER.sub(r"\1", _text(raw, column)) for column in mapping.place)
    return ", ".join(part for part in parts if part)[:PLACE_LIMIT]


def _words(mapping: Mapping, raw: Table[str, str], type_name: str) -> str:
    lines = [f"{column}: {text}" for column in mapping.words if (text := _text(raw, column))]
    return "\n".join(lines)[:WORDS_LIMIT] or type_name
