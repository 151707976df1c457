"""Every test runs on a real PostgreSQL: one embedded server for the whole run, one database a worker.

Loaded with ``-p tests.postgres`` because the address must stand before Django reads its settings.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from liangdian.config.embedded import EmbeddedPostgres

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_server: EmbeddedPostgres | None = None


def _start_server() -> None:
    global _server
    if "DATABASE_URL" in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
        return
    _server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="liangdian-test-")), flags=_FAST)
    _server.start()
    _server.create_database("liangdian")
    os.environ["DATABASE_URL"] = _server.url("liangdian")


_start_server()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _server is not None:
        _server.stop()
