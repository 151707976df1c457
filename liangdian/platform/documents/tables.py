"""Tables that other programs wrote (CSV, xlsx), row by row; and the rows that could not be used."""

from __future__ import annotations

import csv
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from liangdian.foundation.refused import Invalid

# A sentence with its values, put together only when it is shown: in the language of who reads it.
filled = lazy(lambda sentence, **values: str(sentence) % values, str)

SURPLUS = ""  # the key of cells that stand beside the header's columns

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ",;\t|"
_PART = 1 << 20
_BROKEN_WORKBOOK = (BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, OSError, TypeError,
                    IndexError, AttributeError, zlib.error, ParseError)  # fmt: skip
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class UnreadableTable(Invalid):
    """The file is no table that can be read; the sentence says why and what to do."""

    code = "unreadable-table"


def read_rows(path: Path | str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV or xlsx file as (line number in the file, cells by column title).

    Reads as it goes, so that a file may be larger than the memory. CSV in UTF-8 (with or without a byte
    order mark), UTF-16 or GB18030; separated by commas, semicolons, tabs or bars. Empty rows are left out,
    missing cells are empty; cells beyond the titles stand under ``SURPLUS``, joined by a comma.
    Raises UnreadableTable, before the first row when it can be known by then.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            begin = file.read(8)
            if begin.startswith(_ZIP):
                yield from _rows(workbook_lines(file))
            elif begin.startswith(_OLD_OFFICE):
                raise UnreadableTable(
                    filled(
                        _("“%(file)s” is an old .xls file. Save it as .xlsx or CSV, then try again."),
                        file=path.name,
                    )
                )
            else:
                yield from _rows(_text_lines(path, _encoding_of(file, path.name)))
    except FileNotFoundError as error:
        raise UnreadableTable(filled(_("There is no file “%(file)s”."), file=path)) from error
    except (PermissionError, IsADirectoryError) as error:
        raise UnreadableTable(
            filled(_("“%(file)s” cannot be opened. Is it a file, and may you read it?"), file=path)
        ) from error


def _rows(lines: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Titles and cells put together."""
    titles: list[str] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not titles:
            titles = _titles(cells)
            continue
        row = {title: "" for title in titles if title}
        surplus = []
        for i, cell in enumerate(cells):
            title = titles[i] if i < len(titles) else ""
            if title:
                row[title] = cell
            elif cell.strip():
                surplus.append(cell)
        if surplus:
            row[SURPLUS] = ",".join(surplus)
        yield line, row
    if not titles:
        raise UnreadableTable(_("The file is empty. Its first row must hold the column titles."))


def _titles(cells: Sequence[str]) -> list[str]:
    titles = [cell.strip() for cell in cells]
    named = [title for title in titles if title]
    if all(_NUMBER.fullmatch(title) for title in named):
        raise UnreadableTable(_("The first row holds numbers. It must hold the column titles."))
    twice = {title for title in named if named.count(title) > 1}
    if twice:
        raise UnreadableTable(
            filled(
                _("The column title “%(title)s” stands in the first row twice. Rename one of them."),
                title=min(twice),
            )
        )
    return titles


def _encoding_of(file: BinaryIO, name: str) -> str:
    """The encoding in which the whole file can be read. Raises UnreadableTable."""
    file.seek(0)
    begin = file.read(4)
    if begin.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        fitting = ["utf-16"]
    else:
        fitting = ["utf-8-sig"] if begin.startswith(BOM_UTF8) else ["utf-8", "gb18030"]
    for encoding in fitting:
        if _can_decode(file, encoding, name):
            return encoding
    raise UnreadableTable(
        filled(
            _("“%(file)s” is neither UTF-8 nor GB18030 text. Save it as UTF-8 CSV or .xlsx first."),
            file=name,
        )
    )


def _can_decode(file: BinaryIO, encoding: str, name: str) -> bool:
    """True when every byte fits ``encoding``. Raises UnreadableTable at a NUL character."""
    decoder = getincrementaldecoder(encoding)()
    line = 1
    file.seek(0)
    while True:
        part = file.read(_PART)
        try:
            text = decoder.decode(part, final=not part)
        except UnicodeDecodeError:
            return False
        if "\0" in text:
            line += text[: text.index("\0")].count("\n")
            raise UnreadableTable(
                filled(
                    _("Line %(line)s of “%(file)s” holds NUL characters: the file is damaged or no text."),
                    line=line,
                    file=name,
                )
            )
        line += text.count("\n")
        if not part:
            return True


def _text_lines(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=_separator(text))
        last = 0
        try:
            for cells in reader:
                yield last + 1, cells
                last = reader.line_num
        except csv.Error as error:
            raise UnreadableTable(
                filled(
                    _("The row that begins in line %(line)s cannot be read: a quotation mark is not closed."),
                    line=last + 1,
                )
            ) from error


def _separator(text: TextIO) -> str:
    """The separator that the first written line uses most; a comma when it uses none."""
    first = ""
    while not first.strip():
        first = text.readline(_PART)
        if not first:
            break
    text.seek(0)
    return max(_SEPARATORS, key=first.count)


def workbook_lines(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The lines of the sheet that is shown first, as (number, texts of the cells). Raises UnreadableTable."""
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.active
        if sheet is None or not hasattr(sheet, "iter_rows"):
            raise UnreadableTable(_("The workbook has no sheet with rows."))
        rows = iter(sheet.iter_rows(values_only=True))
    except _BROKEN_WORKBOOK as error:
        raise _broken_workbook() from error
    line = 0
    while True:
        try:
            values: Iterable[object] | None = next(rows, None)
        except _BROKEN_WORKBOOK as error:
            raise _broken_workbook() from error
        if values is None:
            break
        line += 1
        yield line, [_cell_text(value) for value in values]
    book.close()


def _broken_workbook() -> UnreadableTable:
    return UnreadableTable(
        _("The workbook is damaged or was cut off. Open it, save it again as .xlsx, then try again.")
    )


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def safe_cell(text: object) -> str:
    """``text`` for a cell that a spreadsheet opens: never a formula. Plain numbers stay as they are."""
    cell = str(text)
    if cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


class RejectedRows:
    """Writes ``<file>.rejected.csv`` beside a table: line, reason, then the columns as they were.

    A context manager. The file is made with the first rejected row; one from an earlier run disappears when
    nothing is rejected any more. When the folder is not writable it stands in the current folder:
    ``path`` says where.
    """

    def __init__(self, source: Path | str, target: Path | str | None = None) -> None:
        source = Path(source)
        self.path = Path(target) if target else source.with_name(f"{source.name}.rejected.csv")
        self.count = 0
        self._file: TextIO | None = None
        self._columns: list[str] = []

    def __enter__(self) -> RejectedRows:
        return self

    def add(self, line: int, row: Mapping[str, str], reason: object) -> None:
        """Note one row. The columns are those of the first."""
        if self._file is None:
            self._columns = [name for name in row if name not in ("line", "reason", SURPLUS)]
            self._file = self._open()
            self._write(["line", "reason", *self._columns])
        surplus = [row[SURPLUS]] if row.get(SURPLUS) else []
        self._write([line, reason, *(row.get(name, "") for name in self._columns), *surplus])
        self.count += 1

    def _open(self) -> TextIO:
        try:
            return self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError:
            self.path = Path.cwd() / self.path.name
            return self.path.open("w", encoding="utf-8-sig", newline="")

    def _write(self, cells: Sequence[object]) -> None:
        assert self._file is not None
        csv.writer(self._file).writerow([safe_cell(cell) for cell in cells])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        elif kind is None and self.path.is_file():
            self._remove_old()

    def _remove_old(self) -> None:
        """The report of an earlier run; it stays where it may not be removed."""
        with self.path.open(encoding="utf-8-sig", newline="") as old:
            ours = old.readline().startswith("line,reason")
        if ours:
            self.path.unlink()
