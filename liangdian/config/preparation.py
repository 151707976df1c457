"""What must be done before the first page: migrations, demonstration or static files."""

from __future__ import annotations

import time
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from liangdian.config.commands.migrate import migrate
from liangdian.platform.database.facts import DEMONSTRATION, INITIALISED, is_fact


def prepare(*, demonstration: bool) -> None:
    """Bring database and files to where the processes can start on them."""
    migrate(verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if demonstration and settings.DEMONSTRATION:
        _demonstration()
    if not settings.DEMONSTRATION:
        call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


def _demonstration() -> None:
    if is_fact(DEMONSTRATION) or is_fact(INITIALISED):
        return
    # Loaded only once in the life of a database, so its code is not read at every start.
    demo = import_module("liangdian.config.commands.demo")
    print("Loading the demonstration centre ...", flush=True)
    start = time.monotonic()
    demo.load_once()
    print(f"Loaded in {time.monotonic() - start:.0f} seconds.", flush=True)
