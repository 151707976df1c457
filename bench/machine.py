"""The processes of the benchmark: the web server with its two processes, the job worker; and their memory."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

PROCESSES = 2
MIB = 2**20


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The web server on ``port``; ended with the block."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(PROCESSES),
        "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "2", "--no-access-log",
        "liangdian.config.wsgi:application",
    ]  # fmt: skip
    web = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield web
    finally:
        web.terminate()
        web.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def memory(*, web: subprocess.Popen[bytes], database: subprocess.Popen[bytes]) -> dict[str, float]:
    """MiB of each part after the load, shared pages counted once (PSS); a job worker runs meanwhile."""
    command = [sys.executable, "-m", "liangdian.cli", "worker"]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(8)
        parts = {"web": _pss(web.pid), "worker": _pss(worker.pid), "database": _pss(database.pid)}
    finally:
        worker.terminate()
        worker.wait()
    found = {name: round(size / MIB, 1) for name, size in parts.items()}
    return found | {"whole_stack": round(sum(parts.values()) / MIB, 1)}


def _pss(pid: int) -> int:
    """Bytes of a process and all below it."""
    first = psutil.Process(pid)
    return sum(int(each.memory_full_info().pss) for each in (first, *first.children(recursive=True)))
