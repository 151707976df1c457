"""Reading documents. Who may see one is decided by the room that owns it, before it asks here."""

from __future__ import annotations

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import NotFound, Refused
from liangdian.platform.documents import storage
from liangdian.platform.documents.models import READABLE, Document, DocumentAct, Scan, is_readable

__all__ = [
    "BeingChecked", "check_readable", "content_of", "document", "history_of", "is_readable", "open_document",
]  # fmt: skip


class BeingChecked(Refused):
    """The document is there, but the antivirus has not said yet that it is harmless."""

    code = "being-checked"


def document(document_id: int) -> Document:
    """The row, readable or not. Raises NotFound."""
    found = Document.objects.select_related("content").filter(pk=document_id).first()
    if found is None:
        raise NotFound(_("There is no such document."))
    return found


def check_readable(found: Document) -> None:
    """Raises BeingChecked before the antivirus has answered, NotFound when it is infected or purged."""
    if found.scan == Scan.PENDING and found.purged_at is None:
        raise BeingChecked(_("This document is still being checked for viruses. Try again in a minute."))
    if found.scan not in READABLE:
        raise NotFound(_("A virus was found in this document. It cannot be opened."))
    if not found.is_readable:
        raise NotFound(_("This document was deleted when its time was over."))


def open_document(document_id: int) -> tuple[Document, File]:
    """The document and its bytes, opened for reading; the caller closes it.

    Raises NotFound, BeingChecked.
    """
    found = document(document_id)
    check_readable(found)
    return found, storage.store().open(storage.key_of(found.sha256), "rb")


def content_of(document_id: int) -> bytes:
    """All bytes of the document. Raises NotFound, BeingChecked."""
    _found, file = open_document(document_id)
    with file:
        return bytes(file.read())


def history_of(document_id: int) -> list[DocumentAct]:
    """What was done to the document, oldest first."""
    return list(DocumentAct.objects.filter(document=document_id))
