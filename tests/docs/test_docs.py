"""The documentation holds: its links lead somewhere, its commands run, its words are those of the product."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liangdian.cli import COMMANDS
from liangdian.platform.ui import extraction
from liangdian.platform.ui.catalogues import to_traditional

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"node_modules", ".venv", "var", ".git"}
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ELSEWHERE = ("http://", "https://", "mailto:")
RUNNABLE = ("liangdian due", "liangdian figures", "make help")
COLUMNS = 5


def pages() -> list[Path]:
    """Every page of the project, not those of the parts that it stands on."""
    found = (path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts))
    return sorted(found)


def links() -> Iterator[tuple[Path, str]]:
    for page in pages():
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
            if not target.startswith(ELSEWHERE):
                yield page, target


def commands() -> list[str]:
    """The lines of ``sh`` blocks that a test can run without changing anything."""
    found = []
    for page in pages():
        for _indent, language, body in FENCE.findall(page.read_text(encoding="utf-8")):
            if language == "sh":
                found += [line.strip() for line in body.splitlines() if line.strip().startswith(RUNNABLE)]
    return sorted(set(found))


def glossary() -> list[list[str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if row[0] != "English" and set(row[0]) != {"-"}]


def anchors(page: Path) -> set[str]:
    """The headings of a page as they are addressed in a link."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere() -> None:
    dead = []
    for page, target in links():
        file, _sign, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []


GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_every_guide_shows_what_the_reader_will_see(page: Path) -> None:
    pictures = re.findall(r"!\[([^\]]+)\]\(\.\./pictures/[\w-]+\.png\)", page.read_text(encoding="utf-8"))
    assert pictures and all(len(words) > 10 for words in pictures), "each with words for who does not see it"


def test_every_page_below_docs_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    reached, waiting = {index}, [index]
    while waiting:
        page = waiting.pop()
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            there = (page.parent / target.partition("#")[0]).resolve()
            if there.suffix == ".md" and there.exists() and there not in reached:
                reached.add(there)
                waiting.append(there)
    lost = {page for page in pages() if ROOT / "docs" in page.parents} - reached
    assert sorted(str(page.relative_to(ROOT)) for page in lost) == []


def test_every_room_has_its_page() -> None:
    rooms = {room.name for room in extraction.rooms()} | {"foundation"}
    assert sorted(room for room in rooms if not (ROOT / "docs" / "rooms" / f"{room}.md").is_file()) == []


def test_the_documentation_shows_commands_that_are_run_here() -> None:
    shown = commands()
    assert [start for start in RUNNABLE if not any(line.startswith(start) for line in shown)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("line", commands())
def test_a_shown_command_runs(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, _sign, answer = line.partition("#")
    program, name, *rest = [*shlex.split(wanted), ""][:-1]
    if program == "make":
        done = subprocess.run(["make", name], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return
    parser = argparse.ArgumentParser(prog=f"{program} {name}")
    module = importlib.import_module(COMMANDS[name].module)
    module.add_arguments(parser)
    assert not module.run(parser.parse_args(rest))
    assert answer.strip() in capsys.readouterr().out


def test_every_term_stands_in_three_languages_with_meaning_and_code() -> None:
    rows = glossary()
    assert len(rows) >= 60
    assert [row[0] for row in rows if len(row) != COLUMNS or not all(row)] == []
    assert [row[0] for row in rows if not re.search(r"[\u4e00-\u9fff]", row[1])] == []


def test_no_term_stands_twice() -> None:
    terms = [row[0] for row in glossary()]
    assert sorted(term for term in set(terms) if terms.count(term) > 1) == []


@pytest.mark.parametrize("row", glossary(), ids=lambda row: row[0])
def test_traditional_terms_are_what_the_product_shows(row: list[str]) -> None:
    assert to_traditional(row[1]) == row[2]


def test_the_code_names_of_the_glossary_exist() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "liangdian").rglob("*.py"))
    )
    names = {row[0]: row[4].strip("`").rpartition(".")[2] for row in glossary()}
    rooms = {path.name for path in (ROOT / "liangdian").rglob("*") if path.is_dir()}
    files = {path.stem for path in (ROOT / "liangdian").rglob("*.py")}
    missing = [
        term
        for term, name in names.items()
        if name not in rooms | files and not re.search(rf"\b{re.escape(name)}\b", sources)
    ]
    assert missing == []


def test_decisions_are_numbered_without_gaps() -> None:
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in found] == [f"{n:04d}" for n in range(1, len(found) + 1)]
    for n, page in enumerate(found, start=1):
        assert page.read_text(encoding="utf-8").startswith(f"# {n}. "), page.name
