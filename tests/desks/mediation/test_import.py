"""Disputes from a file: what has a category is registered once, the rest is reported and never guessed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from liangdian.desks.mediation.importing import Imported, import_disputes
from liangdian.desks.mediation.models import Answer, Dispute, Party
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid, NotFound
from tests.casework.conftest import NOW
from tests.desks.mediation.conftest import Desk

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "mediation_cases.json"
ROWS = [
    {"type": "经济债务纠纷", "description": "借款未还。", "parties": "魏某, 金某"},
    {"type": "社区邻里纠纷", "description": "漏水。", "parties": "甲某，乙某, 丙某"},
    {"type": "治安刑事纠纷", "description": "打架。", "parties": "魏某, 金某"},
    {"type": "经济债务纠纷", "description": "一人。", "parties": "魏某, 魏某"},
    {"type": "经济债务纠纷", "description": " ", "parties": "魏某, 金某"},
]


def load(path: Path) -> Imported:
    return import_disputes(path=path, actor=SYSTEM, at=NOW)


def written(folder: Path, rows: object) -> Path:
    path = folder / "disputes.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_what_has_a_category_is_registered_and_the_rest_reported(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    done = load(path)
    assert (done.read, done.created, done.unchanged, done.rejected) == (5, 2, 0, 3)
    assert done.no_counterpart == {"治安刑事纠纷": 1}
    assert done.rejected_path is not None
    with done.rejected_path.open(encoding="utf-8-sig") as file:
        reported = list(csv.DictReader(file))
    assert [row["line"] for row in reported] == ["3", "4", "5"]
    assert "治安刑事纠纷" in reported[0]["reason"]
    debt, leak = Dispute.objects.order_by("pk")
    assert (debt.category, debt.subtype, debt.state) == ("contract", "debt", "registered")
    assert [p.side for p in Party.objects.filter(dispute=leak)] == ["applicant", "respondent", "third"]
    assert not Answer.objects.exists(), "nobody has said yes by standing in a file"


def test_importing_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    load(path)
    done = load(path)
    assert (done.created, done.unchanged, Dispute.objects.count()) == (0, 2, 2)


@pytest.mark.parametrize("content", ["", "{", "{}", "[1]", "[" * 100_000])
def test_what_is_no_list_of_disputes_is_refused_whole(desk: Desk, tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid):
        load(path)


def test_unknown_files_units_and_people_are_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load(tmp_path / "none.json")
    path = written(tmp_path, ROWS)
    with pytest.raises(NotFound):
        import_disputes(path=path, actor=SYSTEM, at=NOW, unit="??")
    with pytest.raises(NotFound):
        import_disputes(path=path, actor=SYSTEM, at=NOW, first_handler="nobody")


@pytest.mark.skipif(not REAL.exists(), reason="the shared folder with real data is absent")
def test_the_real_file_of_97_disputes(desk: Desk, tmp_path: Path) -> None:
    path = Path(shutil.copy(REAL, tmp_path))
    done = load(path)
    assert (done.read, done.created + done.unchanged + done.rejected) == (97, 97)
    assert done.no_counterpart == {"治安刑事纠纷": 8, "校园教育纠纷": 7, "房产土地纠纷": 8}
    assert done.rejected >= 23
    assert Dispute.objects.count() == done.created
    assert load(path).created == 0
