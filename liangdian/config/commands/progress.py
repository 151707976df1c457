"""A line on the error output that tells how far a long command is."""

from __future__ import annotations

import sys
import time


class Progress:
    """``progress(done, rejected)`` shows rows, rejected rows and speed, at most ten times a second."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.begin = time.monotonic()
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, rejected: int = 0) -> None:
        now = time.monotonic()
        if self._live and now - self._shown > 0.1:
            self._shown = now
            print(f"\r{self._line(done, rejected)}", end="", file=sys.stderr, flush=True)

    def _line(self, done: int, rejected: int) -> str:
        speed = done / max(time.monotonic() - self.begin, 0.001)
        return f"{done:,} {self.what}, {rejected:,} rejected, {speed:,.0f} a second"

    def end(self, done: int, rejected: int = 0) -> str:
        """The last line: what was done, how long it took, rows per second."""
        if self._live:
            print(file=sys.stderr)
        return f"{self._line(done, rejected)}, {time.monotonic() - self.begin:.1f} s"
