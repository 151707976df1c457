"""Linking matters: related ones, and a whole with its parts. A link moves no work and no promise."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liangdian.casework.models import Case, CaseRelation
from liangdian.casework.policy import Act
from liangdian.casework.services.handling import require_in_hand, required_text
from liangdian.casework.services.merging import ONE_AT_A_TIME, locked_other
from liangdian.casework.services.record import chained, locked_case, save_with, tell, worker
from liangdian.casework.services.together import people_of
from liangdian.casework.states import EventType, RelationKind
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import Invalid
from liangdian.platform.database.facts import only_one

RELATED, PART_OF, HAS_PART = "related", "part_of", "has_part"


def link(
    *, actor: Actor, case_id: int, other: str, how: str, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Link the matter with number ``other``: ``related``, ``part_of`` it, or ``has_part``.

    A whole is answered after its parts; parts have no parts of their own.
    Raises Invalid, WrongState, NotAllowed, NotFound, Stale.
    """
    with only_one(ONE_AT_A_TIME):
        case = locked_case(actor=actor, case_id=case_id, act=Act.LINK, seen=seen)
        require_in_hand(case)
        second = locked_other(actor, other, act=None)
        if case.pk == second.pk:
            raise Invalid(_("A matter cannot be linked with itself."), field="other")
        if how not in {RELATED, PART_OF, HAS_PART}:
            raise Invalid(_("Choose from the list how they belong together."), field="how")
        reason = required_text(reason, field="reason", message=_("Write why they belong together."))
        kind = RelationKind.RELATED if how == RELATED else RelationKind.PART
        first, last = (second, case) if how == HAS_PART else (case, second)
        if kind == RelationKind.RELATED and first.pk > last.pk:
            first, last = last, first
        _check(kind, first, last)
        CaseRelation.objects.create(
            kind=kind, case=first, other=last, reason=reason, at=at, by_id=worker(actor)
        )
        _tell_both(EventType.LINKED, kind, first, last, actor=actor, at=at, reason=reason)
    return case


def unlink(
    *, actor: Actor, case_id: int, other: str, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Remove the link with number ``other``. Raises Invalid, NotAllowed, NotFound, Stale."""
    with only_one(ONE_AT_A_TIME):
        case = locked_case(actor=actor, case_id=case_id, act=Act.UNLINK, seen=seen)
        second = locked_other(actor, other, act=None)
        reason = required_text(reason, field="reason", message=_("Write why the link is removed."))
        relation = _between(case, second).exclude(kind=RelationKind.MERGED).first()
        if relation is None:
            raise Invalid(_("There is no link with this matter."), field="other")
        relation.ended_at, relation.ended_by_id, relation.end_reason = at, worker(actor), reason
        relation.save(update_fields=["ended_at", "ended_by", "end_reason"])
        first, last = (case, second) if relation.case_id == case.pk else (second, case)
        kind = RelationKind(relation.kind)
        _tell_both(EventType.UNLINKED, kind, first, last, actor=actor, at=at, reason=reason)
    return case


def _between(case: Case, other: Case) -> QuerySet[CaseRelation]:
    pair = Q(case=case, other=other) | Q(case=other, other=case)
    return CaseRelation.objects.filter(pair, ended_at__isnull=True)


def _check(kind: RelationKind, first: Case, last: Case) -> None:
    if _between(first, last).exists():
        raise Invalid(_("These two are linked already."), field="other")
    if kind != RelationKind.PART:
        return
    if not (first.in_hand and last.in_hand) or first.follows or last.follows:
        raise Invalid(_("A whole and its parts are linked only while both are in hand."), field="other")
    parts = CaseRelation.objects.filter(kind=RelationKind.PART, ended_at__isnull=True)
    if parts.filter(case=first).exists():
        raise Invalid(
            _("%(part)s is a part of another matter already.") % {"part": first.reference}, field="other"
        )
    if parts.filter(other=first).exists() or parts.filter(case=last).exists():
        raise Invalid(_("A part has no parts of its own. Link it with the whole."), field="other")


def _tell_both(
    type: EventType, kind: RelationKind, first: Case, last: Case, *, actor: Actor, at: datetime, reason: str
) -> None:
    roles = {RelationKind.PART: ("part", "whole")}.get(kind, ("related", "related"))
    for case, other, role in ((first, last, roles[0]), (last, first, roles[1])):
        data: dict[str, object] = {
            "role": role, "other": other.reference, "text": f"{other.reference} · {reason}"
        }  # fmt: skip
        event = chained(case, type=type, actor=actor, at=at, data=data, public=False)
        save_with(case, [event])
        tell(people_of(case), case=case, event=event, but=actor)
