"""Gateways that behave badly, and one that dies."""

from __future__ import annotations

import os

from liangdian.platform.notifications.gateways import (
    Accepted,
    FileGateway,
    GiveUp,
    Outgoing,
    TryLater,
    Uncertain,
)
from liangdian.platform.notifications.states import Problem

asked: list[str] = []


class Down:
    def send(self, message: Outgoing) -> Accepted:
        asked.append(message.key)
        raise TryLater(Problem.DOWN)


class Busy:
    def send(self, message: Outgoing) -> Accepted:
        asked.append(message.key)
        raise TryLater(Problem.LATER)


class Refusing:
    def send(self, message: Outgoing) -> Accepted:
        raise GiveUp(Problem.ADDRESS)


class Breaking:
    def send(self, message: Outgoing) -> Accepted:
        asked.append(message.key)
        raise Uncertain(Problem.LOST)


class Unexpected:
    def send(self, message: Outgoing) -> Accepted:
        raise KeyError(f"no route to {message.to}")


class Numbering:
    def send(self, message: Outgoing) -> Accepted:
        return Accepted(f"no-{message.key}")


class Dying(FileGateway):
    """Sends, and the machine loses power before anybody could write that down."""

    def send(self, message: Outgoing) -> Accepted:
        super().send(message)
        os._exit(9)
