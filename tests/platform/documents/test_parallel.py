"""At the same instant, on real connections: the same bytes twice, and bytes that go while they come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from liangdian.platform.documents import kinds, retention, selectors, services
from liangdian.platform.documents.models import Content, Document

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=31)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    settings.DOCUMENTS_KEEP_DAYS = {kinds.FROM_RESIDENT: 30}
    return settings.DOCUMENTS_ROOT


def brought(*, at: datetime = NOW) -> Document:
    return services.store(
        actor_id=None, actor_name="王", name="x.txt", content=b"same", kind=kinds.FROM_RESIDENT, at=at
    )


def together(*acts: Callable[[], object]) -> list[object]:
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(20)
            results[place] = acts[place]()
        except Exception as fault:
            results[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_bytes_on_eight_connections_are_eight_documents_and_one_file(root: Path) -> None:
    documents = together(*[brought] * 8)
    assert {type(each) for each in documents} == {Document}, documents
    assert Content.objects.count() == 1
    assert len([path for path in root.rglob("*") if path.is_file()]) == 1
    assert selectors.content_of(documents[0].pk) == b"same"


def test_bytes_that_are_deleted_and_brought_at_once_are_there_afterwards(root: Path) -> None:
    for turn in range(10):
        at = NOW + timedelta(days=100 * turn)
        brought(at=at)
        _purged, again = together(
            lambda at=at: retention.purge(at=at + timedelta(days=31)),
            lambda at=at: brought(at=at + timedelta(days=31)),
        )
        assert isinstance(again, Document), again
        assert selectors.content_of(again.pk) == b"same"


def test_nothing_is_deleted_under_a_transaction_that_has_just_brought_it(root: Path) -> None:
    old = brought()
    stored, purged = threading.Event(), threading.Event()

    def bring_slowly() -> Document:
        with transaction.atomic():
            document = brought(at=LATER)
            stored.set()
            # The deletion waits for this transaction, so it is not done yet.
            assert not purged.wait(0.5)
        return document

    def purge() -> None:
        stored.wait(10)
        retention.purge(at=LATER)
        purged.set()

    new, _nothing = together(bring_slowly, purge)
    assert isinstance(new, Document), new
    assert selectors.document(old.pk).purged_at == LATER
    assert selectors.content_of(new.pk) == b"same"
