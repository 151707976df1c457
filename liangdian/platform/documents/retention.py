"""What happens to documents by itself: checked for viruses, deleted after their time, leftovers removed."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from liangdian.foundation.clock import business_date
from liangdian.platform.documents import clamd, storage
from liangdian.platform.documents.events import Infected, infected
from liangdian.platform.documents.models import Act, Content, Document, Scan
from liangdian.platform.documents.services import lock_content, note

log = logging.getLogger(__name__)

_LEFT_OVER_AFTER = timedelta(days=1)
_OVERDUE_AFTER = timedelta(minutes=5)
_AT_ONCE = 200
_FOLDER = re.compile(r"[0-9a-f]{2}")


def scan(*, content_id: int, at: datetime) -> Scan:
    """Ask the antivirus about content that waits for it; what was already decided stays.

    Infected bytes go into quarantine and the rooms that own the documents are told.
    Raises clamd.NoAnswer: then the content stays unreadable and is asked about again.
    """
    content = Content.objects.get(pk=content_id)
    if content.scan != Scan.PENDING or content.deleted_at is not None:
        return Scan(content.scan)
    # The antivirus may take its time; no transaction stays open meanwhile.
    read = storage.read(storage.key_of(content.sha256))
    found = clamd.finding(read, address=settings.CLAMD_ADDRESS)
    with transaction.atomic():
        lock_content(content.sha256)
        content.refresh_from_db()
        if content.scan == Scan.PENDING and content.deleted_at is None:
            if found:
                storage.write(storage.quarantine_key_of(content.sha256), read)
            _decide(content, found[:200], at=at)
    if content.scan == Scan.INFECTED:
        storage.store().delete(storage.key_of(content.sha256))
    return Scan(content.scan)


def _decide(content: Content, found: str, *, at: datetime) -> None:
    content.scan, content.finding = (Scan.INFECTED, found) if found else (Scan.CLEAN, "")
    content.scanned_at = at
    content.save(update_fields=["scan", "finding", "scanned_at"])
    documents = list(content.documents.filter(purged_at__isnull=True))
    for document in documents:
        note(document, Act.INFECTED if found else Act.CLEAN, at=at, detail=found)
    if found:
        ids = tuple(document.pk for document in documents)
        infected.send(Infected, event=Infected(document_ids=ids, finding=found, at=at))


def scan_overdue(*, at: datetime) -> int:
    """Ask again about what has waited longer than five minutes; returns how many got an answer."""
    if not settings.CLAMD_ADDRESS:
        return 0
    waiting = Content.objects.filter(
        scan=Scan.PENDING, deleted_at__isnull=True, stored_at__lt=at - _OVERDUE_AFTER
    )
    ids = list(waiting.order_by("stored_at").values_list("pk", flat=True)[:_AT_ONCE])
    for answered, content_id in enumerate(ids):
        try:
            scan(content_id=content_id, at=at)
        except clamd.NoAnswer as silence:
            log.warning("%d documents wait for the antivirus: %s", len(ids) - answered, silence)
            return answered
    return len(ids)


def purge(*, at: datetime) -> int:
    """Delete what is kept no longer; returns how many documents became tombstones.

    The row with who, when and what stays. The bytes go when no other document is the same.
    """
    over = Document.objects.filter(purged_at__isnull=True, keep_until__lt=business_date(at))
    with transaction.atomic():
        documents = list(
            over.select_for_update(skip_locked=True, of=("self",)).order_by("keep_until", "id")[:_AT_ONCE]
        )
        Document.objects.filter(pk__in=[each.pk for each in documents]).update(purged_at=at)
        for document in documents:
            note(document, Act.PURGED, at=at)
    for content_id in sorted({document.content_id for document in documents}):
        delete_bytes(content_id=content_id, at=at)
    return len(documents)


@transaction.atomic
def delete_bytes(*, content_id: int, at: datetime) -> bool:
    """Delete the bytes of content that no document is any more. True when they were deleted."""
    content = Content.objects.get(pk=content_id)
    lock_content(content.sha256)
    content.refresh_from_db()
    if content.deleted_at is not None or content.documents.filter(purged_at__isnull=True).exists():
        return False
    storage.store().delete(storage.key_of(content.sha256))
    storage.store().delete(storage.quarantine_key_of(content.sha256))
    content.deleted_at = at
    content.save(update_fields=["deleted_at"])
    return True


def remove_leftovers(*, at: datetime) -> int:
    """Delete bytes that no row speaks of; returns how many files.

    They stay behind when a transaction is rolled back or the machine stops in the middle of a deletion.
    Only what is older than a day is looked at.
    """
    forgotten = Content.objects.filter(deleted_at__isnull=True).exclude(documents__purged_at__isnull=True)
    for content_id in forgotten.values_list("pk", flat=True)[:_AT_ONCE]:
        delete_bytes(content_id=content_id, at=at)
    removed = 0
    for folder in _folders():
        names = storage.store().listdir(folder)[1]
        known = set(_living().filter(sha256__in=names).values_list("sha256", flat=True))
        for name in names:
            if name not in known:
                removed += _remove_leftover(f"{folder}/{name}", name, at=at)
    return removed


def _folders() -> list[str]:
    """The folders of content: two levels, two digits each; the quarantine is none of them."""
    place = storage.store()
    try:
        names = place.listdir("")[0]
    except FileNotFoundError:  # nothing was ever kept
        return []
    first = [name for name in names if _FOLDER.fullmatch(name)]
    return [f"{a}/{b}" for a in first for b in place.listdir(a)[0] if _FOLDER.fullmatch(b)]


def _living() -> QuerySet[Content]:
    return Content.objects.filter(deleted_at__isnull=True).exclude(scan=Scan.INFECTED)


@transaction.atomic
def _remove_leftover(key: str, sha256: str, *, at: datetime) -> int:
    """Delete one file unless it is young or somebody keeps these bytes at this moment."""
    lock_content(sha256)
    place = storage.store()
    if not place.exists(key) or place.get_modified_time(key) > at - _LEFT_OVER_AFTER:
        return 0
    if _living().filter(sha256=sha256).exists():
        return 0
    place.delete(key)
    return 1
