"""E-mail through a real mail server: what it takes, what it refuses, and when it is not there."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from liangdian.platform.notifications import services
from liangdian.platform.notifications.models import Message
from liangdian.platform.notifications.states import Problem, State
from tests.platform.notifications.conftest import MAIL, NOON, tell

pytestmark = pytest.mark.django_db


class Mailbox:
    """A mail server's handler: keeps what it takes, answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.rcpt_answer = self.data_answer = ""
        self.hang_up = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hang_up:
            self.taken.append(envelope)
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 too late"
        if not self.data_answer:
            self.taken.append(envelope)
        return self.data_answer or "250 taken"

    def mail(self) -> EmailMessage:
        (envelope,) = self.taken
        return message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[return-value]


Serve = Callable[..., Mailbox]


@pytest.fixture
def serve(settings) -> Iterator[Serve]:
    """Start a mail server on a free port and make it the installation's."""
    running: list[Controller] = []

    def start(**options: object) -> Mailbox:
        box = Mailbox()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(box, hostname="127.0.0.1", port=port, **options)  # type: ignore[arg-type]
        controller.start()
        running.append(controller)
        settings.EMAIL_PORT = port
        return box

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 5
    yield start
    for controller in running:
        controller.stop()


def send(**changes: object) -> Message:
    """One attempt to send one e-mail."""
    tell(channels=[MAIL], **changes)
    services.deliver_due(at=NOON)
    return Message.objects.get()


def test_the_resident_gets_one_mail_with_subject_and_text(serve: Serve) -> None:
    box = serve()
    message = send()
    assert (message.state, message.problem) == (State.SENT, "")
    assert box.taken[0].rcpt_tos == [MAIL.to]
    assert box.mail()["To"] == MAIL.to
    assert box.mail()["Subject"] == "您的事项 XD-2026-000001 已登记"
    assert box.mail()["Message-ID"] == message.gateway_id
    assert box.mail()["Auto-Submitted"] == "auto-generated"
    assert "https://x/m/abc/" in box.mail().get_content()
    services.deliver_due(at=NOON + timedelta(hours=1))
    assert len(box.taken) == 1


def test_without_a_server_it_waits_and_is_sent_when_the_server_is_back(serve: Serve, settings) -> None:
    settings.EMAIL_PORT = 9  # nobody listens there
    message = send()
    assert (message.state, message.problem) == (State.QUEUED, Problem.DOWN)
    box = serve()
    services.deliver_due(at=message.next_attempt_at)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 2)
    assert len(box.taken) == 1


@pytest.mark.parametrize(
    ("answers", "state", "problem"),
    [
        ({"rcpt_answer": "450 mailbox busy"}, State.QUEUED, Problem.LATER),
        ({"rcpt_answer": "550 no such mailbox"}, State.FAILED, Problem.ADDRESS),
        ({"data_answer": "451 greylisted, come back"}, State.QUEUED, Problem.LATER),
        ({"data_answer": "554 we do not like it"}, State.FAILED, Problem.REFUSED),
        ({"hang_up": True}, State.UNKNOWN, Problem.LOST),
    ],
)
def test_what_the_server_answers_decides(serve: Serve, answers: dict, state: State, problem: Problem) -> None:
    box = serve()
    for name, value in answers.items():
        setattr(box, name, value)
    message = send()
    assert (message.state, message.problem) == (state, problem)
    for name in answers:
        setattr(box, name, "" if name != "hang_up" else False)
    services.deliver_due(at=NOON + timedelta(minutes=1))
    message.refresh_from_db()
    taken = state in {State.QUEUED, State.UNKNOWN}
    assert len(box.taken) == taken, "sent again only when it certainly had not left"
    assert message.state == (State.SENT if state == State.QUEUED else state)


def test_a_wrong_password_of_the_installation_is_no_fault_of_the_message(serve: Serve, settings) -> None:
    serve(auth_require_tls=False, authenticator=lambda *given: None)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "centre", "wrong"
    message = send()
    assert (message.state, message.problem) == (State.QUEUED, Problem.DOWN)


@pytest.mark.parametrize("address", ["a@b\nBcc: c@d", "nobody"])
def test_an_address_that_is_none_reaches_nobody_else(serve: Serve, address: str) -> None:
    box = serve()
    box.rcpt_answer = "" if "\n" in address else "550 no"
    tell(channels=[services.Address("email", address)])
    services.deliver_due(at=NOON)
    message = Message.objects.get()
    assert message.state in {State.FAILED, State.SUPPRESSED}
    assert box.taken == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_with_tls_only_a_server_that_proves_its_name_gets_the_mail(
    serve: Serve, settings, monkeypatch, certificate: Path, trusted: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    box = serve(tls_context=context, require_starttls=True)
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", True
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    message = send()
    assert len(box.taken) == trusted
    if trusted:
        assert message.state == State.SENT
    else:
        assert (message.state, message.problem) == (State.QUEUED, Problem.DOWN)


def test_a_server_that_asks_for_tls_gets_nothing_without(serve: Serve, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    box = serve(tls_context=context, require_starttls=True)
    message = send()
    assert (message.state, message.problem) == (State.QUEUED, Problem.DOWN)
    assert box.taken == []
