"""The source keeps the rules of the house; and each rule finds what is planted against it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import house

ROOT = Path(__file__).resolve().parents[2]

RULES: dict[str, Callable[[Path], list[str]]] = {
    "another room's models and web are private": house.private_imports,
    "imports stand at the top": house.imports_inside_functions,
    "files have at most 400 lines": house.long_files,
    "functions have at most 40 lines": house.long_functions,
    "a file's name says what is in it": house.forbidden_names,
    "time is a parameter": house.clocks_inside,
    "gettext keeps its name": house.renamed_gettext,
    "no constraint names are read": house.constraint_names_read,
    "no exception is swallowed": house.swallowed,
}
PLANTED: dict[str, tuple[str, str]] = {
    "another room's models and web are private": (
        "liangdian/casework/planted.py",
        "def f():\n    from liangdian.registers.people.models import Resident\n    return Resident\n",
    ),
    "imports stand at the top": ("liangdian/casework/planted.py", "def f():\n    import os\n    return os\n"),
    "files have at most 400 lines": ("liangdian/casework/planted.py", "x = 1\n" * 401),
    "functions have at most 40 lines": (
        "liangdian/casework/planted.py",
        "def f():\n" + "    x = 1\n" * 40 + "    return x\n",
    ),
    "a file's name says what is in it": ("liangdian/casework/utils.py", "x = 1\n"),
    "time is a parameter": (
        "liangdian/casework/planted.py",
        "from django.utils import timezone\nx = timezone.now()\n",
    ),
    "gettext keeps its name": (
        "liangdian/casework/planted.py",
        "from django.utils.translation import gettext as _now\nx = _now\n",
    ),
    "no constraint names are read": (
        "liangdian/casework/planted.py",
        "def f(error):\n    return error.diag.constraint_name\n",
    ),
    "no exception is swallowed": (
        "liangdian/casework/planted.py",
        "try:\n    x = 1\nexcept Exception:\n    pass\n",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_source_keeps_the_rule(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_finds_what_is_planted(rule, tmp_path):
    name, text = PLANTED[rule]
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert len(RULES[rule](tmp_path)) == 1


def test_relative_imports_are_not_used():
    # They would slip past the reading of imports above.
    found = [s.module for s in house.sources(ROOT) for n in house.ast.walk(s.tree)
             if isinstance(n, house.ast.ImportFrom) and n.level]  # fmt: skip
    assert found == []


def repository_files() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return [str(p.relative_to(ROOT)) for p in [*ROOT.glob("*.*"), *ROOT.glob("requirements/*")]]
    return done.stdout.splitlines()


def test_no_file_names_a_registry():
    assert house.registry_hosts(ROOT, repository_files()) == []


def test_a_registry_in_a_lock_file_is_found(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "package-lock.json").write_text('{"resolved": "x"}')
    (tmp_path / "requirements" / "base.txt").write_text("--index-url https://example.org/simple\n")
    (tmp_path / "notes.md").write_text(f"from {house.REGISTRIES[0]}")
    names = ["package-lock.json", "requirements/base.txt", "notes.md"]
    assert len(house.registry_hosts(tmp_path, names)) == 3


def test_every_requirement_is_locked_with_a_hash():
    for lock in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / lock).read_text().replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        assert pinned
        assert [line for line in pinned if "--hash=sha256:" not in line] == []


def test_no_commit_hook_or_build_step_runs_code_of_packages():
    text = (ROOT / ".npmrc").read_text()
    assert "ignore-scripts=true" in text
