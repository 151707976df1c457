"""How far a long command is."""

from pathlib import Path

from liangdian.config.commands.progress import Progress, lines_in


def test_the_bar_fills_with_the_rows_of_the_file(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("a,b\n" + "1,2\n" * 200, encoding="utf-8")
    progress = Progress("rows", total=lines_in(table))
    assert progress.bar(0).count("#") == 0
    assert "50%" in progress.bar(100)
    assert progress.bar(500).count("#") == 24


def test_a_workbook_has_no_known_length(tmp_path: Path) -> None:
    assert lines_in(tmp_path / "rows.xlsx") is None
    assert Progress("rows", total=None).bar(5) == ""
