"""The contracts on imports (pyproject.toml) hold, and each of them bites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

# Contract → a file and what is written at its end.
PLANTED = {
    "layers": ("liangdian/registers/people/planted.py", "import liangdian.casework.states"),
    "registers": (
        "liangdian/registers/calendar/planted.py",
        "def f():\n    import liangdian.registers.organisation.apps",
    ),
    "desks": ("liangdian/desks/duty/planted.py", "import liangdian.desks.hall.apps"),
    "platform": ("liangdian/platform/jobs/planted.py", "import liangdian.platform.audit.apps"),
    "inside": ("liangdian/casework/policy.py", "import liangdian.casework.services"),
    "foundation": ("liangdian/foundation/planted.py", "from django.utils import timezone"),
    "circles": ("liangdian/config/database.py", "import liangdian.config.session"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [str(LINT), "--no-cache", "--no-logo"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def contracts() -> dict[str, str]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in tool["contracts"]}


def test_every_contract_has_a_planted_violation():
    assert set(PLANTED) == set(contracts())


def test_the_contracts_hold():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("planted")
    left_out = shutil.ignore_patterns("__pycache__", "static", "*.mo")
    shutil.copytree(ROOT / "liangdian", folder / "liangdian", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in PLANTED.values():
        path = folder / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    return lint(folder).stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_the_contract_finds_what_is_planted(contract, broken):
    assert f"{contracts()[contract]} BROKEN" in broken
