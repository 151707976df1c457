"""What a file really is, by its content; and whether that is something that the centre keeps."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

import puremagic
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.refused import Invalid
from liangdian.platform.documents import office, pictures
from liangdian.platform.documents.refusals import FIELD, Damaged
from liangdian.platform.documents.rules import clean_name, ending_of

# A sentence with its values, put together only when it is shown: in the language of who reads it.
filled = lazy(lambda sentence, **values: str(sentence) % values, str)

PDF, TEXT = "pdf", "txt"
MEDIA_TYPES = {
    PDF: "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TEXT: "text/plain",
}
_ENDINGS = {
    "jpeg": "jpg",
    "jpe": "jpg",
    "jfif": "jpg",
    "heic": "heic",
    "heif": "heic",
    **{each: each for each in MEDIA_TYPES},
}
# What puremagic calls the beginnings of the formats that are looked into further.
_BEGINNINGS = {
    ".pdf": PDF, ".jpg": "jpg", ".jpeg": "jpg", ".jfif": "jpg", ".png": "png", ".webp": "webp",
    ".heic": "heic", ".heif": "heic", ".zip": "office", ".docx": "office", ".xlsx": "office",
}  # fmt: skip
# A browser that guesses would run these.
_MARKUP = re.compile(r"\s*<\s*[a-zA-Z!?/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_TAIL = 1024  # bytes in which a whole PDF says that it has ended


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: its cleaned name, its real type, and the bytes to keep."""

    name: str
    media_type: str
    content: bytes


def examine(*, name: str, content: bytes) -> Examined:
    """The file as it may be kept. Pictures come back re-encoded, without place, time and camera.

    Raises Invalid with a sentence: empty, too large, damaged, of a kind that is not taken, a bomb, or named
    as something else than it is.
    """
    name = clean_name(name)
    if not content:
        raise Invalid(_("The file is empty. Choose it again."), field=FIELD)
    if len(content) > settings.DOCUMENTS_MAX_BYTES:
        limit = settings.DOCUMENTS_MAX_BYTES // 2**20
        raise Invalid(
            filled(_("A file may have %(n)s MB at most. This one is larger."), n=limit), field=FIELD
        )
    form = _form_of(content)
    form = office.form_of(content) if form == "office" else form
    _check_name(name, form)
    if form == PDF:
        _check_pdf(content)
    elif form != TEXT and form not in office.FORMS:
        form, content = pictures.cleaned(content, form=form)
    return Examined(_named(name, form), MEDIA_TYPES[form], content)


def _form_of(content: bytes) -> str:
    """The format by content. Raises Invalid when it is none that the centre takes."""
    if _is_text(content):
        return TEXT
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        found = []
    form = next((_BEGINNINGS[each.extension] for each in found if each.extension in _BEGINNINGS), None)
    if form is None:
        raise Invalid(
            _("This kind of file is not taken. Send a PDF, a photo (JPG, PNG, WebP), a Word or Excel file "
              "(docx, xlsx) or plain text."),
            field=FIELD,
        )  # fmt: skip
    return form


def _is_text(content: bytes) -> bool:
    """True for text in UTF-8, UTF-16 with its mark, or GB18030, that no browser takes for a page."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not (_CONTROL.search(text) or _MARKUP.match(text) or text.startswith("%PDF-"))
    return False


def _check_name(name: str, form: str) -> None:
    """The ending, if there is one, says what the content is. Raises Invalid."""
    ending = ending_of(name)
    if ending and _ENDINGS.get(ending) != form:
        raise Invalid(
            filled(
                _("The name ends in “.%(ending)s”, but the content is %(form)s. Is it the right file?"),
                ending=ending, form=form.upper(),
            ),
            field=FIELD,
        )  # fmt: skip


def _check_pdf(content: bytes) -> None:
    """Begins and ends as a PDF and is nothing else beside. Raises Invalid."""
    tail = content[-_TAIL:]
    if not re.match(rb"%PDF-\d\.\d", content) or b"%%EOF" not in tail or b"startxref" not in tail:
        raise Damaged
    if zipfile.is_zipfile(BytesIO(content)):
        raise Invalid(
            _("This file is two kinds of file at once. Print it to a new PDF and send that."), field=FIELD
        )


def _named(name: str, form: str) -> str:
    """The name with an ending that fits; a photo that was converted gets a new one."""
    ending = ending_of(name)
    if _ENDINGS.get(ending) == form:
        return name
    stem = name[: -len(ending) - 1] if ending else name
    return f"{stem or 'document'}.{form}"
