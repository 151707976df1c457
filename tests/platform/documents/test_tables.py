"""Foreign tables are read row by row; broken ones are refused with a sentence; rejected rows are kept."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from liangdian.platform.documents.tables import SURPLUS, RejectedRows, UnreadableTable, read_rows, safe_cell

TEXT = "department,name\n区民政局,老年优待证\n区人社局,社保卡😀\n"
ROWS = [
    (2, {"department": "区民政局", "name": "老年优待证"}),
    (3, {"department": "区人社局", "name": "社保卡😀"}),
]


def written(folder: Path, content: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_csv_is_read_in_every_encoding_that_offices_write(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    path = written(tmp_path, TEXT.replace("\n", newline).encode(encoding))
    assert list(read_rows(path)) == ROWS


def test_a_character_cut_by_a_reading_block_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    name = "证" * 700_000
    path = written(
        tmp_path, ("name\na\n" + "\n".join(name[i : i + 999] for i in range(0, 700_000, 999))).encode()
    )
    rows = list(read_rows(path))
    assert "".join(row["name"] for _line, row in rows[1:]) == name


def test_titles_are_stripped_and_empty_rows_left_out_but_counted(tmp_path: Path) -> None:
    path = written(tmp_path, b"\n a , b ,\n1,2,\n\n,,\n3\n4,5,6,7\n")
    assert list(read_rows(path)) == [
        (3, {"a": "1", "b": "2"}),
        (6, {"a": "3", "b": ""}),
        (7, {"a": "4", "b": "5", SURPLUS: "6,7"}),
    ]


def test_the_line_is_where_a_row_begins_though_a_cell_holds_line_breaks(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n"one\ntwo",2\n3,4\n')
    assert [line for line, _row in read_rows(path)] == [2, 4]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_recognised(tmp_path: Path, separator: str) -> None:
    path = written(tmp_path, f"a{separator}b\n1{separator}2,5\n".encode())
    assert list(read_rows(path)) == [(2, {"a": "1", "b": "2,5"})]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"1,2\n3,4\n", "first row"),
        (b"a,b,a\n1,2,3\n", "twice"),
        (b"a,b\n1,\x002\n", "NUL"),
        (b"a,b\n1,\xff\xff\xff\n", "UTF-8"),
        (b"\xd0\xcf\x11\xe0 old", ".xls"),
        (b'a,b\n"' + b"x" * 200_000, "quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTable, match=words):
        list(read_rows(written(tmp_path, content)))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="no file"):
        list(read_rows(tmp_path / "none.csv"))
    with pytest.raises(UnreadableTable, match="cannot be opened"):
        list(read_rows(tmp_path))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append([" name ", "amount", "day", "open", None])
    sheet.append(["老年优待证", 5, date(2026, 9, 18), True, None])
    sheet.append([None, None, None, None, None])
    sheet.append(["社保卡", 2.5, None, None, None])
    for i in range(500):
        sheet.append([f"第{i}项", i, None, None, None])
    path = tmp_path / "t.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_with_the_lines_of_its_sheet(workbook: Path) -> None:
    rows = list(read_rows(workbook))
    assert rows[0] == (
        2,
        {"name": "老年优待证", "amount": "5", "day": "2026-09-18 00:00:00", "open": "TRUE"},
    )
    assert rows[1] == (4, {"name": "社保卡", "amount": "2.5", "day": "", "open": ""})
    assert len(rows) == 502


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_was_cut_off_is_refused(workbook: Path, share: float) -> None:
    whole = workbook.read_bytes()
    workbook.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableTable, match="damaged"):
        list(read_rows(workbook))


def test_a_workbook_damaged_inside_is_refused(workbook: Path) -> None:
    content = bytearray(workbook.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 60] = b"\x00" * 60
    workbook.write_bytes(bytes(content))
    with pytest.raises(UnreadableTable, match="damaged"):
        list(read_rows(workbook))


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_a_cell_never_becomes_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-118.267", "+86", "12", "王-李", "", "证"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_rejected_rows_stand_beside_the_file_with_line_and_reason(tmp_path: Path) -> None:
    path = written(tmp_path, b"name,note\n=evil,1\n")
    with RejectedRows(path) as rejected:
        for line, row in read_rows(path):
            rejected.add(line, row, "The name is no name.")
    assert rejected.path == tmp_path / "t.csv.rejected.csv"
    with rejected.path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "reason", "name", "note"],
            ["2", "The name is no name.", "'=evil", "1"],
        ]


def test_the_report_of_an_earlier_run_disappears_when_nothing_is_rejected(tmp_path: Path) -> None:
    with RejectedRows(tmp_path / "t.csv") as first:
        first.add(2, {"a": "1"}, "bad")
    with RejectedRows(tmp_path / "t.csv"):
        pass
    assert not first.path.exists()


def test_an_interrupted_run_leaves_the_earlier_report(tmp_path: Path) -> None:
    with RejectedRows(tmp_path / "t.csv") as first:
        first.add(2, {"a": "1"}, "bad")
    with pytest.raises(KeyboardInterrupt), RejectedRows(tmp_path / "t.csv"):
        raise KeyboardInterrupt
    assert first.path.exists()


def test_when_the_folder_is_not_writable_the_report_goes_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "file").write_text("a file, so nothing can be made below it")
    monkeypatch.chdir(tmp_path / "here")
    with RejectedRows(tmp_path / "file" / "t.csv") as rejected:
        rejected.add(2, {"a": "1"}, "bad")
    assert rejected.path == tmp_path / "here" / "t.csv.rejected.csv"
    assert rejected.path.is_file()
