"""How much of an upload is read: one byte more than a file may have, never a disk full."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class CutOff(FileUploadHandler):
    """Stands before Django's own handlers and lets only so much of each file through to them.

    What is behind the limit is read from the wire and thrown away; the file then is one byte too large,
    and the service says so in a sentence.
    """

    def handle_raw_input(
        self, input_data: object, META: object, content_length: int, boundary: object, encoding: object = None
    ) -> None:
        """Anybody can send to a public page: a request that no form of ours could be is not read at all."""
        if content_length > settings.DOCUMENTS_MAX_REQUEST_BYTES:
            raise RequestDataTooBig("the request holds more than files of a form can")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The part of this piece that still fits; None when nothing does."""
        left = settings.DOCUMENTS_MAX_BYTES + 1 - start
        return raw_data[:left] if left > 0 else None

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one make the file."""
