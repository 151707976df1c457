"""The matters that belong to a matter, as its page shows them: only those that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy
from liangdian.casework.models import Case, CaseRelation
from liangdian.casework.states import IN_HAND, RelationKind, State
from liangdian.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class Tie:
    """One matter beside this one. ``role`` says what it is to this one."""

    role: str
    label: str
    reference: str
    title: str
    state: str
    removable: bool


LEADER, FOLLOWER, WHOLE, PART, RELATED = "leader", "follower", "whole", "part", "related"
_LABELS = {
    LEADER: _("Handled together with"),
    FOLLOWER: _("Handled together with this one"),
    WHOLE: _("Part of"),
    PART: _("Parts"),
    RELATED: _("Related"),
}
_ROLES = {
    (RelationKind.MERGED, False): LEADER,
    (RelationKind.MERGED, True): FOLLOWER,
    (RelationKind.PART, False): WHOLE,
    (RelationKind.PART, True): PART,
    (RelationKind.RELATED, False): RELATED,
    (RelationKind.RELATED, True): RELATED,
}


def with_ties(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """The cases with their ties in both directions as columns; no statement of their own."""
    visible = Case.objects.filter(policy.visible_to(actor))
    there = CaseRelation.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)
    back = CaseRelation.objects.filter(other=OuterRef("pk"), ended_at__isnull=True)
    parts = back.filter(kind=RelationKind.PART, case__state__in=IN_HAND)
    return rows.annotate(
        ties_there=ArraySubquery(_listed(there.filter(other__in=visible), "other", back=False)),
        ties_back=ArraySubquery(_listed(back.filter(case__in=visible), "case", back=True)),
        has_open_parts=Exists(parts),
        leads_others=Exists(Case.objects.filter(merged_into=OuterRef("pk"), state__in=IN_HAND)),
    )


def _listed(rows: QuerySet[CaseRelation], side: str, *, back: bool) -> QuerySet[CaseRelation, Any]:
    return rows.order_by("at", "id").values(
        json=JSONObject(
            kind=F("kind"), back=Value(back), reference=F(f"{side}__reference"), title=F(f"{side}__title"),
            state=F(f"{side}__state"),
        )
    )  # fmt: skip


def ties_of(case: Case) -> list[Tie]:
    """The ties of a case that was read ``with_ties``: the leader first, then by role."""
    rows: Sequence[dict[str, Any]] = [*case.ties_there, *case.ties_back]  # type: ignore[attr-defined]
    found = [_tie(row) for row in rows]
    return sorted(found, key=lambda tie: list(_LABELS).index(tie.role))


def _tie(row: dict[str, Any]) -> Tie:
    role = _ROLES[RelationKind(row["kind"]), row["back"]]
    return Tie(
        role=role, label=str(_LABELS[role]), reference=row["reference"], title=row["title"],
        state=str(State(row["state"]).label), removable=role not in {LEADER, FOLLOWER},
    )  # fmt: skip
