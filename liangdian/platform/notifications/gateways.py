"""The ways out: e-mail through the mail server, text messages and messengers through a gateway.

A gateway is a class with ``send``; ``LIANGDIAN_SMS_GATEWAY`` and ``LIANGDIAN_MESSENGER_GATEWAY`` name one by
its dotted path. Empty means that this installation does not use the channel.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from liangdian.platform.crypto import mask_phone
from liangdian.platform.notifications.states import Channel, Problem

EMAIL = "liangdian.platform.notifications.mail.EmailGateway"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a gateway gets it. ``key`` is the same at every attempt: receivers can tell repeats."""

    key: str
    channel: str
    to: str
    language: str
    subject: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the message. ``gateway_id`` is the number under which it reports the delivery."""

    gateway_id: str = ""


class NotSent(Exception):
    """The message did not leave, for certain. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class TryLater(NotSent):
    """It did not leave and is worth another attempt. ``Problem.DOWN``: nothing else leaves either."""


class GiveUp(NotSent):
    """It did not leave and never will."""


class Uncertain(NotSent):
    """The connection broke after the message was handed over: nobody knows whether it left."""


class Gateway(Protocol):
    """What a gateway is. ``send`` raises TryLater, GiveUp or Uncertain; anything else counts as Uncertain."""

    def send(self, message: Outgoing) -> Accepted: ...


def path_of(channel: str) -> str:
    """The dotted path of the gateway of ``channel``; empty when the channel is off."""
    paths = {
        Channel.EMAIL: EMAIL if settings.EMAIL_HOST else "",
        Channel.SMS: settings.SMS_GATEWAY,
        Channel.MESSENGER: settings.MESSENGER_GATEWAY,
    }
    return paths.get(Channel(channel), "")


def described(channel: str) -> str:
    """What stands behind ``channel``, without passwords: for administrators."""
    if channel == Channel.EMAIL:
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} · {settings.DEFAULT_FROM_EMAIL}"
    path = path_of(channel)
    address = urlsplit(settings.WEBHOOK_URL).hostname if path.endswith(".WebhookGateway") else ""
    return " · ".join(part for part in (path.rpartition(".")[2], address) if part)


def is_on(channel: str) -> bool:
    """True when this installation can send by ``channel``."""
    return channel == Channel.IN_APP or bool(path_of(channel))


def gateway_of(channel: str) -> Gateway:
    """The gateway of ``channel``. Raises GiveUp when the channel is off."""
    path = path_of(channel)
    if not path:
        raise GiveUp(Problem.CHANNEL_OFF)
    return import_string(path)()


class ConsoleGateway:
    """Prints what would be sent, the recipient masked: for trying things out."""

    def send(self, message: Outgoing) -> Accepted:
        """Print one line."""
        print(f"[{message.channel}] {mask_phone(message.to)}: {message.body}", file=sys.stdout, flush=True)
        return Accepted()


class FileGateway:
    """Writes one JSON line a message to ``messages/<channel>.jsonl`` in the data folder, for the owner only.

    For the demonstration and for services that fetch a file. A line is written whole or not at all.
    """

    def send(self, message: Outgoing) -> Accepted:
        """Append the line. Raises TryLater when the disk does not take it."""
        line = json.dumps({**asdict(message), "at": message.at.isoformat()}, ensure_ascii=False) + "\n"
        folder = settings.MESSAGES_ROOT
        try:
            folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            descriptor = os.open(folder / f"{message.channel}.jsonl", flags, 0o600)
        except OSError as error:
            raise TryLater(Problem.DOWN) from error
        with os.fdopen(descriptor, "ab", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = os.fstat(file.fileno()).st_size
            written = file.write(line.encode())
            if written != len(line.encode()):
                file.truncate(before)
                raise TryLater(Problem.DOWN)
        return Accepted()
