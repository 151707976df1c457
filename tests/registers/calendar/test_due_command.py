"""``liangdian due`` as a person uses it: answers on stdout, everything else on stderr."""

from __future__ import annotations

import argparse

import pytest

from liangdian.registers.calendar import commands


@pytest.fixture
def due(capsys):
    def ask(*arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser("liangdian due")
        commands.add_arguments(parser)
        code = commands.run(parser.parse_args(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return ask


def test_working_days(due):
    assert due("--from", "2026-09-18", "--working-days", "20") == (0, "2026-10-22\n", "")


def test_civil_code_203_calendar_days_end_on_a_working_day(due):
    assert due("--from", "2026-09-18", "--calendar-days", "15") == (0, "2026-10-08\n", "")


def test_2027_is_said_to_be_provisional(due):
    code, out, err = due("--from", "2026-12-20", "--working-days", "20")
    assert (code, out) == (0, "2027-01-15\n")
    assert "provisional" in err


def test_a_database_is_not_needed(due):
    """The test has no database mark: any query would fail it."""
    assert due("--from", "2026-01-01", "--working-days", "1")[1] == "2026-01-04\n"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--from", "2026-02-30", "--working-days", "1"], "no day"),
        (["--from", "18.9.2026", "--working-days", "1"], "2026-09-18"),
        (["--from", "2026-09-18", "--working-days", "many"], "whole number"),
        (["--from", "2026-09-18", "--working-days", "99999999999"], "whole number"),
        (["--from", "9999-12-01", "--working-days", "9000"], "too far"),
        (["--working-days", "1"], "--from"),
        (["--pairs", "nowhere.csv"], "cannot read"),
        (["--pairs", "x.csv", "--from", "2026-09-18"], "--from"),
        (["--from", "2026-09-18", "--working-days", "1", "--output", "x"], "--pairs"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(due, arguments, word):
    code, out, err = due(*arguments)
    assert (code, out) == (2, "")
    assert word in err


def test_many_at_once(due, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(
        'start,amount,unit,note\n2026-09-18,20,working_days,a\n2026-09-18,15,calendar_days,"b, c"\n', "utf-8"
    )
    code, out, err = due("--pairs", str(path))
    assert (code, err) == (0, "")
    assert out == (
        "start,amount,unit,note,due\n"
        "2026-09-18,20,working_days,a,2026-10-22\n"
        '2026-09-18,15,calendar_days,"b, c",2026-10-08\n'
    )


def test_bad_rows_are_named_with_their_line_and_the_rest_is_answered(due, tmp_path):
    path, output = tmp_path / "pairs.csv", tmp_path / "out.csv"
    path.write_text(
        "start,amount,unit\n2026-9-18,1,working_days\n2026-09-18,x,working_days\n"
        "2026-09-18,1,weeks\n2026-09-18\n\n2026-09-18,20,working_days\n",
        "utf-8",
    )
    code, out, err = due("--pairs", str(path), "--output", str(output))
    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()[:4]] == ["line 2", "line 3", "line 4", "line 5"]
    assert "4 of 5 rows" in err
    lines = output.read_text("utf-8").splitlines()
    assert lines[1] == "2026-9-18,1,working_days,"
    assert lines[-1] == "2026-09-18,20,working_days,2026-10-22"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_files_as_spreadsheets_write_them(due, tmp_path, encoding):
    path = tmp_path / "pairs.csv"
    path.write_bytes("start,amount,unit,事项\r\n2026-09-18,20,working_days,老年优待证\r\n".encode(encoding))
    assert due("--pairs", str(path))[1].splitlines()[1] == "2026-09-18,20,working_days,老年优待证,2026-10-22"


def test_a_provisional_row_is_said_with_its_line(due, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("start,amount,unit\n2026-09-18,20,working_days\n2026-12-30,9,working_days\n", "utf-8")
    code, _out, err = due("--pairs", str(path))
    assert code == 0
    assert "provisional on line 3:" in err


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", 'start,amount,unit\n"2026', "\x00"])
def test_files_that_are_no_table(due, tmp_path, content):
    path = tmp_path / "pairs.csv"
    path.write_text(content, "utf-8")
    code, out, err = due("--pairs", str(path))
    assert (code, out) == (2, "")
    assert str(path) in err
