"""A database for one command: the one of DATABASE_URL, the one that runs, or one started for it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connections
from psycopg import OperationalError, ProgrammingError, connect

from liangdian.config.embedded import DatabaseTrouble, EmbeddedPostgres
from liangdian.config.places import VAR
from liangdian.config.tenancy import Tenancy, running_tenant

OLDEST_SERVER = 15


def set_up_django() -> None:
    """Load the settings and every room."""
    logging.captureWarnings(True)
    django.setup()


@contextmanager
def database() -> Iterator[None]:
    """Django with a database that answers. Raises DatabaseTrouble with a sentence."""
    if "DATABASE_URL" in os.environ:
        check_server(os.environ["DATABASE_URL"])
        set_up_django()
        yield
        return
    tenant = running_tenant(VAR)
    if tenant is not None:
        os.environ["DATABASE_URL"] = EmbeddedPostgres(VAR).url_of_running()
        set_up_django()
        yield
        return
    with Tenancy(VAR), embedded_server():
        set_up_django()
        yield
        connections.close_all()


@contextmanager
def embedded_server() -> Iterator[EmbeddedPostgres]:
    """The embedded server for the time of the block; DATABASE_URL names it meanwhile."""
    server = EmbeddedPostgres(VAR)
    try:
        server.start()
        server.create_database()
        os.environ["DATABASE_URL"] = server.url()
        yield server
    finally:
        server.stop()
        os.environ.pop("DATABASE_URL", None)


def check_server(url: str) -> None:
    """Raise DatabaseTrouble when the server at ``url`` cannot be reached or is too old."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise DatabaseTrouble("DATABASE_URL must begin with postgresql:// and name a PostgreSQL database.")
    try:
        with connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0].removeprefix("connection failed: ").rstrip(".")
        raise DatabaseTrouble(
            f"The database of DATABASE_URL cannot be reached: {reason}. "
            "Check the address, and that the server runs and lets this machine in."
        ) from error
    if version < OLDEST_SERVER:
        raise DatabaseTrouble(
            f"The database of DATABASE_URL is PostgreSQL {version}; "
            f"Liangdian needs {OLDEST_SERVER} or newer. Upgrade it, or unset DATABASE_URL."
        )
