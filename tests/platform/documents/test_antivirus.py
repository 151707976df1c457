"""With an antivirus nothing is readable before the scan, and nothing infected ever is."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from liangdian.foundation.refused import Invalid, NotFound
from liangdian.platform.documents import clamd, kinds, retention, selectors, services, storage
from liangdian.platform.documents.events import Infected, infected
from liangdian.platform.documents.models import Document, Scan
from tests.platform.documents.files import EICAR

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


class Daemon(socketserver.StreamRequestHandler):
    """Speaks clamd's protocol on a real socket; finds what contains the antivirus test string."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        answer = self.server.answer or (b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK")
        self.wfile.write(b"stream: " + answer + b"\0")


@pytest.fixture(params=["unix", "tcp"])
def daemon(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings
) -> Iterator[socketserver.BaseServer]:
    if request.param == "unix":
        server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd.sock"), Daemon)
        settings.CLAMD_ADDRESS = f"unix:{tmp_path}/clamd.sock"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon)
        settings.CLAMD_ADDRESS = f"tcp:127.0.0.1:{server.server_address[1]}"
    server.seen, server.answer = [], b""
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def brought(content: bytes = b"harmless words", name: str = "x.txt") -> Document:
    return services.store(
        actor_id=None, actor_name="王桂兰", name=name, content=content, kind=kinds.FROM_RESIDENT, at=NOW
    )


def queued() -> list[tuple[str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM jobs.procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


@pytest.mark.django_db
def test_a_document_is_readable_only_after_the_scan(daemon: socketserver.BaseServer) -> None:
    document = brought()
    assert document.scan == Scan.PENDING
    assert [name for name, _args in queued()] == ["documents.scan"]
    with pytest.raises(selectors.BeingChecked, match="being checked"):
        selectors.open_document(document.pk)
    assert retention.scan(content_id=document.content_id, at=NOW) == Scan.CLEAN
    assert selectors.content_of(document.pk) == b"harmless words"
    assert daemon.seen == [b"harmless words"]
    assert [a.act for a in selectors.history_of(document.pk)] == ["stored", "clean"]
    # Asked again by a worker that was killed: nothing happens twice.
    retention.scan(content_id=document.content_id, at=NOW)
    assert len(daemon.seen) == 1


@pytest.mark.django_db
def test_a_large_document_reaches_the_antivirus_whole(daemon: socketserver.BaseServer) -> None:
    content = b"0123456789abcdef" * 20_000
    retention.scan(content_id=brought(content).content_id, at=NOW)
    assert daemon.seen == [content]


@pytest.mark.django_db
def test_what_is_infected_is_shut_away_and_told(daemon: socketserver.BaseServer) -> None:
    told: list[Infected] = []

    def hear(event: Infected, **_rest: object) -> None:
        told.append(event)

    infected.connect(hear)
    try:
        first, second = brought(EICAR), brought(EICAR, name="again.txt")
        assert retention.scan(content_id=first.content_id, at=NOW) == Scan.INFECTED
    finally:
        infected.disconnect(hear)
    assert told == [Infected((first.pk, second.pk), "Eicar-Test-Signature", NOW)]
    for document in (first, second):
        with pytest.raises(NotFound, match="virus"):
            selectors.open_document(document.pk)
        assert selectors.history_of(document.pk)[-1].detail == "Eicar-Test-Signature"
    assert not storage.store().exists(storage.key_of(first.sha256))
    assert storage.read(storage.quarantine_key_of(first.sha256)) == EICAR
    # Nobody brings it a second time.
    with pytest.raises(Invalid, match="virus"):
        brought(EICAR)


@pytest.mark.django_db
def test_without_an_answer_it_stays_unreadable_and_is_asked_again(
    daemon: socketserver.BaseServer, caplog: pytest.LogCaptureFixture
) -> None:
    document, later = brought(), NOW + timedelta(minutes=6)
    for answer in (b"INSTREAM size limit exceeded. ERROR", b" ", b"\xff\xfe"):
        daemon.answer = answer
        with pytest.raises(clamd.NoAnswer):
            retention.scan(content_id=document.content_id, at=NOW)
    assert retention.scan_overdue(at=later) == 0
    assert "1 documents wait" in caplog.text
    assert selectors.document(document.pk).scan == Scan.PENDING
    daemon.answer = b""
    assert retention.scan_overdue(at=NOW) == 0
    assert retention.scan_overdue(at=later) == 1
    assert selectors.document(document.pk).scan == Scan.CLEAN


@pytest.mark.django_db
def test_what_came_before_the_antivirus_is_checked_when_it_comes_again(
    daemon: socketserver.BaseServer, settings: Settings
) -> None:
    address, settings.CLAMD_ADDRESS = settings.CLAMD_ADDRESS, ""
    assert brought().scan == Scan.NOT_SCANNED
    assert queued() == []
    settings.CLAMD_ADDRESS = address
    assert brought().scan == Scan.PENDING


def test_an_antivirus_that_is_not_there_or_wrongly_named_gives_no_answer(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for address in (f"unix:{tmp_path}/none", f"tcp:127.0.0.1:{port}", "127.0.0.1", "tcp:x", "http:a:1"):
        with pytest.raises(clamd.NoAnswer):
            clamd.finding(b"x", address=address)
