"""Nothing is believed because of its name; nothing hostile is kept; photos do not say where they are from."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from PIL import Image, ImageFile
from pytest_django import Settings

from liangdian.foundation.refused import Invalid
from liangdian.platform.documents.examination import MEDIA_TYPES, examine
from liangdian.platform.documents.refusals import Damaged, TooLargeInside
from tests.platform.documents import files

TAKEN = {
    "证明.pdf": (files.PDF, "application/pdf"),
    "照片.jpg": (files.picture("JPEG"), "image/jpeg"),
    "照片.JPEG": (files.picture("JPEG", mode="L"), "image/jpeg"),
    "印刷.jpg": (files.picture("JPEG", mode="CMYK"), "image/jpeg"),
    "截图.png": (files.picture("PNG", mode="RGBA"), "image/png"),
    "二维码.png": (files.picture("PNG", mode="P"), "image/png"),
    "照片.webp": (files.picture("WEBP"), "image/webp"),
    "申请.docx": (files.docx(), MEDIA_TYPES["docx"]),
    "名单.xlsx": (files.xlsx(), MEDIA_TYPES["xlsx"]),
    "说明.txt": ("腿脚不好，请上门。\n".encode(), "text/plain"),
    "国标.txt": ("腿脚不好，请上门。\r\n".encode("gb18030"), "text/plain"),
    "记事本.txt": ("腿脚不好".encode("utf-16"), "text/plain"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_a_resident_brings_is_taken(name: str) -> None:
    content, media_type = TAKEN[name]
    examined = examine(name=name, content=content)
    assert (examined.name, examined.media_type) == (name, media_type)
    if not media_type.startswith("image/"):
        assert examined.content == content


def test_a_name_without_ending_gets_the_one_of_its_content() -> None:
    assert examine(name="回执", content=files.PDF).name == "回执.pdf"
    assert examine(name="", content=files.picture("PNG")).name == "document.png"


def refused(name: str, content: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        examine(name=name, content=content)
    assert str(caught.value).endswith((".", "?"))
    assert caught.value.field == "files"
    return caught.value


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
NOT_TAKEN = {
    "a page": ("page.html", HTML),
    "a page that calls itself text": ("page.txt", HTML),
    "a page with a mark before it": ("page.txt", b"\xef\xbb\xbf  \n<HTML><body onload=x>"),
    "a drawing that runs": ("drawing.svg", SVG),
    "a drawing that calls itself a picture": ("drawing.png", SVG),
    "XML": ("data.txt", b"<?xml version='1.0'?><x/>"),
    "a program": ("run.exe", b"MZ\x90\x00" + bytes(200)),
    "a program that calls itself a PDF": ("bill.pdf", b"MZ\x90\x00" + bytes(200)),
    "a shell archive": ("x.gz", b"\x1f\x8b\x08" + bytes(50)),
    "an old Word file": ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a GIF": ("x.gif", files.picture("GIF", mode="P")),
    "a BMP": ("x.bmp", files.picture("BMP")),
    "a TIFF": ("x.tiff", files.picture("TIFF")),
    "any ZIP": ("x.zip", files.archive({"a.txt": "x"})),
    "a ZIP that calls itself Word": ("x.docx", files.archive({"a.txt": "x"})),
    "PowerPoint": ("x.pptx", files.archive({"[Content_Types].xml": "presentationml.presentation.main+xml"})),
    "nothing but zeros": ("x.txt", bytes(100)),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_other_kinds_are_refused_with_a_sentence(what: str) -> None:
    refused(*NOT_TAKEN[what])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("证明.jpg", files.PDF), ("照片.pdf", files.picture()), ("照片.png", files.picture()),
        ("申请.xlsx", files.docx()), ("名单.docx", files.xlsx()), ("x.exe", files.PDF),
        ("说明.pdf", b"only text"), ("说明.html", b"only text"), ("照片.txt", files.picture()),
    ],
)  # fmt: skip
def test_a_name_that_says_something_else_than_the_content_is_refused(name: str, content: bytes) -> None:
    ending = name.rpartition(".")[2]
    assert f".{ending}" in str(refused(name, content))


def test_what_is_cut_off_is_refused_as_damaged() -> None:
    for name in ("证明.pdf", "照片.jpg", "截图.png", "照片.webp", "申请.docx", "名单.xlsx"):
        whole = TAKEN[name][0]
        for end in (len(whole) // 2, len(whole) - 12):
            # All its pixels are there; only the mark of the end is missing.
            if name == "截图.png" and end > len(whole) // 2:
                continue
            assert isinstance(refused(name, whole[:end]), Damaged), (name, end)


def test_two_kinds_at_once_are_refused_or_become_one() -> None:
    evil = files.archive({"evil.sh": "rm -rf /"})
    refused("x.pdf", files.PDF + evil)
    refused("x.pdf", files.PDF.removesuffix(b"%%EOF\n") + evil + b"startxref\n9\n%%EOF\n")
    refused("x.docx", files.PDF + files.docx())
    refused("x.docx", files.docx() + HTML)
    refused("x.docx", HTML + files.docx())
    # A picture is drawn anew, so what hangs behind it is gone.
    for form, name in (("JPEG", "x.jpg"), ("PNG", "x.png")):
        for tail in (evil, HTML, files.PDF):
            kept = examine(name=name, content=files.picture(form) + tail).content
            assert kept == examine(name=name, content=files.picture(form)).content
            assert tail not in kept
            assert not zipfile.is_zipfile(BytesIO(kept))


@pytest.mark.parametrize(("form", "name"), [("JPEG", "x.jpg"), ("PNG", "x.png"), ("WEBP", "x.webp")])
def test_a_photo_says_nothing_of_where_when_and_with_what_it_was_taken(form: str, name: str) -> None:
    taken = files.photo_with_place(form)
    with Image.open(BytesIO(taken)) as before:
        assert before.getexif().get_ifd(0x8825)[2] == (31.0, 14.0, 3.5)
        assert before.size == (40, 30)
    kept = examine(name=name, content=taken).content
    with Image.open(BytesIO(kept)) as after:
        assert dict(after.getexif()) == {}
        assert dict(after.getexif().get_ifd(0x8825)) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(after.info)
        # What the phone only noted is done: the picture stands upright.
        assert after.size == (30, 40)
    for trace in (
        b"Exif",
        b"Phonemaker",
        b"secret words",
        b"words of the camera",
        b"xmpmeta",
        b"profile with",
    ):
        assert trace in taken or trace in {b"words of the camera", b"xmpmeta", b"Exif", b"profile with"}
        assert trace not in kept


def test_transparency_stays() -> None:
    kept = examine(name="x.png", content=files.picture("PNG", mode="RGBA")).content
    with Image.open(BytesIO(kept)) as after:
        assert after.getpixel((0, 0)) == (0, 0, 0, 0)


def test_bombs_are_refused_before_they_explode(settings: Settings) -> None:
    bomb = files.png_of(10_000, 10_000)
    assert len(bomb) < 1_000_000
    assert isinstance(refused("x.png", bomb), TooLargeInside)
    settings.DOCUMENTS_MAX_UNPACKED_BYTES = 1_000_000
    assert isinstance(refused("x.docx", files.docx(**{"word/bomb.xml": bytes(1_000_001)})), TooLargeInside)
    many = {f"word/{n}.xml": "" for n in range(5_001)}
    assert isinstance(refused("x.docx", files.docx(**many)), TooLargeInside)


def test_an_archive_that_lies_about_its_size_is_damaged() -> None:
    honest = files.docx(**{"word/bomb.xml": bytes(100_000)})
    place = honest.rindex((100_000).to_bytes(4, "little"))
    assert isinstance(refused("x.docx", honest[:place] + b"\x01\0\0\0" + honest[place + 4 :]), Damaged)


def test_macros_passwords_and_other_packings_are_refused() -> None:
    assert "macros" in str(refused("x.docx", files.docx(**{"word/vbaProject.bin": b"x"})))
    enabled = files.DOCX_TYPES + "macroEnabled"
    assert "macros" in str(refused("x.docx", files.docx(**{"[Content_Types].xml": enabled})))
    locked = bytearray(files.docx())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in str(refused("x.docx", bytes(locked)))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("[Content_Types].xml", files.DOCX_TYPES)
    refused("x.docx", written.getvalue())


def test_moving_pictures_are_refused_and_the_second_picture_of_a_photo_is_dropped() -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (40, 30), "red")]}
    assert "Moving" in str(refused("x.webp", files.picture("WEBP", **frames)))
    assert "Moving" in str(refused("x.png", files.picture("PNG", **frames)))
    kept = examine(name="x.jpg", content=files.picture("MPO", **frames)).content
    with Image.open(BytesIO(kept)) as after:
        assert (after.format, getattr(after, "n_frames", 1)) == ("JPEG", 1)


def test_heic_is_explained() -> None:
    for name in ("IMG_0001.HEIC", "IMG_0001.heif", "IMG_0001"):
        assert "JPG" in str(refused(name, files.HEIC))


def test_heic_becomes_jpg_where_it_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader(ImageFile.ImageFile):
        format = "HEIF"

        def _open(self) -> None:
            self._size, self._mode = (4, 3), "RGB"
            self.tile = [ImageFile._Tile("raw", (0, 0, 4, 3), 32, ("RGB", 0, 1))]

    monkeypatch.setitem(Image.OPEN, "HEIF", (Reader, lambda begin: begin[4:12] == b"ftypheic"))
    examined = examine(name="IMG_0001.HEIC", content=files.HEIC)
    assert (examined.name, examined.media_type) == ("IMG_0001.jpg", "image/jpeg")


def test_empty_and_too_large_files_are_told(settings: Settings) -> None:
    assert "empty" in str(refused("x.pdf", b""))
    settings.DOCUMENTS_MAX_BYTES = 2 * 2**20
    assert examine(name="x.txt", content=b"a" * 2 * 2**20)
    assert "2 MB" in str(refused("x.txt", b"a" * (2 * 2**20 + 1)))


BEGINNINGS = [
    b"",
    b"%PDF-1.7\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"RIFF\x10\0\0\0WEBP",
    b"PK\x03\x04",
]


@how(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300), st.text(max_size=40))
def test_no_bytes_and_no_name_do_anything_but_be_taken_or_refused(
    begin: bytes, rest: bytes, name: str
) -> None:
    try:
        examined = examine(name=name, content=begin + rest)
    except Invalid as refusal:
        assert str(refusal)
    else:
        assert examined.media_type in MEDIA_TYPES.values()
        assert "/" not in examined.name


@how(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TAKEN)), st.data())
def test_one_changed_byte_never_breaks_the_examination(name: str, data: st.DataObject) -> None:
    content = bytearray(TAKEN[name][0])
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        examine(name=name, content=bytes(content))
    except Invalid as refusal:
        assert str(refusal)
