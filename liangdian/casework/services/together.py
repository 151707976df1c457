"""What the acts of a leading matter do to those that are handled together with it. Services use it."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangdian.casework import rules
from liangdian.casework.models import Case, CaseRelation, Clock, Event
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.promising import due_of_promise, follow, legal_due_of, newest_promise
from liangdian.casework.services.record import chained, save_with, tell
from liangdian.casework.states import IN_HAND, ClockKind, EventType, PromiseReason, RelationKind
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date

LEADS, FOLLOWS = "leads", "follows"


def locked_followers(leader: Case) -> list[Case]:
    """The matters in hand that are handled together with a locked one, locked after it."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("unit", "origin")
    return list(rows.filter(merged_into=leader, state__in=IN_HAND).order_by("pk"))


def stop_all_clocks(case: Case, *, at: datetime) -> list[int]:
    """End every open clock of a locked case; returns their numbers, so that they can go on."""
    running = Clock.objects.filter(case=case, ended_at__isnull=True)
    stopped = sorted(running.values_list("pk", flat=True))
    running.update(ended_at=at)
    return stopped


def let_clocks_go_on(case: Case, stopped: list[int]) -> None:
    """Start the stopped clocks again with the ends they had: time spent together is not given back."""
    rows = Clock.objects.filter(case=case, pk__in=stopped)
    if case.first_contact_at is not None:
        rows = rows.exclude(kind=ClockKind.FIRST_CONTACT)
    Clock.objects.bulk_create(
        Clock(case=case, kind=c.kind, key=c.key, start_at=c.start_at, due_at=c.due_at, rung_at=c.rung_at)
        for c in rows.order_by("pk")
    )


def take_over_promise(leader: Case, follower: Case, *, actor: Actor, at: datetime) -> list[Event]:
    """The earliest promise wins: a new promise of the locked ``leader`` when the other's ends earlier.

    What rang already for that promise does not ring once more. The event is not yet saved.
    """
    own, other = newest_promise(leader), newest_promise(follower)
    if own.due_at <= other.due_at:
        return []
    with translation.override(leader.detail.language):
        text = _("Another matter about the same thing was promised earlier; its date now holds for both.")
    event = follow(
        leader, own, due=due_of_promise(other), legal=legal_due_of(own), reason=PromiseReason.MERGED,
        actor=actor, at=at, text=text,
    )  # fmt: skip
    leader.alarms_done = follower.alarms_done
    return [event]


def people_of(case: Case) -> list[int | None]:
    """Who answers for a matter and who works on it."""
    return [case.first_handler_id, case.successor_id, case.handler_id]


def part(
    follower: Case, leader: Case, *, actor: Actor, at: datetime, reason: str, public: bool = True
) -> Event:
    """End the merge of two locked cases: the follower goes on as it stood. Returns the leader's event.

    The follower is saved here and its people and resident are told; the leader's event is not saved, and
    told to its resident only when ``public``.
    """
    relation = release(follower, actor=actor, at=at, reason=reason)
    let_clocks_go_on(follower, relation.stopped)
    refresh_clock(follower, now=at)
    event = _said(follower, EventType.UNMERGED, FOLLOWS, leader, actor=actor, at=at, reason=reason)
    save_with(follower, [event], "merged_into", "next_due_at")
    tell(people_of(follower), case=follower, event=event, but=actor)
    return _said(
        leader, EventType.UNMERGED, LEADS, follower, actor=actor, at=at, reason=reason, public=public
    )


def release(follower: Case, *, actor: Actor, at: datetime, reason: str) -> CaseRelation:
    """Record the end of a locked follower's merge; its ``merged_into`` is changed in memory only."""
    relation = CaseRelation.objects.get(case=follower, kind=RelationKind.MERGED, ended_at__isnull=True)
    relation.ended_at, relation.ended_by_id, relation.end_reason = at, actor.user_id, reason
    relation.save(update_fields=["ended_at", "ended_by", "end_reason"])
    follower.merged_into = None
    return relation


def joined(case: Case, other: Case, role: str, *, actor: Actor, at: datetime, reason: str) -> Event:
    """The event of a merge on one of the two, not yet saved."""
    return _said(case, EventType.MERGED, role, other, actor=actor, at=at, reason=reason)


def _said(
    case: Case, type: EventType, role: str, other: Case, *, actor: Actor, at: datetime, reason: str,
    public: bool = True,
) -> Event:  # fmt: skip
    # The day is the one that holds for the resident who is told: the leading matter's while together.
    due_at = other.due_at if type == EventType.MERGED and role == FOLLOWS else case.due_at
    data: dict[str, object] = {
        "role": role, "other": other.reference, "text": f"{other.reference} · {reason}",
        "day": business_date(due_at or at).isoformat(),
    }  # fmt: skip
    return chained(case, type=type, actor=actor, at=at, data=data, public=public)


def require_parts_answered(case: Case) -> None:
    """Raises WrongState while a part of this matter is still in hand."""
    parts = CaseRelation.objects.filter(
        other=case, kind=RelationKind.PART, ended_at__isnull=True, case__state__in=IN_HAND
    ).count()
    if parts:
        raise rules.WrongState(
            ngettext(
                "%(n)d part of this matter is not answered yet. Answer it first, or remove its link.",
                "%(n)d parts of this matter are not answered yet. Answer them first, or remove their links.",
                parts,
            )
            % {"n": parts}
        )
