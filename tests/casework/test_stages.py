"""The stages of a procedure: every pair decided by the table, by the database, by kind."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from liangdian.casework import rules
from liangdian.casework.models import Case
from liangdian.casework.stages import ANSWERED, SERVICE, SHORT, STANDING_STILL, Stage, can_move, table_of
from liangdian.casework.states import GENERAL, Kind
from tests.casework.conftest import NOW, House

# By hand, from rules §3: what follows what in a service matter.
FOLLOWS = {
    "received": "accepted correction refused not_needed completed ended withdrawn",
    "correction": "accepted returned refused ended withdrawn",
    "accepted": "examining special decided completed returned ended withdrawn",
    "examining": "special decided completed returned ended withdrawn",
    "special": "examining returned ended withdrawn",
    "decided": "completed ended withdrawn",
    "completed": "delivered examining archived",
    "delivered": "examining archived",
    "refused": "examining archived",
    "not_needed": "examining archived",
    "returned": "examining archived",
    "ended": "examining archived",
    "archived": "",
    "withdrawn": "",
}
SHORTER = {
    "received": "examining special completed ended withdrawn",
    "examining": "special completed ended withdrawn",
    "special": "examining ended withdrawn",
    "completed": "examining archived",
    "ended": "examining archived",
    "archived": "",
    "withdrawn": "",
}


@pytest.mark.parametrize(
    ("kind", "table", "wanted"), [("service", SERVICE, FOLLOWS), ("help", SHORT, SHORTER)]
)
def test_the_table_is_the_one_of_the_rules(kind: str, table: dict, wanted: dict[str, str]) -> None:
    assert {s.value: {t.value for t in targets} for s, targets in table.items()} == {
        stage: set(targets.split()) for stage, targets in wanted.items()
    }
    for stage, target in product(Stage, Stage):
        if target.value in wanted.get(stage.value, "").split():
            rules.check_stage(kind, stage, target)
        else:
            with pytest.raises(rules.WrongState):
                rules.check_stage(kind, stage, target)


def _state_of(stage: Stage) -> dict[str, object]:
    """What the columns beside the stage must hold, so that only the step itself can be refused."""
    if stage == Stage.WITHDRAWN:
        return {"state": "withdrawn", "closed_at": NOW, "ending": "withdrawn", "paused_at": None}
    if stage == Stage.ARCHIVED:
        return {"state": "closed", "closed_at": NOW, "ending": "satisfied", "paused_at": None}
    if stage in ANSWERED:
        return {"state": "resolved", "closed_at": None, "ending": "", "resolved_at": NOW, "paused_at": None}
    paused = NOW if stage in STANDING_STILL else None
    return {"state": "handling", "closed_at": None, "ending": "", "paused_at": paused}


def _steps(case: Case, target: Stage) -> bool:
    # The move of the state has a guard and a test of its own; here it is out of the way.
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE casework_case DISABLE TRIGGER casework_case_guard")
            Case.objects.filter(pk=case.pk).update(stage=target, **_state_of(target))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize("kind", [Kind.SERVICE, Kind.COMPLAINT, Kind.LIVELIHOOD])
def test_every_pair_is_decided_by_the_database(house: House, kind: Kind) -> None:
    case, wrong = house.case(kind=kind if kind in GENERAL else Kind.HELP), []
    case.kind = kind
    for number, stage in enumerate(Stage):
        for name, value in {"stage": stage, **_state_of(stage)}.items():
            setattr(case, name, value)
        case.pk, case.reference = None, f"XD-2026-9{number:05d}"
        case.save(force_insert=True)
        for target in Stage:
            if _steps(case, target) != (target == stage or can_move(kind, stage, target)):
                wrong.append((stage.value, target.value))
    # Stages that a kind does not have are never reached; the guard need not know where they lead.
    known = table_of(kind)
    assert [pair for pair in wrong if Stage(pair[0]) in known] == []


@pytest.mark.parametrize(
    "columns",
    [
        {"stage": "completed"},
        {"stage": "withdrawn"},
        {"stage": "special"},
        {"paused_at": NOW},
        {"stage": "archived"},
        {"rank": 3},
    ],
)
def test_stage_state_and_pause_belong_together(house: House, columns: dict[str, object]) -> None:
    case = house.case()
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**columns)
