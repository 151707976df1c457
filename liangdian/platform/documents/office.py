"""Word and Excel files (docx, xlsx): a ZIP with known parts, without macros, that is no bomb."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.platform.documents.refusals import FIELD, Damaged, TooLargeInside

FORMS = {
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_TYPES = "[Content_Types].xml"
_MOST_PARTS = 5_000
_END = b"PK\x05\x06"
_PART = 1 << 20
_ENCRYPTED = 0x1


def form_of(content: bytes) -> str:
    """``docx`` or ``xlsx``. Raises Invalid: another archive, macros, encrypted, damaged, a bomb."""
    # Nothing stands before the first part or behind the last: the file is a ZIP and only that.
    if not content.startswith(b"PK\x03\x04") or content[-22:-18] != _END:
        raise Damaged
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _form_of(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError) as error:
        raise Damaged from error


def _form_of(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    _check_size(parts)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Invalid(
            _("This file is protected by a password. Save it without one, then send it."), field=FIELD
        )
    names = [part.filename for part in parts]
    # Other ways of packing take gigabytes of memory; no office program writes them.
    packed = {part.compress_type for part in parts}
    if len(set(names)) != len(names) or not packed <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Damaged
    if _TYPES not in names:
        raise _not_taken()
    _read_all(archive, parts)
    types = archive.read(_TYPES)
    if b"macroEnabled" in types or any(name.lower().endswith(("vbaproject.bin", ".exe")) for name in names):
        raise Invalid(_("This file contains macros. Save it as .docx or .xlsx without macros."), field=FIELD)
    form = next((form for form, main in FORMS.items() if main in types), None)
    if form is None:
        raise _not_taken()
    return form


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of itself, before anything is unpacked. Raises TooLargeInside."""
    if (
        len(parts) > _MOST_PARTS
        or sum(part.file_size for part in parts) > settings.DOCUMENTS_MAX_UNPACKED_BYTES
    ):
        raise TooLargeInside(
            _("The file becomes too large when it is opened. Split it, or send it as a PDF."), field=FIELD
        )


def _read_all(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Every part to its end, piece by piece: sizes and checksums are true. Raises what zipfile raises."""
    for part in parts:
        with archive.open(part) as file:
            while file.read(_PART):
                continue


def _not_taken() -> Invalid:
    return Invalid(_("This archive is no Word or Excel file. Send its files one by one."), field=FIELD)
