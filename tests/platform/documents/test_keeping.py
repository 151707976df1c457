"""What was kept stays: byte for byte, once for equal bytes, whole or not at all, never anywhere else."""

from __future__ import annotations

import hashlib
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from liangdian.foundation.refused import NotFound
from liangdian.platform.documents import kinds, selectors, services, storage
from liangdian.platform.documents.models import Content, Document, Scan

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
MADE = b"%PDF-1.7\nmade by us, down to the last byte \x00\xff\n%%EOF\n"


def kept(content: bytes = MADE, **changes: object) -> Document:
    given: dict[str, object] = {
        "media_type": "application/pdf", "name": "回执.pdf", "kind": kinds.NOTICE, "actor_id": 7,
        "actor_name": "李慧", "at": NOW,
    }  # fmt: skip
    return services.store_exact(content, **{**given, **changes})


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    return settings.DOCUMENTS_ROOT


@pytest.mark.django_db
def test_what_the_system_made_comes_back_byte_for_byte(root: Path) -> None:
    made = kept()
    assert selectors.content_of(made.pk) == MADE
    found, file = selectors.open_document(made.pk)
    with file:
        assert file.read() == MADE
    assert (found.name, found.size, found.scan) == ("回执.pdf", len(MADE), Scan.OWN)
    assert found.sha256 == hashlib.sha256(MADE).hexdigest()
    assert found.keep_until == date(2056, 9, 18)
    assert [(a.act, a.actor_id, a.actor_name, a.at) for a in selectors.history_of(made.pk)] == [
        ("stored", 7, "李慧", NOW)
    ]


@pytest.mark.django_db
def test_equal_bytes_are_kept_once_and_only_the_product_may_read_them(root: Path) -> None:
    first, second = kept(), kept(name="again.pdf")
    assert first.pk != second.pk
    assert Content.objects.count() == 1
    files = [path for path in root.rglob("*") if path.is_file()]
    digest = hashlib.sha256(MADE).hexdigest()
    assert files == [root / digest[:2] / digest[2:4] / digest]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in root.rglob("*") if p.is_dir()} == {0o700}


@pytest.mark.django_db
def test_a_write_that_breaks_off_leaves_nothing_behind(root: Path) -> None:
    class Broken:
        def chunks(self) -> object:
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        storage.store()._save(storage.key_of("ab" * 32), Broken())
    assert [path for path in root.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_lost_bytes_are_written_again_when_somebody_brings_them(root: Path) -> None:
    made = kept()
    storage.store().delete(storage.key_of(made.sha256))
    kept()
    assert selectors.content_of(made.pk) == MADE


@pytest.mark.django_db
def test_nothing_empty_nameless_or_of_an_unknown_kind(root: Path) -> None:
    for wrong in ({"content": b""}, {"name": ""}, {"name": "../.."}):
        with pytest.raises(ValueError, match="at least one byte"):
            kept(**wrong)
    with pytest.raises(LookupError):
        kept(kind="nonsense")
    assert not root.exists()


@pytest.mark.django_db
def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        selectors.open_document(404)
