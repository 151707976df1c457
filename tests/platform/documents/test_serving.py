"""A document over HTTP: whole or in parts, with what keeps a browser from running it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import HttpResponseBase
from hypothesis import given
from hypothesis import strategies as st

from liangdian.platform.documents import kinds, services, serving
from liangdian.platform.documents.models import Document
from liangdian.platform.documents.rules import Part, UnsatisfiableRange, part_of

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def document(db: None) -> Document:
    return services.store_exact(
        CONTENT, media_type="application/pdf", name="回执.pdf", kind=kinds.NOTICE, actor_id=None,
        actor_name="system", at=NOW,
    )  # fmt: skip


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole(document: Document) -> None:
    response = serving.respond(document.pk, headers={})
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Type"] == "application/pdf"
    assert response["ETag"] == f'"{document.sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E5%9B%9E%E6%89%A7.pdf"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), ("bytes=255990-", 255_990, 255_999),
     ("bytes=-10", 255_990, 255_999), ("bytes=-999999999", 0, 255_999), ("bytes=0-999999999", 0, 255_999),
     (" Bytes = 5 - 6 ", 5, 6), ("bytes=70000-200000", 70_000, 200_000)],
)  # fmt: skip
def test_one_part(document: Document, asked: str, first: int, last: int) -> None:
    response = serving.respond(document.pk, headers={"Range": asked})
    assert response.status_code == 206
    assert body(response) == CONTENT[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize(
    "asked", ["bytes=256000-", "bytes=-0", "bytes=999999999999999999999-", "bytes=256000-256001"]
)
def test_a_part_behind_the_end(document: Document, asked: str) -> None:
    response = serving.respond(document.pk, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */256000"
    assert body(response) == b""


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=5-4", "bytes=0-1,3-4", "bytes=²-"],
)
def test_what_cannot_be_read_gets_the_whole(document: Document, asked: str) -> None:
    response = serving.respond(document.pk, headers={"Range": asked})
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_what_the_browser_has_is_not_sent_again(document: Document) -> None:
    for known in (f'"{document.sha256}"', f'"x", W/"{document.sha256}"', "*"):
        response = serving.respond(document.pk, headers={"If-None-Match": known})
        assert (response.status_code, body(response)) == (304, b"")
    assert serving.respond(document.pk, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_part_of_something_older_is_the_whole(document: Document) -> None:
    ask = {"Range": "bytes=0-9"}
    assert serving.respond(document.pk, headers={**ask, "If-Range": '"older"'}).status_code == 200
    same = {**ask, "If-Range": f'"{document.sha256}"'}
    assert serving.respond(document.pk, headers=same).status_code == 206


@pytest.mark.parametrize(
    ("media_type", "way"),
    [("application/pdf", "inline"), ("image/jpeg", "inline"), ("image/png", "inline"),
     ("image/webp", "inline"), ("text/plain", "attachment"), ("text/html", "attachment"),
     ("image/svg+xml", "attachment")],
)  # fmt: skip
@pytest.mark.django_db
def test_only_pdf_and_pictures_are_shown_in_the_browser(media_type: str, way: str) -> None:
    made = services.store_exact(
        b"x", media_type=media_type, name='a"; filename=evil.html.bin', kind=kinds.NOTICE, actor_id=None,
        actor_name="system", at=NOW,
    )  # fmt: skip
    said = serving.respond(made.pk, headers={})["Content-Disposition"]
    assert said == f'{way}; filename="a\\"; filename=evil.html.bin"'


def test_going_on_reading_is_not_a_new_reading() -> None:
    assert serving.is_first_part({})
    assert serving.is_first_part({"Range": "bytes=0-"})
    assert serving.is_first_part({"Range": "nonsense"})
    assert not serving.is_first_part({"Range": "bytes=100-"})


@given(st.integers(0, 50), st.integers(0, 60), st.integers(1, 50))
def test_a_part_always_lies_inside(first: int, length: int, size: int) -> None:
    try:
        part = part_of(f"bytes={first}-{first + length}", size)
    except UnsatisfiableRange:
        assert first >= size
    else:
        assert part == Part(first, min(first + length, size - 1))


@given(st.text(max_size=30), st.integers(1, 100))
def test_no_header_breaks_it(header: str, size: int) -> None:
    for asked in (header, f"bytes={header}"):
        try:
            part = part_of(asked, size)
        except UnsatisfiableRange:
            continue
        assert part is None or 0 <= part.first <= part.last < size
