"""The same room on an S3-compatible store: a real server of that protocol, started by the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from liangdian.config.document_storage import document_storage
from liangdian.platform.documents import kinds, retention, selectors, services, serving, storage
from liangdian.platform.documents.models import Document

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Settings) -> Iterator[object]:
    environment = {
        "LIANGDIAN_S3_BUCKET": "documents", "LIANGDIAN_S3_ENDPOINT": server,
        "LIANGDIAN_S3_REGION": "us-east-1",
        "LIANGDIAN_S3_KEY": "test", "LIANGDIAN_S3_SECRET": "test",
    }  # fmt: skip
    resource = boto3.resource(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    made = resource.create_bucket(Bucket="documents")
    settings.STORAGES = {**settings.STORAGES, "documents": document_storage(environment)}
    yield made
    made.objects.all().delete()
    made.delete()


def brought(content: bytes = b"words") -> Document:
    return services.store(
        actor_id=None, actor_name="王", name="x.txt", content=content, kind=kinds.FROM_RESIDENT, at=NOW
    )


def keys(bucket: object) -> list[str]:
    return [each.key for each in bucket.objects.all()]


def test_bytes_go_to_the_bucket_once_and_come_back(bucket: object) -> None:
    assert type(storages["documents"]).__module__ == "storages.backends.s3"
    first, second = brought(), brought()
    assert keys(bucket) == [storage.key_of(first.sha256)]
    assert selectors.content_of(second.pk) == b"words"


def test_parts_are_read_from_the_bucket(bucket: object) -> None:
    content = bytes(range(32, 127)) * 3000
    response = serving.respond(brought(content).pk, headers={"Range": "bytes=200000-200009"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == content[200_000:200_010]


def test_the_bucket_is_emptied_when_the_time_is_over(bucket: object) -> None:
    brought()
    assert retention.purge(at=NOW + timedelta(days=5_000)) == 1
    assert keys(bucket) == []


def test_leftovers_are_removed_from_the_bucket(bucket: object) -> None:
    kept = brought()
    storage.write(storage.key_of("ab" * 32), b"left over")
    assert retention.remove_leftovers(at=datetime.now(UTC)) == 0
    assert retention.remove_leftovers(at=datetime.now(UTC) + timedelta(days=2)) == 1
    assert keys(bucket) == [storage.key_of(kept.sha256)]


def test_without_a_bucket_documents_lie_in_a_folder() -> None:
    assert document_storage({})["BACKEND"].endswith("ContentFolder")
