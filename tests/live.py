"""The live server of the boards, started for a test on the test's own database."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import pytest
from django.db import connection

from liangdian.config.serve import live_command

PATIENCE = 30.0


@dataclass
class LiveServer:
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)


def _free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def live(transactional_db: None) -> Iterator[LiveServer]:
    """A live server on the test's own database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
    port = _free_port()
    process = subprocess.Popen(live_command("127.0.0.1", port), env={**os.environ, "DATABASE_URL": url})
    server = LiveServer(port, process)
    end = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/live/healthz", timeout=2):
                    break
            except OSError:
                assert time.monotonic() < end, "the live server did not come up"
                time.sleep(0.1)
        yield server
    finally:
        server.stop()
