"""Documents go when their time is over, and only then; what they were stays known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from liangdian.foundation.refused import NotFound
from liangdian.platform.documents import jobs, kinds, retention, selectors, services, storage
from liangdian.platform.documents.models import Content, Document, DocumentAct, Scan

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=31)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    settings.DOCUMENTS_KEEP_DAYS = {kinds.FROM_RESIDENT: 30, kinds.NOTICE: None}
    return settings.DOCUMENTS_ROOT


def brought(content: bytes = b"words", *, kind: str = kinds.FROM_RESIDENT, at: datetime = NOW) -> Document:
    return services.store(actor_id=3, actor_name="王桂兰", name="x.txt", content=content, kind=kind, at=at)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_the_last_day_is_still_kept(root: Path) -> None:
    document = brought()
    # Kept to the end of the hall's day.
    assert retention.purge(at=datetime(2026, 10, 18, 15, 59, tzinfo=UTC)) == 0
    assert selectors.content_of(document.pk) == b"words"
    assert retention.purge(at=datetime(2026, 10, 18, 16, 0, tzinfo=UTC)) == 1
    assert files(root) == []


def test_what_is_gone_leaves_a_tombstone(root: Path) -> None:
    document = brought()
    retention.purge(at=LATER)
    with pytest.raises(NotFound, match="time was over"):
        selectors.open_document(document.pk)
    stone = selectors.document(document.pk)
    assert (stone.name, stone.uploaded_by_id, stone.uploaded_by_name, stone.at) == ("x.txt", 3, "王桂兰", NOW)
    assert (stone.purged_at, stone.content.deleted_at, stone.size) == (LATER, LATER, 5)
    assert [(a.act, a.at) for a in selectors.history_of(document.pk)] == [("stored", NOW), ("purged", LATER)]
    assert retention.purge(at=LATER) == 0


def test_bytes_that_are_another_document_too_stay(root: Path) -> None:
    brought()
    other = brought(kind=kinds.NOTICE)
    assert other.keep_until is None
    assert retention.purge(at=LATER) == 1
    assert selectors.content_of(other.pk) == b"words"
    assert retention.purge(at=LATER + timedelta(days=100_000)) == 0


def test_what_was_deleted_and_is_brought_again_is_there_again(root: Path) -> None:
    brought()
    retention.purge(at=LATER)
    again = brought(at=LATER)
    assert selectors.content_of(again.pk) == b"words"
    assert Content.objects.get().deleted_at is None


def test_a_deletion_that_broke_off_is_done_later(root: Path) -> None:
    document = brought()
    Document.objects.filter(pk=document.pk).update(purged_at=NOW)
    assert len(files(root)) == 1
    retention.remove_leftovers(at=NOW)
    assert files(root) == []
    assert Content.objects.get().deleted_at == NOW


def test_bytes_of_a_transaction_that_was_undone_are_removed_after_a_day(root: Path) -> None:
    kept = brought()
    with transaction.atomic():
        brought(b"never happened")
        transaction.set_rollback(True)
    storage.write(storage.quarantine_key_of("ab" * 32), b"shut away")
    (root / "ab" / "cd").mkdir(parents=True)
    (root / "ab" / "cd" / ".part-x").write_bytes(b"half")
    assert len(files(root)) == 4
    today = datetime.now(UTC)
    assert retention.remove_leftovers(at=today) == 0
    assert retention.remove_leftovers(at=today + timedelta(days=2)) == 2
    assert selectors.content_of(kept.pk) == b"words"
    assert len(files(root)) == 2


def test_nothing_to_remove_where_nothing_was_kept(root: Path) -> None:
    assert retention.remove_leftovers(at=NOW) == 0


def test_the_sweep_purges_and_queues_the_leftovers_once_a_day(root: Path) -> None:
    brought()
    jobs.purge(LATER)
    jobs.purge(LATER + timedelta(minutes=1))
    assert files(root) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = %s", [jobs.LEFTOVERS])
        assert cursor.fetchone() == (1,)
    jobs.remove_leftovers()


def refused(sql: str, *values: object) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)
    return ""


RESTRICT, CHECK, UNIQUE = "23001", "23514", "23505"


def test_the_database_keeps_documents_contents_and_their_history_by_itself() -> None:
    document = brought()
    for change in (
        "name = 'y.txt'", "kind = 'other'", "media_type = 'text/html'", "uploaded_by_id = 9",
        "uploaded_by_name = 'x'", "at = now()",
    ):  # fmt: skip
        assert refused(f"UPDATE documents_document SET {change} WHERE id = %s", document.pk) == RESTRICT, (
            change
        )
    assert refused("UPDATE documents_document SET keep_until = now() WHERE id = %s", document.pk) == ""
    for table in ("documentact", "document", "content"):
        assert refused(f"DELETE FROM documents_{table}") == RESTRICT, table
    assert refused("UPDATE documents_documentact SET actor_name = 'x'") == RESTRICT
    assert refused("TRUNCATE documents_documentact") == RESTRICT
    assert refused("UPDATE documents_content SET size = 6") == RESTRICT
    assert refused("UPDATE documents_content SET sha256 = repeat('a', 64)") == RESTRICT
    assert refused("UPDATE documents_content SET scan = 'fine'") == CHECK
    assert refused("UPDATE documents_content SET scan = 'infected'") == CHECK
    assert refused("UPDATE documents_content SET finding = 'x'") == CHECK
    Content.objects.update(scan=Scan.INFECTED, finding="x")
    assert refused("UPDATE documents_content SET scan = 'clean', finding = ''") == RESTRICT
    Document.objects.update(purged_at=NOW)
    assert refused("UPDATE documents_document SET purged_at = NULL") == RESTRICT


def test_the_database_takes_no_path_no_nothing_and_no_second_content() -> None:
    document = brought()
    for column, value in (("name", "a/b"), ("name", "a\\b"), ("name", ""), ("kind", ""), ("media_type", "")):
        row = Document.objects.get(pk=document.pk)
        row.pk = None
        setattr(row, column, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)
    for sha256, size in ((document.sha256, 5), ("short", 5), ("AB" * 32, 5), ("ab" * 32, 0)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Content.objects.create(sha256=sha256, size=size, scan=Scan.OWN, stored_at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentAct.objects.create(document=document, act="looked", at=NOW, actor_name="x")
