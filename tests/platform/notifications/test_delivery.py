"""Sending: never twice, later when it cannot be now, and told to somebody when it does not arrive."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from liangdian.foundation.clock import HALL_ZONE
from liangdian.foundation.refused import Invalid, NotAllowed, NotFound
from liangdian.platform.jobs.registry import job_named, periodic_functions
from liangdian.platform.notifications import selectors, services
from liangdian.platform.notifications.models import BellNotice, Message, MessageTemplate
from liangdian.platform.notifications.rules import MOST_ATTEMPTS, QuietHours, wait_after
from liangdian.platform.notifications.services import Address
from liangdian.platform.notifications.states import Problem, State
from tests.casework.conftest import House, house
from tests.platform.notifications import gateways
from tests.platform.notifications.conftest import NOON, PHONE, tell

__all__ = ["house"]
GATEWAYS = "tests.platform.notifications.gateways."
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    gateways.asked.clear()


def the_message() -> Message:
    return Message.objects.get()


@pytest.mark.django_db
def test_what_waits_is_sent_once_in_the_residents_language(written) -> None:
    tell(language="zh-hant")
    assert services.deliver_due(at=NOON) == {State.SENT: 1}
    assert services.deliver_due(at=NOON + MINUTE) == {}
    (line,) = written()
    assert (line["to"], line["channel"], line["key"]) == (PHONE.to, "sms", "case:XD-2026-000001:1")
    assert "已登記" in line["body"]
    assert "XD-2026-000001" in line["body"]
    message = the_message()
    assert (message.attempts, message.template.version, message.done_at) == (1, 1, NOON)


@pytest.mark.django_db
def test_the_words_that_were_used_are_written_down_once() -> None:
    for n in range(3):
        tell(key=str(n))
    services.deliver_due(at=NOON)
    assert MessageTemplate.objects.count() == 1
    assert {m.template_id for m in Message.objects.all()} == {MessageTemplate.objects.get().pk}


@pytest.mark.django_db
def test_what_is_not_due_waits(written) -> None:
    tell(at=datetime.fromisoformat("2026-09-18T22:00:00+08:00"))
    services.deliver_due(at=datetime.fromisoformat("2026-09-19T07:59:00+08:00"))
    assert written() == []
    services.deliver_due(at=datetime.fromisoformat("2026-09-19T08:00:00+08:00"))
    assert len(written()) == 1


@pytest.mark.django_db
def test_a_service_that_asks_to_wait_is_asked_again_ever_later_and_then_given_up(
    settings, house: House
) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Busy"
    settings.QUIET_HOURS = ""
    tell(answerable_id=house.id("clerk"), url="/cases/XD-2026-000001/")
    at, waits = NOON, []
    while the_message().state == State.QUEUED:
        services.deliver_due(at=at)
        next_at = the_message().next_attempt_at
        if next_at:
            waits.append((next_at - at) // MINUTE)
            services.deliver_due(at=next_at - timedelta(seconds=1))
            at = next_at
    assert waits == [1, 4, 16, 64, 256]
    assert len(gateways.asked) == MOST_ATTEMPTS
    assert (the_message().state, the_message().problem) == (State.FAILED, Problem.LATER)
    (notice,) = BellNotice.objects.filter(user=house.id("clerk"))
    assert (notice.kind, notice.url) == ("message_failed", "/cases/XD-2026-000001/")
    assert PHONE.to not in notice.subject


@pytest.mark.django_db
def test_another_attempt_does_not_fall_into_the_night(settings) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Busy"
    late = datetime.fromisoformat("2026-09-18T20:59:30+08:00")
    tell(at=late)
    services.deliver_due(at=late)
    assert the_message().next_attempt_at == datetime.fromisoformat("2026-09-19T08:00:00+08:00")


@pytest.mark.django_db
def test_a_service_that_is_down_is_not_asked_for_every_message(settings) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Down"
    for n in range(5):
        tell(key=str(n))
    services.deliver_due(at=NOON)
    assert len(gateways.asked) == 1
    assert Message.objects.filter(state=State.QUEUED).count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("gateway", "state", "problem"),
    [("Refusing", State.FAILED, Problem.ADDRESS), ("Breaking", State.UNKNOWN, Problem.LOST),
     ("Unexpected", State.UNKNOWN, Problem.LOST)],
)  # fmt: skip
def test_what_certainly_or_perhaps_left_is_not_tried_again(settings, house, caplog, gateway, state, problem):
    settings.SMS_GATEWAY = GATEWAYS + gateway
    tell()
    services.deliver_due(at=NOON)
    services.deliver_due(at=NOON + timedelta(days=1))
    assert (the_message().state, the_message().problem, the_message().attempts) == (state, problem, 1)
    told = BellNotice.objects.get(user=house.id("administrator"))
    assert (told.kind, told.url) == (f"message_{state}", "/notices/outbox/")
    assert PHONE.to not in caplog.text


@pytest.mark.django_db
def test_a_message_of_last_week_is_not_sent_any_more(written) -> None:
    tell()
    services.deliver_due(at=NOON + timedelta(days=4))
    assert written() == []
    assert (the_message().state, the_message().problem) == (State.FAILED, Problem.TOO_LATE)


@pytest.mark.django_db
def test_a_colleague_finds_it_in_the_bell(house: House) -> None:
    tell(channels=[Address("in_app", str(house.id("clerk")))], url="/cases/XD-2026-000001/")
    services.deliver_due(at=NOON)
    (notice,) = selectors.latest(house.actor("clerk"))
    assert "XD-2026-000001" in notice.subject
    assert the_message().state == State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_message_once(written) -> None:
    for n in range(60):
        tell(key=f"many:{n}")
    start = threading.Barrier(4)

    def run() -> None:
        try:
            start.wait(20)
            services.deliver_due(at=NOON)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line["key"] for line in written()) == sorted(f"many:{n}" for n in range(60))
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


@pytest.mark.django_db(transaction=True)
def test_two_tell_the_same_at_once_and_it_is_kept_once() -> None:
    start, made = threading.Barrier(4), []

    def run() -> None:
        try:
            start.wait(20)
            made.append(tell())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(message is not None for message in made) == 1
    assert Message.objects.count() == 1


_DIES = """
import django
django.setup()
from datetime import datetime
from liangdian.platform.notifications import services
services.deliver_due(at=datetime.fromisoformat("%s"))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_sending_and_writing_it_down_is_told_and_not_sent_again(
    written, settings, tmp_path, house: House
) -> None:
    tell()
    database = connection.settings_dict
    host = database["HOST"]
    address = f"postgresql://{database['USER']}@/{database['NAME']}?host={host}"
    if database["PORT"]:
        address += f"&port={database['PORT']}"
    environment = {
        **os.environ, "DATABASE_URL": address, "LIANGDIAN_SMS_GATEWAY": f"{GATEWAYS}Dying",
        "LIANGDIAN_VAR": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _DIES % NOON.isoformat()], env=environment, check=False, capture_output=True
    )
    assert done.returncode == 9, done.stderr.decode()
    assert len(written()) == 1
    assert the_message().state == State.SENDING

    services.deliver_due(at=NOON + timedelta(minutes=9))
    assert the_message().state == State.SENDING
    services.deliver_due(at=NOON + timedelta(minutes=11))
    services.deliver_due(at=NOON + timedelta(hours=11))
    assert len(written()) == 1
    assert (the_message().state, the_message().problem) == (State.UNKNOWN, Problem.STOPPED)
    assert BellNotice.objects.get(user=house.id("administrator")).kind == "message_unknown"
    with pytest.raises(Invalid):
        services.retry(actor=house.actor("administrator"), message_id=the_message().pk, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_the_minute_starts_a_job_only_when_something_is_due(written) -> None:
    look = dict(periodic_functions())["notifications.outbox"]

    def queued() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'notifications.deliver'"
            )
            return cursor.fetchone()[0]

    look(NOON)
    assert queued() == 0
    tell()
    look(NOON - MINUTE)
    assert queued() == 0
    look(NOON)
    assert queued() == 1
    Message.objects.update(not_before=datetime.now(HALL_ZONE), next_attempt_at=NOON - timedelta(days=200))
    job_named("notifications.deliver").function()
    assert the_message().state == State.SENT


@pytest.mark.django_db
def test_an_administrator_sends_again_what_did_not_leave(settings, house: House, written) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Refusing"
    tell()
    services.deliver_due(at=NOON)
    settings.SMS_GATEWAY = "liangdian.platform.notifications.gateways.FileGateway"
    later = NOON + timedelta(days=9)
    services.retry(actor=house.actor("administrator"), message_id=the_message().pk, at=later)
    services.deliver_due(at=later)
    assert len(written()) == 1
    assert the_message().state == State.SENT


@pytest.mark.django_db
def test_only_administrators_and_only_what_did_not_leave(settings, house: House) -> None:
    tell()
    number = the_message().pk
    administrator = house.actor("administrator")
    with pytest.raises(NotAllowed):
        services.retry(actor=house.actor("clerk"), message_id=number, at=NOON)
    with pytest.raises(Invalid):
        services.retry(actor=administrator, message_id=number, at=NOON)
    with pytest.raises(NotFound):
        services.retry(actor=administrator, message_id=number + 1, at=NOON)
    services.deliver_due(at=NOON)
    with pytest.raises(Invalid):
        services.retry(actor=administrator, message_id=number, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(("delivered", "state"), [(True, State.DELIVERED), (False, State.FAILED)])
def test_the_network_reports_what_became_of_it_once(settings, house, delivered, state) -> None:
    settings.SMS_GATEWAY = f"{GATEWAYS}Numbering"
    tell(key="k")
    services.deliver_due(at=NOON)
    given = {"gateway_id": "no-k", "channel": "sms", "at": NOON + MINUTE}
    assert services.report(**{**given, "gateway_id": "no-other"}, delivered=delivered) is None
    assert services.report(**given, delivered=delivered).state == state
    assert services.report(**given, delivered=not delivered) is None
    assert the_message().state == state
    # It left, so it is not sent again, whatever the network says.
    with pytest.raises(Invalid):
        services.retry(actor=house.actor("administrator"), message_id=the_message().pk, at=NOON)


@pytest.mark.django_db
def test_what_became_of_messages_is_read_with_one_query(django_assert_num_queries, settings) -> None:
    settings.MESSENGER_GATEWAY = ""
    tell(key="case:1:1")
    services.deliver_due(at=NOON)
    tell(key="case:1:2", opted_out=True)
    with django_assert_num_queries(1):
        found = selectors.deliveries_for(["case:1:1", "case:1:2", "case:1:3"])
    assert set(found) == {"case:1:1", "case:1:2"}
    assert (found["case:1:1"].state, found["case:1:1"].tone) == (State.SENT, "quiet")
    assert "138****2211" in found["case:1:1"].words
    assert (found["case:1:2"].state, found["case:1:2"].channel) == (State.SUPPRESSED, "")
    assert found["case:1:2"].words


MOMENTS = st.integers(0, 366 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=HALL_ZONE) + n * MINUTE)


@given(at=MOMENTS, begin=st.times(), end=st.times())
def test_what_is_moved_out_of_the_quiet_hours_lands_at_their_end(at, begin, end) -> None:
    quiet = QuietHours(begin, end)
    moved = quiet.after(at)
    assert at <= moved <= at + timedelta(days=1)
    assert not quiet.holds(moved)
    assert moved == at or moved.astimezone(HALL_ZONE).time() == end


@pytest.mark.parametrize("text", ["21-8", "21:00", "noon-08:00", "21:00-08:00-09:00"])
def test_quiet_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        QuietHours.read(text)


def test_the_waits_grow_and_end() -> None:
    waits = [wait_after(n) for n in range(1, MOST_ATTEMPTS)]
    assert waits == sorted(waits)
    assert wait_after(MOST_ATTEMPTS) is None
