"""``make lint``: every check that needs no test run, the quick ones first. Says all that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
BIN = Path(PYTHON).parent
CHECKS = {
    "ruff check": [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
    "imports": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "liangdian.platform.ui.i18n", "check"],
    "mypy": [str(BIN / "mypy"), "--no-error-summary", "liangdian"],
}


def main() -> int:
    """Run the checks side by side. Returns 1 when one of them failed."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "liangdian.config.settings.test",
        "DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql:///nowhere?host=/nowhere"),
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
    }
    start = time.monotonic()
    running = {
        name: subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in CHECKS.items()
    }
    failed = []
    for name, process in running.items():
        output, _ = process.communicate()
        if process.returncode:
            failed.append(name)
            print(f"--- {name} ---\n{output.strip()}\n")
    seconds = time.monotonic() - start
    if failed:
        print(f"lint: {', '.join(failed)} failed ({seconds:.0f} s)")
        return 1
    print(f"lint: {', '.join(CHECKS)} are clean ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
