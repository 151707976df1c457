"""A document as an HTTP answer: whole or in parts, shown only where that is harmless.

Whether this reader may have it, the room that owns the document has decided before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.files.base import File
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from liangdian.platform.documents import selectors
from liangdian.platform.documents.models import Document
from liangdian.platform.documents.rules import Part, UnsatisfiableRange, part_of

_PIECE = 1 << 16
_SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


def respond(document_id: int, *, headers: Mapping[str, str]) -> HttpResponseBase:
    """The document for a request with these headers: 200, 206, 304 or 416 (RFC 9110).

    PDF and pictures are shown in the browser, everything else is a download; nothing runs in it, nothing
    is kept by caches. Raises NotFound, BeingChecked.
    """
    document, file = selectors.open_document(document_id)
    etag = f'"{document.sha256}"'
    try:
        part = _wanted(headers, size=document.size, etag=etag)
    except UnsatisfiableRange:
        file.close()
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{document.size}"
        return _protected(response, document, etag)
    if _is_known(headers, etag):
        file.close()
        return _protected(HttpResponse(status=304), document, etag)
    sent = part or Part(0, document.size - 1)
    response = StreamingHttpResponse(
        _pieces(file, sent), status=206 if part else 200, content_type=document.media_type
    )
    response["Content-Length"] = str(sent.length)
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{document.size}"
    return _protected(response, document, etag)


def is_first_part(headers: Mapping[str, str]) -> bool:
    """True unless the request goes on reading what it began: one reading is one line in the access log."""
    asked = headers.get("Range", "").replace(" ", "")
    return not asked.startswith("bytes=") or asked.startswith("bytes=0-")


def _wanted(headers: Mapping[str, str], *, size: int, etag: str) -> Part | None:
    """The part that is asked for, unless it belongs to another content (If-Range)."""
    if headers.get("If-Range", etag) != etag:
        return None
    return part_of(headers.get("Range", ""), size)


def _is_known(headers: Mapping[str, str], etag: str) -> bool:
    known = parse_etags(headers.get("If-None-Match", ""))
    return "*" in known or etag in {each.removeprefix("W/") for each in known}


def _pieces(file: File, part: Part) -> Iterator[bytes]:
    with file:
        file.seek(part.first)
        left = part.length
        while left > 0:
            piece = file.read(min(_PIECE, left))
            if not piece:
                return
            left -= len(piece)
            yield piece


def _protected(response: HttpResponseBase, document: Document, etag: str) -> HttpResponseBase:
    shown = document.media_type in _SHOWN
    response["Content-Disposition"] = content_disposition_header(not shown, document.name) or "attachment"
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
