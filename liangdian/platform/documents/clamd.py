"""Asking ClamAV's daemon whether bytes are harmless: its INSTREAM command over a socket."""

from __future__ import annotations

import socket
import struct

_PART = 1 << 16
_SECONDS = 60.0
_LONGEST_ANSWER = 4096


class NoAnswer(Exception):
    """The antivirus cannot be reached, or said something that is neither "OK" nor "FOUND"."""


def finding(content: bytes, *, address: str) -> str:
    """The name of the virus in ``content``; empty when it is clean.

    ``address`` is ``unix:/path`` or ``tcp:host:port``. Raises NoAnswer.
    """
    try:
        with _connected(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PART):
                part = content[start : start + _PART]
                connection.sendall(struct.pack("!L", len(part)) + part)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise NoAnswer(f"the antivirus cannot be reached: {error}") from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND") or "unnamed"
    raise NoAnswer(f"the antivirus said: {answer or 'nothing'}")


def _connected(address: str) -> socket.socket:
    scheme, _, place = address.partition(":")
    if scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = place.rpartition(":")
    if scheme != "tcp" or not host or not port.isdecimal():
        raise NoAnswer("the antivirus's address is neither unix:/path nor tcp:host:port")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
