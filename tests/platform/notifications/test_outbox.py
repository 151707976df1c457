"""The outbox: kept with the act that it tells, once for ever, sealed, by the way that reaches the person."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.services import Address
from liangdian.platform.notifications.states import NEXT, Channel, Problem, State
from tests.platform.notifications.conftest import NOON, PHONE, VALUES, tell

pytestmark = pytest.mark.django_db


def test_the_same_act_is_told_once() -> None:
    first = tell()
    assert first is not None
    assert (first.state, first.channel, first.next_attempt_at) == (State.QUEUED, Channel.SMS, NOON)
    assert tell(params={**VALUES, "day": "10月1日"}) is None
    assert Message.objects.get().pk == first.pk


def test_a_message_of_an_act_that_did_not_happen_is_not_kept() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tell()
        raise RuntimeError
    assert not Message.objects.exists()


def test_number_and_values_are_sealed_and_the_number_is_shown_masked() -> None:
    tell()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM notifications_message m")
        (stored,) = cursor.fetchone()
    assert PHONE.to not in stored
    assert "/m/abc/" not in stored
    assert "138****2211" in stored


def test_the_first_way_that_this_installation_has_is_taken(settings) -> None:
    settings.SMS_GATEWAY = ""
    message = tell()
    assert (message.channel, message.recipient_masked) == (Channel.EMAIL, "w***@example.org")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"channels": []}, Problem.NO_ADDRESS),
        ({"channels": [Address("messenger", "wang")]}, Problem.CHANNEL_OFF),
        ({"opted_out": True}, Problem.OPTED_OUT),
    ],
)
def test_that_nothing_was_sent_is_noted_with_its_reason(changes: dict, problem: Problem) -> None:
    message = tell(**changes)
    assert (message.state, message.problem, message.channel) == (State.SUPPRESSED, problem, "")
    assert (message.recipient_sealed, message.params_sealed) == ("", "")


@pytest.mark.parametrize(
    ("local", "leaves"),
    [
        ("2026-09-18T20:59:59+08:00", "2026-09-18T20:59:59+08:00"),
        ("2026-09-18T21:00:00+08:00", "2026-09-19T08:00:00+08:00"),
        ("2026-09-19T00:00:00+08:00", "2026-09-19T08:00:00+08:00"),
        ("2026-09-19T07:59:59+08:00", "2026-09-19T08:00:00+08:00"),
        ("2026-09-19T08:00:00+08:00", "2026-09-19T08:00:00+08:00"),
    ],
)
def test_nobody_is_woken_at_night(local: str, leaves: str) -> None:
    message = tell(at=datetime.fromisoformat(local))
    assert message.not_before == message.next_attempt_at == datetime.fromisoformat(leaves)


def test_what_is_urgent_leaves_at_night() -> None:
    night = datetime.fromisoformat("2026-09-18T23:00:00+08:00")
    assert tell(at=night, urgent=True).next_attempt_at == night


def test_a_text_with_a_missing_value_is_refused_before_it_is_kept() -> None:
    with pytest.raises(ValueError, match="day"):
        tell(params={"reference": "1", "title": "t", "link": "l"})
    with pytest.raises(LookupError):
        tell(kind="unheard_of")
    assert not Message.objects.exists()


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("after", State.values)
def test_the_database_allows_only_the_moves_of_the_table(before: str, after: str) -> None:
    """What left, or may have left, can never be put back into the queue."""
    message = tell()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(MOVE, [before, before, before, message.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        allowed = before == after or State(after) in NEXT[State(before)]
        if allowed:
            cursor.execute(MOVE, [after, after, after, message.pk])
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(MOVE, [after, after, after, message.pk])


MOVE = """
UPDATE notifications_message SET state = %s, problem = 'down', done_at = created_at, claimed_at = created_at,
    next_attempt_at = CASE WHEN %s = 'queued' THEN created_at END,
    channel = CASE WHEN %s = 'suppressed' THEN '' ELSE 'sms' END
WHERE id = %s
"""


@pytest.mark.parametrize(
    "change",
    ["state = 'lost'", "channel = 'pigeon'", "channel = ''", "key = ''", "key = 'other'",
     "next_attempt_at = NULL", "state = 'failed', next_attempt_at = NULL, problem = ''"],
)  # fmt: skip
def test_the_database_refuses(change: str) -> None:
    tell()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notifications_message SET {change}")
