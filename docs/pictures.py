"""``make pictures``: the main screens of a fresh demonstration, drawn into ``docs/pictures``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from liangdian.config.embedded import EmbeddedPostgres


def main() -> int:
    """Start a database of our own, let ``docs.camera`` draw, take everything away again."""
    with tempfile.TemporaryDirectory(prefix="liangdian-pictures-") as folder:
        server = EmbeddedPostgres(Path(folder), flags={"fsync": "off", "synchronous_commit": "off"})
        server.start()
        try:
            server.create_database("pictures")
            environment = os.environ | {
                "DATABASE_URL": server.url("pictures"),
                "DJANGO_SETTINGS_MODULE": "liangdian.config.settings.dev",
                "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # The driver's own loop runs in the thread that draws.
            }
            return subprocess.run(
                [sys.executable, "-m", "docs.camera"], env=environment, check=False
            ).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
