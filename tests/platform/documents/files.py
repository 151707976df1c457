"""Files for the tests, good ones and hostile ones, made and not collected."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
DOCX_TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def picture(
    form: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object
) -> bytes:
    written = BytesIO()
    Image.new(mode, size, 128 if mode in {"L", "P"} else None).save(written, form, **options)
    return written.getvalue()


def photo_with_place(form: str = "JPEG") -> bytes:
    """A photo as a phone takes it: lying on its side, with place, time, camera, a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Phonemaker"
    exif[0x8769] = {0x9003: "2026:09:18 10:00:00", 0x9286: b"ASCII\0\0\0secret words"}
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 3.5), 3: "E", 4: (121.0, 29.0, 1.25)}
    options: dict[str, object] = {"exif": exif, "icc_profile": b"profile with words in it"}
    if form == "JPEG":
        options |= {"comment": b"words of the camera", "xmp": b"<x:xmpmeta>somewhere</x:xmpmeta>"}
    return picture(form, **options)


def archive(parts: dict[str, bytes | str], **options: object) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return written.getvalue()


def docx(**more: bytes | str) -> bytes:
    return archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "<w:document/>", **more})


def xlsx() -> bytes:
    written = BytesIO()
    book = Workbook()
    book.active.append(["姓名", "电话"])
    book.save(written)
    return written.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG of that size, all black: every line is really there, in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    lines = b"".join(packer.compress(b"\0" * (width * 3 + 1)) for _ in range(height)) + packer.flush()
    head = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
