"""Reading and writing facts of the installation, and locks that hold for the whole cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from liangdian.platform.database.models import InstallationFact

DEMONSTRATION = "demonstration"
INITIALISED = "initialised"


def is_fact(name: str) -> bool:
    """True when ``name`` was recorded."""
    return InstallationFact.objects.filter(name=name).exists()


def record_fact(name: str, *, at: datetime) -> None:
    """Record ``name`` for ever. Must run in the transaction that makes it true."""
    InstallationFact.objects.create(name=name, at=at)


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """A transaction that waits until nobody else on this database is in ``only_one(name)``."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"liangdian:{name}"])
        yield


@contextmanager
def session_lock(name: str) -> Iterator[None]:
    """As ``only_one``, without a transaction: for work that makes its own, such as migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"liangdian:{name}"])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"liangdian:{name}"])
