"""How much of an upload is read: one byte more than a file may have, never a disk full."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CutOff(FileUploadHandler):
    """Stands before Django's own handlers and lets only so much of each file through to them.

    What is behind the limit is read from the wire and thrown away; the file then is one byte too large,
    and the service says so in a sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The part of this piece that still fits; None when nothing does."""
        left = settings.DOCUMENTS_MAX_BYTES + 1 - start
        return raw_data[:left] if left > 0 else None

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one make the file."""
