"""What stands on every paper beside its words: the code to follow the matter, the language of the page."""

from __future__ import annotations

import io

import segno
from django.conf import settings

from liangdian.casework.links import link_path
from liangdian.casework.models import Case


def code_of(case: Case) -> str:
    """The QR code of the resident's own page, as SVG."""
    code = io.BytesIO()
    segno.make(settings.PUBLIC_ADDRESS + link_path(case.reference), error="m").save(
        code, kind="svg", scale=4, border=1
    )
    return code.getvalue().decode()


def typst_language(language: str) -> str:
    """The page's language as typst names it."""
    return "en" if language == "en" else "zh"
