"""The jobs of documents: the scan at once, the rest by the sweep."""

from __future__ import annotations

from datetime import UTC, datetime

from liangdian.foundation.clock import business_date
from liangdian.platform.documents import retention
from liangdian.platform.documents.services import SCAN
from liangdian.platform.jobs.registry import every_minute, job
from liangdian.platform.jobs.services import enqueue

LEFTOVERS = "documents.leftovers"


@job(SCAN)
def scan(*, content_id: int) -> None:
    """Ask the antivirus about new content."""
    retention.scan(content_id=content_id, at=datetime.now(UTC))


@job(LEFTOVERS)
def remove_leftovers() -> None:
    """Once a day: bytes that no row speaks of."""
    retention.remove_leftovers(at=datetime.now(UTC))


@every_minute("documents.scan")
def scan_overdue(at: datetime) -> None:
    """Ask again about what got no answer at ``at``."""
    retention.scan_overdue(at=at)


@every_minute("documents.purge")
def purge(at: datetime) -> None:
    """Delete what is kept no longer at ``at``, and once a day the leftovers."""
    retention.purge(at=at)
    enqueue(LEFTOVERS, key=f"{LEFTOVERS}:{business_date(at)}")
