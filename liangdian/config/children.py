"""Processes that are looked after: started, said and restarted when they die, stopped in order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from liangdian.foundation.refused import Refused

RESTARTS = 5
WITHIN = 60.0
STOP_WITHIN = 25.0
_PR_SET_PDEATHSIG = 1


class KeepsDying(Refused):
    """A process ended again and again."""

    code = "keeps-dying"


@dataclass(slots=True)
class Child:
    """One process to keep alive. ``environment`` is added to ours."""

    name: str
    command: list[str]
    environment: dict[str, str]
    deaths: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def end_rest(self) -> None:
        """Kill what the ended process left behind: its own children, which are in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Children:
    """``with Children(list):`` starts them in order and stops them in the reverse order."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children

    def __enter__(self) -> Children:
        try:
            for child in self.children:
                child.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def watch(self) -> None:
        """Look after them for ever. Raises KeepsDying."""
        while True:
            self.look_after()
            time.sleep(0.5)

    def look_after(self) -> None:
        """Restart those that ended. Raises KeepsDying after five deaths within a minute."""
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            now = time.monotonic()
            child.deaths = [at for at in child.deaths if now - at < WITHIN] + [now]
            reason = _ending(child.process.returncode)
            if len(child.deaths) > RESTARTS:
                raise KeepsDying(
                    f"The {child.name} ended {len(child.deaths)} times within a minute, last {reason}. "
                    "The lines above say why; everything else was stopped."
                )
            child.end_rest()
            print(f"The {child.name} ended {reason}; starting it again.", file=sys.stderr, flush=True)
            child.start()

    def stop(self) -> None:
        """Ask all to end, the first started last; kill what does not end within 25 seconds."""
        for child in reversed(self.children):
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + STOP_WITHIN
        for child in reversed(self.children):
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.end_rest()


def _ending(code: int) -> str:
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with code {code}"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
