"""A name is words for people: never a path, never something that looks like another kind of file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangdian.platform.documents.rules import NAME_LIMIT, clean_name, ending_of


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("证明.pdf", "证明.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/var/www/x.pdf", "x.pdf"),
        ("C:\\照片\\身份证.jpg", "身份证.jpg"),
        ("..", ""),
        ("a/", ""),
        (".htaccess", "htaccess"),
        ("x.pdf\0.exe", "x.pdf.exe"),
        ("发票\u202egpj.exe", "发票 gpj.exe"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("  两个  空格 .pdf", "两个 空格.pdf"),
        ("x" * 300 + ".pdf", "x" * (NAME_LIMIT - 4) + ".pdf"),
        ("x" * 300, "x" * NAME_LIMIT),
        ("x." + "y" * 300, "x." + "y" * (NAME_LIMIT - 2)),
    ],
)
def test_names_are_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_longer_than_the_limit(name: str) -> None:
    kept = clean_name(name)
    assert len(kept) <= NAME_LIMIT
    assert not set(kept) & set("/\\\0\n\r\t\u202e")
    assert kept not in {".", ".."}
    assert clean_name(kept) == kept
    assert "." not in ending_of(kept)
