"""The integrator's guide can be followed: its commands run against a real server, one after the other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from liangdian.casework.models import Case
from liangdian.platform.accounts import tokens
from tests.api.conftest import ALL
from tests.casework.conftest import House

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "integrator.md"
BLOCK = re.compile(r"^```sh integrator\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_guide_run(house: House, live_server, tmp_path: Path) -> None:
    _token, secret = tokens.make_token(
        actor=house.actor("clerk"), name="x", scopes=ALL, days=1, at=timezone.now()
    )
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    script = "set -eu\n" + "\n".join(blocks)
    script = script.replace("curl -sS", "curl -sS --fail-with-body")
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120,
        env={"SITE": live_server.url, "TOKEN": secret, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    case = Case.objects.get()
    assert case.kind == "consultation" and case.last_seq >= 3
    assert "304\n" in done.stdout and '"act":"note"' in done.stdout
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")
    assert done.stdout.count(case.reference) >= 3
