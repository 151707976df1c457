"""The supervisor behind ``make run``: starts everything in order, and stops it in the reverse order."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil

from liangdian.config.children import Child, Children
from liangdian.config.installation import is_installed
from liangdian.config.places import ASSETS, INSTALLATION, VAR
from liangdian.config.session import check_server, embedded_server, set_up_django
from liangdian.config.tenancy import Tenancy
from liangdian.foundation.refused import Refused

OLDEST_PYTHON = (3, 11)
READY_WITHIN = 60.0
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


class CannotStart(Refused):
    """The product cannot start here; the message says why and what to do."""

    code = "cannot-start"


class StopAsked(BaseException):
    """SIGTERM, or Ctrl-C: everything is stopped in order."""


@dataclass(frozen=True, slots=True)
class Choices:
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    worker: bool = True
    live_port: int = 0
    demonstration: bool = True

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def serve(choices: Choices) -> int:
    """Run until Ctrl-C or SIGTERM. Returns the exit code. Raises Refused with one clear sentence."""
    check_machine()
    with contextlib.ExitStack() as stack:
        stack.enter_context(stop_signals())
        try:
            stack.enter_context(Tenancy(VAR, address=choices.address))
            check_port(choices)
            choices = replace(choices, live_port=choices.live_port or free_port(choices))
            stack.enter_context(_database())
            prepare(choices)
            with Children(commands(choices)) as children:
                wait_until_ready(choices, children)
                print(greeting(choices), flush=True)
                children.watch()
        except StopAsked:
            stack.close()
            print("Stopped. Everything is kept.", flush=True)
    return 0


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """SIGINT and SIGTERM ask once for a stop; asked again they are ignored, so that it is orderly."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ask(number: int, frame: object) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            os.write(1, b"\nStopping ...\n")
        raise StopAsked

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_machine() -> None:
    """Python and the browser parts, before anything is started."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotStart(
            f"Liangdian needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Install a newer one, remove .venv and run 'make run'."
        )
    if not (ASSETS / "@tabler" / "core" / "dist").is_dir():
        raise CannotStart(
            f"The browser parts are missing in {ASSETS}. "
            "Run 'make run' (it fetches them with Node 20 or newer), or name their folder in "
            "LIANGDIAN_ASSETS."
        )


def check_port(choices: Choices) -> None:
    """Raises CannotStart when another program listens there, with its name where it can be known."""
    family = socket.AF_INET6 if ":" in choices.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((choices.host, choices.port))
        except OSError as error:
            raise CannotStart(_port_sentence(choices, error)) from error
        except OverflowError as error:
            raise CannotStart("A port is a number from 1 to 65535.") from error


def _port_sentence(choices: Choices, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = choices.port + 1
        return (
            f"Port {choices.port} is already used by {_listener(choices.port)}. Stop that program, or "
            f"choose another port: make run PORT={other} (or liangdian serve --port {other})."
        )
    if error.errno == errno.EACCES:
        return f"Port {choices.port} needs special rights. Choose one above 1023 with --port."
    return f"The address {choices.host}:{choices.port} cannot be used: {error.strerror or error}."


def _listener(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    return "another program"


@contextlib.contextmanager
def _database() -> Iterator[None]:
    url = os.environ.get("DATABASE_URL")
    if url is None:
        print("Starting the database ...", flush=True)
        with embedded_server():
            yield
    else:
        check_server(url)
        yield


def prepare(choices: Choices) -> None:
    """Migrations, and on the first start the demonstration; in a real installation the static files."""
    set_up_django()
    # Imported here by name because they need Django's settings, which need the database's address.
    import_module("liangdian.config.preparation").prepare(demonstration=choices.demonstration)


def commands(choices: Choices) -> list[Child]:
    """The processes beside the database: the web server, and the job worker."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    granian += ["--workers", str(choices.workers), "--blocking-threads", "4", "--backlog", "512"]
    granian += ["--workers-kill-timeout", "10", "--respawn-failed-workers"]
    granian += ["--host", choices.host, "--port", str(choices.port), "liangdian.config.wsgi:application"]
    live = {"LIANGDIAN_LIVE_PORT": str(choices.live_port)}
    children = [
        Child("web server", granian, {"LIANGDIAN_POOL": "1", MULTIPROCESS: _metrics_folder(), **live}),
        Child("live server", live_command(choices.host, choices.live_port), {}),
    ]
    if choices.worker:
        children.append(Child("job worker", [sys.executable, "-m", "liangdian.cli", "worker"], {}))
    return children


def live_command(host: str, port: int) -> list[str]:
    """One small process for the streams of the boards; more of them stand on more machines."""
    granian = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--log-level", "warning"]
    granian += ["--workers", "1", "--backlog", "512", "--workers-kill-timeout", "3"]
    granian += ["--respawn-failed-workers", "--host", host, "--port", str(port)]
    return [*granian, "liangdian.config.live:application"]


def free_port(choices: Choices) -> int:
    """The port after that of the pages, or any free one; the pages tell the browser which."""
    for port in (choices.port + 1, 0):
        with socket.socket(socket.AF_INET6 if ":" in choices.host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((choices.host, port))
            except (OSError, OverflowError):
                continue
            return int(trial.getsockname()[1])
    raise CannotStart("No free port was found for the live server. Name one with --live-port.")


def _metrics_folder() -> str:
    """Where the web server's processes add up their figures; they begin anew with every start."""
    folder = VAR / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def wait_until_ready(choices: Choices, children: Children) -> None:
    """Returns when the web server answers. Raises CannotStart after a minute."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        children.look_after()
        try:
            with urlopen(f"{choices.address}/healthz", timeout=5):
                return
        except HTTPError as error:
            # An installation answers only under its own host names; it answers all the same.
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return
            time.sleep(0.5)
        except OSError:
            time.sleep(0.1)
    raise CannotStart(
        f"No answer on {choices.address} within {READY_WITHIN:.0f} seconds; see the lines above."
    )


def greeting(choices: Choices) -> str:
    """The address, and the accounts of the demonstration or where the installation's choices stand."""
    lines = ["", f"Liangdian is ready: {choices.address}"]
    if is_installed():
        lines.append(f"A real installation; its keys are in {_short(INSTALLATION)}.")
    elif choices.demonstration:
        lines += ["", "Accounts of the demonstration (role, name, password):"]
        lines.append(import_module("liangdian.config.commands.demo").accounts_text())
    return "\n".join([*lines, "", "Ctrl-C stops everything; nothing is lost.", ""])


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
