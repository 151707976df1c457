"""Setting a page with typst, with the project's own fonts, so that it looks the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

FOLDER = Path(__file__).parent


@cache
def _fonts() -> typst.Fonts:
    folders = [str(settings.FONTS_ROOT / weight) for weight in ("400Regular", "700Bold")]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def compiler(template: str, content: Mapping[str, object], folder: Path = FOLDER) -> typst.Compiler:
    """A compiler for one page of ``template`` (a file in ``folder``) with its content."""
    return typst.Compiler(
        str(folder / template), root=str(folder), font_paths=_fonts(),
        sys_inputs={"data": json.dumps(content, sort_keys=True)},
    )  # fmt: skip


def set_page(template: str, content: Mapping[str, object], *, at: datetime, folder: Path = FOLDER) -> bytes:
    """The page as PDF. The same content and time give the same bytes."""
    page = compiler(template, content, folder).compile(format="pdf", timestamp=at.replace(microsecond=0))
    assert isinstance(page, bytes)
    return page


def notice_pdf(content: Mapping[str, object], *, at: datetime) -> bytes:
    """A notice of the family as PDF (A4)."""
    return set_page("notice.typ", content, at=at)
