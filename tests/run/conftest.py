"""`liangdian` as a person starts it: a process of its own, an empty folder, a free port."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

LIANGDIAN = str(Path(sys.executable).parent / "liangdian")
READY = "Liangdian is ready"


@dataclass
class Served:
    """A running ``liangdian serve`` and all that it printed."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def until(self, text: str, *, seconds: float = 120.0) -> None:
        """Wait until ``text`` was printed."""
        end = time.monotonic() + seconds
        while text not in self.output:
            assert self.process.poll() is None, f"it ended: {self.output}"
            assert time.monotonic() < end, f"{text!r} was not printed: {self.output}"
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, str]:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def child(self, word: str) -> psutil.Process:
        """The process that it started with ``word`` in its command line."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in " ".join(child.cmdline()))


def environment(var: Path, **more: str) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL"} and not name.startswith("LIANGDIAN_")
    }
    return {**inherited, "LIANGDIAN_VAR": str(var), "PYTHONUNBUFFERED": "1", **more}


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def serve(var: Path, port: int) -> Iterator[Callable[..., Served]]:
    """Starts ``liangdian serve`` on ``var``; what still runs afterwards is stopped in order."""
    started: list[Served] = []

    def start(*options: str, **more: str) -> Served:
        process = subprocess.Popen(
            [LIANGDIAN, "serve", "--port", str(port), *options],
            env=environment(var, **more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        served = Served(process, port)
        threading.Thread(target=served.read, daemon=True).start()
        started.append(served)
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop(signal.SIGTERM)


@pytest.fixture
def run(var: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one ``liangdian`` command to its end."""

    def command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LIANGDIAN, *arguments],
            env=environment(var, **more), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return command


def servers_on(var: Path) -> list[int]:
    """The PostgreSQL servers that run on ``var``."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(var / "postgres") in (process.info["cmdline"] or [])
    ]


def ready(served: Served) -> dict[str, str]:
    """The checks, once all of them are well: the worker needs a moment after the web server."""
    end = time.monotonic() + 90
    while not answers(served):
        assert time.monotonic() < end, served.output
        time.sleep(0.2)
    return json.loads(served.get("/readyz")[1])["checks"]


def answers(served: Served) -> bool:
    try:
        return served.get("/readyz")[0] == 200
    except OSError:
        return False
