"""Photos, drawn anew: nothing is left of where, when and with what they were taken (PIPL Art. 6)."""

from __future__ import annotations

import threading
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from liangdian.foundation.refused import Invalid
from liangdian.platform.documents.refusals import FIELD, Damaged, TooLargeInside

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
_MODES = {
    "JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "WEBP": ("RGB", "RGBA"),
}  # fmt: skip
_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 90, "optimize": True}, "PNG": {}, "WEBP": {"quality": 90},
}  # fmt: skip
# A large photo takes some hundred megabytes while it is drawn: one after the other in each process.
_one_at_a_time = threading.Lock()


def cleaned(content: bytes, *, form: str) -> tuple[str, bytes]:
    """The form and bytes of the picture drawn anew, turned upright; HEIC becomes JPG.

    The same bytes give the same picture. Raises Invalid: damaged, too many pixels, moving, not readable here.
    """
    if form == "heic" and "HEIF" not in Image.OPEN:
        raise Invalid(
            _("Photos in the HEIC format cannot be read here. Save the photo as JPG, then send it. "
              "On an iPhone: Settings, Camera, Formats, Most Compatible."),
            field=FIELD,
        )  # fmt: skip
    target = "jpg" if form == "heic" else form
    with _one_at_a_time:
        try:
            return target, _drawn_anew(content, source=_FORMATS[form], target=_FORMATS[target])
        except Invalid:
            raise
        # Broken pictures make the decoders raise almost everything there is.
        except Exception as error:
            raise Damaged from error


def _drawn_anew(content: bytes, *, source: str, target: str) -> bytes:
    with Image.open(BytesIO(content), formats=(source,)) as picture:
        width, height = picture.size
        if width * height > settings.DOCUMENTS_MAX_PIXELS:
            raise TooLargeInside(
                _("The picture has too many pixels. Send a smaller one: %(n)s million pixels at most.")
                % {"n": settings.DOCUMENTS_MAX_PIXELS // 1_000_000},
                field=FIELD,
            )
        # A JPG may carry a second picture (a preview, the other eye); only the first one is drawn.
        if source != "JPEG" and getattr(picture, "n_frames", 1) > 1:
            raise Invalid(_("Moving pictures are not taken. Send a single photo."), field=FIELD)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    if upright.mode not in _MODES[target]:
        transparent = target != "JPEG" and ("A" in upright.mode or "transparency" in upright.info)
        upright = upright.convert("RGBA" if transparent else "RGB")
        upright.info = {}
    written = BytesIO()
    upright.save(written, target, **_OPTIONS[target])
    return written.getvalue()
