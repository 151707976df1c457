"""The common steps of every verb: lock the case, append to its history, save it with its next clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from liangdian.casework import policy, procedures, rules
from liangdian.casework.chain import event_hash
from liangdian.casework.models import Case, Event, LimitRule
from liangdian.casework.services.messages import tell_residents
from liangdian.casework.states import EventType, Kind
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import NotFound, Stale
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.notifications.services import Notice, notify_many


def locked_case(*, actor: Actor, case_id: int, act: policy.Act | None, seen: int | None = None) -> Case:
    """The case, locked for this transaction, after the policy of ``act``.

    ``seen`` is the number of the last event that the person's form had seen.
    Raises NotFound (hidden equals missing), Stale, NotAllowed.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("unit", "origin")
        .filter(policy.visible_to(actor), pk=case_id)
        .first()
    )
    if case is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    # First what changed: when the work went elsewhere meanwhile, that explains why the act is not allowed.
    if seen is not None and seen != case.last_seq:
        raise Stale(
            _("Somebody else changed this matter while you were writing. See what is new, then send again."),
            seen=seen,
            case_id=case.pk,
        )
    if act is not None:
        policy.require(actor, act, case)
        procedures.require_kept(case.kind, act)
        if case.follows and act not in policy.WHILE_MERGED:
            raise rules.WrongState(
                _("This matter is handled together with another one. Work on that one, or take them apart.")
            )
    return case


def chained(
    case: Case, *, type: EventType | str, actor: Actor, at: datetime,
    data: dict[str, object] | None = None, public: bool = True,
) -> Event:  # fmt: skip
    """The next event of ``case``, not yet saved; the case's own counter and chain end move with it."""
    seq, previous, data = case.last_seq + 1, case.last_hash, data or {}
    event = Event(
        case=case, seq=seq, type=type, at=at, actor_id=actor.user_id, actor_name=actor.name[:100],
        data=data, public=public, previous=previous,
    )  # fmt: skip
    event.hash = event_hash(
        reference=case.reference, seq=seq, type=type, at=at, actor_id=actor.user_id,
        actor_name=event.actor_name, data=data, public=public, previous=previous,
    )  # fmt: skip
    case.last_seq, case.last_hash = seq, event.hash
    return event


def save_with(case: Case, events: Iterable[Event], *fields: str) -> None:
    """Write the events and the changed columns of the case, the end of the chain among them.

    The resident is told of what concerns him.
    """
    saved = Event.objects.bulk_create(list(events))
    case.save(update_fields=[*fields, "last_seq", "last_hash"])
    tell_residents(saved)


# Read at every intake: the statement as text costs a third of one that is built each time.
_IN_FORCE = (
    "SELECT * FROM casework_limitrule WHERE code = %(code)s AND valid_from <= %(day)s "
    "ORDER BY version DESC LIMIT 1"
)


def current_rule(code: str, *, on: datetime) -> LimitRule:
    """The version of limit rule ``code`` in force on the hall-local day of ``on``.

    Raises LimitRule.DoesNotExist when the installation was never seeded.
    """
    for rule in LimitRule.objects.raw(_IN_FORCE, {"code": code, "day": business_date(on)}):
        return rule
    raise LimitRule.DoesNotExist(code)


def worker(actor: Actor) -> int:
    """The account of the member of staff who acts, for what the system never does by itself."""
    assert actor.user_id is not None
    return actor.user_id


def notice_of(case: Case, event: Event, user_ids: Iterable[int | None]) -> Notice:
    """The notice about ``event`` for the bells of those colleagues for whom the matter exists."""
    told = {u for u in user_ids if u is not None}
    if procedures.is_narrow(case.kind):
        told = {user for user in told if _exists_for(user, case)}
    title = Kind(case.kind).label if procedures.is_discreet(case.kind) else case.title
    return Notice(
        user_ids=tuple(sorted(told)),
        kind=str(event.type),
        subject=f"{title} · {case.reference}",
        url=f"/cases/{case.reference}/",
        key=f"case:{case.reference}:{event.seq}",
        at=event.at,
    )


def _exists_for(user_id: int, case: Case) -> bool:
    """By the same condition as every list: a bell tells nobody of what he cannot open."""
    actor = accounts.actor_of(accounts.user_by_id(user_id))
    return Case.objects.filter(policy.visible_to(actor), pk=case.pk).exists()


def tell(user_ids: Iterable[int | None], *, case: Case, event: Event, but: Actor) -> None:
    """Put a notice about ``event`` into the colleagues' bells, in this transaction, never twice."""
    notify_many([notice_of(case, event, (u for u in user_ids if u != but.user_id))])
