"""The receipt as PDF: number, promise, who answers for it, and the code to follow it."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from liangdian.casework.links import link_path
from liangdian.casework.models import Case, Promise
from liangdian.casework.timeline import limit_words
from liangdian.platform.crypto import mask_name
from liangdian.platform.ui.dates import day_words, moment_words

TEMPLATE = Path(__file__).parent / "notices" / "receipt.typ"


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the project only, so that a receipt looks the same on every machine."""
    folders = [str(settings.FONTS_ROOT / weight) for weight in ("400Regular", "700Bold")]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def receipt_pdf(case: Case) -> bytes:
    """The receipt in the language in which the resident was received; the same bytes at every print."""
    content = _compiler(case).compile(format="pdf", timestamp=case.registered_at.replace(microsecond=0))
    assert isinstance(content, bytes)
    return content


def receipt_picture(case: Case, *, dots_per_inch: int) -> bytes:
    """The same page as a PNG."""
    content = _compiler(case).compile(format="png", ppi=float(dots_per_inch))
    assert isinstance(content, bytes)
    return content


def _compiler(case: Case) -> typst.Compiler:
    with translation.override(case.detail.language):
        data = receipt_data(case)
    return typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"data": json.dumps(data)})


def receipt_data(case: Case) -> dict[str, object]:
    """What stands on the receipt, as words. No phone and no identity number: paper gets lost."""
    promise = Promise.objects.filter(case=case).order_by("-seq")[:1].get()
    code = io.BytesIO()
    segno.make(settings.PUBLIC_ADDRESS + link_path(case.reference), error="m").save(
        code, kind="svg", scale=4, border=1
    )
    limit = limit_words(promise.amount, promise.unit)
    due = _("%(day)s at the latest (%(limit)s)") % {"day": day_words(promise.due_day), "limit": limit}
    if promise.provisional:
        due += _(", provisional until the calendar is published")
    rows = [
        (_("Matter"), case.shown_title),
        (_("Brought by"), mask_name(case.resident.name) if case.resident else _("not named")),
        (_("Received on"), moment_words(case.registered_at)),
        (_("Answers for it"), f"{case.first_handler.name} · {case.origin.label}"),
    ]
    return {
        "language": {"zh-hans": "zh", "zh-hant": "zh", "en": "en"}.get(case.detail.language, "zh"),
        "centre": case.origin.label,
        "title": _("Receipt"),
        "number": case.reference,
        "promise_label": _("Our promise"),
        "promise": due,
        "limit": limit,
        "rows": rows,
        "scan": _("Scan to see where your matter stands and to say whether you are satisfied."),
        "closing": _("It ends only when you say so. You need not come again to ask."),
        "free": _("Our service costs nothing unless the guide of the item names a fee."),
        "qr": code.getvalue().decode(),
    }
