"""The receipt as PDF: number, promise, who answers for it, and the code to follow it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from liangdian.casework.links import receipt_code
from liangdian.casework.models import Case, Promise
from liangdian.casework.notices.marks import code_of, typst_language
from liangdian.casework.notices.setting import compiler, set_page
from liangdian.casework.timeline import limit_words
from liangdian.platform.crypto import mask_name
from liangdian.platform.ui.dates import day_words, moment_words


def receipt_pdf(case: Case) -> bytes:
    """The receipt in the language in which the resident was received; the same bytes at every print."""
    return set_page("receipt.typ", _content(case), at=case.registered_at)


def receipt_picture(case: Case, *, dots_per_inch: int) -> bytes:
    """The same page as a PNG."""
    content = compiler("receipt.typ", _content(case)).compile(format="png", ppi=float(dots_per_inch))
    assert isinstance(content, bytes)
    return content


def _content(case: Case) -> dict[str, object]:
    with translation.override(case.detail.language):
        return receipt_data(case)


def receipt_data(case: Case) -> dict[str, object]:
    """What stands on the receipt, as words. No phone and no identity number: paper gets lost."""
    promise = Promise.objects.filter(case=case).order_by("seq")[:1].get()
    limit = limit_words(promise.amount, promise.unit)
    due = _("%(day)s at the latest (%(limit)s)") % {"day": day_words(promise.due_day), "limit": limit}
    if promise.provisional:
        due += _(", provisional until the calendar is published")
    rows = [
        (_("Matter"), case.shown_title),
        (_("Brought by"), mask_name(case.resident.name) if case.resident else _("not named")),
        (_("Received on"), moment_words(case.registered_at)),
        (_("Answers for it"), f"{case.first_handler.name} · {case.origin.label}"),
        (_("Code for our website"), receipt_code(case.reference)),
    ]
    return {
        "language": typst_language(case.detail.language),
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
        "qr": code_of(case),
    }
