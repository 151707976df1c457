"""Keeping bytes, for good or until their time is over. What they belong to, the owning room knows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.platform.documents import kinds, storage
from liangdian.platform.documents.examination import examine
from liangdian.platform.documents.models import Act, Content, Document, DocumentAct, Scan
from liangdian.platform.documents.refusals import FIELD
from liangdian.platform.documents.rules import clean_name
from liangdian.platform.jobs.services import enqueue

SCAN = "documents.scan"


@dataclass(frozen=True, slots=True)
class _Given:
    """What is to be kept, and who brought it."""

    name: str
    content: bytes
    media_type: str
    kind: str
    actor_id: int | None
    actor_name: str
    at: datetime


@transaction.atomic
def store_exact(
    content: bytes, *, media_type: str, name: str, kind: str,
    actor_id: int | None, actor_name: str, at: datetime,
) -> Document:  # fmt: skip
    """Keep what this system made, byte for byte: nothing is looked into and nothing is re-encoded.

    Readable at once. For files that a person brought there is ``store``. Raises LookupError for an
    undeclared kind, ValueError for empty content or name.
    """
    name = clean_name(name)
    if not content or not name:
        raise ValueError("a document needs a name and at least one byte")
    given = _Given(name, content, media_type, kind, actor_id, actor_name, at)
    return _keep(given, scan=Scan.OWN)


@transaction.atomic
def store(
    *, actor_id: int | None, actor_name: str, name: str, content: BinaryIO | bytes, kind: str, at: datetime
) -> Document:
    """Keep a file that a person brought, when it is harmless and what it says it is.

    Pictures are re-encoded without place and time. With an antivirus the document is readable only after
    the scan. The caller has asked its own policy. Raises Invalid with a sentence, LookupError for an
    undeclared kind.
    """
    if not isinstance(content, bytes):
        # One byte more than is allowed shows that it is too large; the rest is never read.
        content = content.read(settings.DOCUMENTS_MAX_BYTES + 1)
    examined = examine(name=name, content=content)
    given = _Given(examined.name, examined.content, examined.media_type, kind, actor_id, actor_name, at)
    document = _keep(given, scan=Scan.PENDING if settings.CLAMD_ADDRESS else Scan.NOT_SCANNED)
    if document.scan == Scan.PENDING:
        stored = document.content.stored_at.isoformat()
        enqueue(SCAN, key=f"{SCAN}:{document.sha256}:{stored}", content_id=document.content_id)
    return document


def _keep(given: _Given, *, scan: Scan) -> Document:
    """The document's row, and the bytes unless they are there already. One caller at a time per content."""
    until = kinds.keep_until(given.kind, given.at)
    sha256 = hashlib.sha256(given.content).hexdigest()
    lock_content(sha256)
    row = Content.objects.filter(sha256=sha256).first()
    if row is None:
        row = Content(sha256=sha256, size=len(given.content), scan=scan, stored_at=given.at)
    elif row.scan == Scan.INFECTED:
        raise Invalid(_("A virus was found in this file, so it was not kept."), field=FIELD)
    elif row.deleted_at is not None:
        row.deleted_at, row.scan, row.scanned_at, row.stored_at = None, scan, None, given.at
    elif row.scan == Scan.NOT_SCANNED and scan == Scan.PENDING:
        row.scan, row.stored_at = scan, given.at
    if not storage.store().exists(storage.key_of(sha256)):
        storage.write(storage.key_of(sha256), given.content)
    row.save()
    document = Document.objects.create(
        kind=given.kind, name=given.name, media_type=given.media_type, content=row,
        uploaded_by_id=given.actor_id, uploaded_by_name=given.actor_name[:100], at=given.at, keep_until=until,
    )  # fmt: skip
    note(document, Act.STORED, at=given.at, actor_id=given.actor_id, actor_name=given.actor_name)
    return document


def lock_content(sha256: str) -> None:
    """Until the end of the transaction nobody else keeps, deletes or quarantines these bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"documents:{sha256}"])


def note(
    document: Document, act: Act, *, at: datetime,
    actor_id: int | None = None, actor_name: str = "system", detail: str = "",
) -> None:  # fmt: skip
    """One line of the document's own history."""
    DocumentAct.objects.create(
        document=document, act=act, at=at, actor_id=actor_id, actor_name=actor_name[:100], detail=detail[:200]
    )
