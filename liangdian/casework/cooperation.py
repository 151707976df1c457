"""The units that help with a matter, as its page shows them, and what can be done about them. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from liangdian.casework import policy
from liangdian.casework.models import Assist, Case
from liangdian.casework.policy import Act
from liangdian.casework.states import ASSISTING, AssistState
from liangdian.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class AssistLine:
    """One request for help as the page of a case shows it. ``path`` is the place of the unit in the tree."""

    pk: int
    unit_id: int
    unit: str
    path: str
    state: AssistState
    text: str
    due_at: datetime
    answer: str
    used: bool
    late: bool

    @property
    def open(self) -> bool:
        return self.state in ASSISTING

    @property
    def standing(self) -> str:
        return str(self.state.label)


def assists_of_case() -> ArraySubquery:
    """The requests of a case as a column of its query, for ``lines_of``; no statement of their own."""
    asked = Assist.objects.filter(case=OuterRef("pk")).order_by("asked_at", "id")
    return ArraySubquery(
        asked.values(
            json=JSONObject(
                pk="pk", unit="unit_id", path="unit__path", state="state", text="text", due_at="due_at",
                answer="answer", used_at="used_at", overdue="overdue",
            )
        )
    )  # fmt: skip


def lines_of(rows: Sequence[dict[str, Any]], names: Any) -> list[AssistLine]:
    """The requests with the names of their units; ``names`` gives them by id."""
    return [
        AssistLine(
            pk=row["pk"], unit_id=row["unit"], unit=names(row["unit"]), path=row["path"],
            state=AssistState(row["state"]), text=row["text"], due_at=datetime.fromisoformat(row["due_at"]),
            answer=row["answer"], used=row["used_at"] is not None, late=row["overdue"] > 0,
        )
        for row in rows
    ]  # fmt: skip


def acts_of_lead(case: Case, rows: Sequence[dict[str, Any]]) -> set[Act]:
    """What the one that leads can do about the help of others, in a matter at work."""
    acts: set[Act] = set()
    if any(row["state"] in ASSISTING for row in rows):
        acts |= {Act.REMIND_ASSIST, Act.WITHDRAW_ASSIST}
    if any(row["state"] == AssistState.ANSWERED and row["used_at"] is None for row in rows):
        acts.add(Act.USE_ASSIST)
    return acts


def acts_of_helper(actor: Actor, case: Case, rows: Sequence[dict[str, Any]]) -> set[Act]:
    """What the actor can do for the units that help; nothing in a complaint about himself."""
    if actor.user_id == case.about_user_id and actor.user_id is not None:
        return set()
    own = [row for row in rows if row["state"] in ASSISTING and policy.may_assist(actor, row["path"])]
    acts = {Act.ACCEPT_ASSIST} if any(row["state"] == AssistState.ASKED for row in own) else set()
    if own and actor.user_id != case.handler_id:
        acts.add(Act.ANSWER_ASSIST)
    return acts
