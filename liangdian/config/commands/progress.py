"""A line on the error output that tells how far a long command is."""

from __future__ import annotations

import sys
import time
from pathlib import Path

_WIDTH = 24


def lines_in(path: Path) -> int | None:
    """About how many rows a CSV file has, the title not counted; None for a workbook or no file."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return None
    with path.open("rb") as file:
        ends = sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
    return max(ends - 1, 1)


class Progress:
    """``progress(done, rejected)`` shows a bar, rows, rejected rows and speed, ten times a second at most.

    Without a known total (a workbook) the bar is left out. Nothing is shown where nobody looks.
    """

    def __init__(self, what: str, *, total: int | None = None) -> None:
        self.what = what
        self.total = total
        self.begin = time.monotonic()
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, rejected: int = 0) -> None:
        now = time.monotonic()
        if self._live and now - self._shown > 0.1:
            self._shown = now
            print(f"\r{self.bar(done)}{self._line(done, rejected)}", end="", file=sys.stderr, flush=True)

    def bar(self, done: int) -> str:
        """``[######      ]  50 % `` for the share that is done; empty when the total is not known."""
        if self.total is None:
            return ""
        share = min(done / self.total, 1.0)
        full = round(share * _WIDTH)
        return f"[{'#' * full}{' ' * (_WIDTH - full)}] {share:4.0%} "

    def _line(self, done: int, rejected: int) -> str:
        speed = done / max(time.monotonic() - self.begin, 0.001)
        return f"{done:,} {self.what}, {rejected:,} rejected, {speed:,.0f} a second"

    def end(self, done: int, rejected: int = 0) -> str:
        """The last line: what was done, how long it took, rows per second."""
        if self._live:
            print(file=sys.stderr)
        return f"{self._line(done, rejected)}, {time.monotonic() - self.begin:.1f} s"
