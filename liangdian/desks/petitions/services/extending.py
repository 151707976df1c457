"""The one extension of a petition: asked for by its handler, approved by the unit's head (Art. 34)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from liangdian.casework.rules import WrongState
from liangdian.casework.selectors import Case, Event
from liangdian.casework.services.clocks import refresh_clock
from liangdian.casework.services.handling import required_text
from liangdian.casework.services.notices import issue
from liangdian.casework.services.promising import newest_promise
from liangdian.casework.services.record import chained, current_rule, save_with, tell, worker
from liangdian.casework.states import PromiseReason
from liangdian.desks.petitions import policy, rules
from liangdian.desks.petitions.models import Extension, Petition
from liangdian.desks.petitions.services.record import at_work, heads_of, locked, promised, require_in_hand
from liangdian.desks.petitions.states import Instance, Step
from liangdian.foundation.actor import Actor
from liangdian.foundation.refused import NotAllowed

NO_REASON = _("Write the reason that the petitioner will read.")


@transaction.atomic
def ask_extension(
    *, actor: Actor, case_id: int, days: int, reason: str, at: datetime, seen: int | None = None
) -> Case:
    """Ask for 1 to 30 more days, once, before the time is over (Art. 34). ``reason`` is told if approved.

    Raises WrongState, Invalid, NotAllowed, Stale.
    """
    case, petition = at_work(actor=actor, case_id=case_id, seen=seen)
    _require_extendable(case, petition, at=at)
    if Extension.objects.filter(petition=petition).exists():
        raise WrongState(_("An extension was asked for already; there is only one."))
    most = current_rule(rules.EXTENSION, on=at).amount
    rules.prolonged(newest_promise(case).limit, days, most=most)
    reason = required_text(
        reason, field="reason", message=_("Write the reason that the petitioner will read.")
    )
    Extension.objects.create(
        petition=petition, days=days, reason=reason, asked_by_id=worker(actor), asked_at=at
    )
    data: dict[str, object] = {"days": days, "text": reason}
    event = chained(case, type="petitions.extension_asked", actor=actor, at=at, data=data, public=False)
    save_with(case, [event])
    tell(heads_of(case), case=case, event=event, but=actor)
    return case


@transaction.atomic
def decide_extension(
    *, actor: Actor, case_id: int, approved: bool, words: str, at: datetime, seen: int | None = None
) -> Case:
    """The unit's head approves or declines; approved, the petitioner is told why (Art. 34).

    Neither who asked nor who handles the petition decides. Raises WrongState, NotAllowed, Invalid, Stale.
    """
    case, petition = locked(actor=actor, case_id=case_id, seen=seen)
    policy.require(policy.heads(actor, case), actor, petition, case)
    _require_extendable(case, petition, at=at)
    row = Extension.objects.select_for_update().filter(petition=petition, approved__isnull=True).first()
    if row is None:
        raise WrongState(_("No extension waits to be decided here."))
    if actor.user_id == row.asked_by_id:
        raise NotAllowed(_("An extension is decided by somebody who did not ask for it (Art. 34)."))
    words = required_text(words, field="words", message=_("Write why you decide so."))
    row.approved, row.words, row.decided_by_id, row.decided_at = approved, words, worker(actor), at
    row.save(update_fields=["approved", "words", "decided_by", "decided_at"])
    data: dict[str, object] = {"approved": approved, "days": row.days, "text": words}
    decided = chained(case, type="petitions.extension_decided", actor=actor, at=at, data=data, public=False)
    if not approved:
        save_with(case, [decided])
    else:
        _prolong(case, row, decided, actor=actor, at=at)
    tell([row.asked_by_id, case.first_handler_id], case=case, event=decided, but=actor)
    return case


def _prolong(case: Case, row: Extension, decided: Event, *, actor: Actor, at: datetime) -> None:
    """The new promise counts from acceptance, so that the extension never goes beyond the law."""
    before = newest_promise(case)
    most = current_rule(rules.EXTENSION, on=at).amount
    event = chained(
        case, type="petitions.extended", actor=actor, at=at,
        data={"days": row.days, "text": row.reason, "was": before.due_day.isoformat()},
    )  # fmt: skip
    again = promised(
        case, before.rule_code, actor=actor, at=at, start=before.start_at,
        limit=rules.prolonged(before.limit, row.days, most=most), legal=rules.EXTENDED_BY_LAW,
        reason=PromiseReason.PROLONGED,
    )  # fmt: skip
    refresh_clock(case, now=at)
    save_with(case, [decided, event, again], "due_at", "next_due_at", "alarms_done")
    issue(case, "petitions.extended", event)


def _require_extendable(case: Case, petition: Petition, *, at: datetime) -> None:
    require_in_hand(case)
    if petition.step != Step.ACCEPTED or petition.instance != Instance.HANDLING:
        raise WrongState(_("Only the handling of an accepted petition can be extended (Art. 34)."))
    rules.check_extendable(sort=petition.sort, route=petition.route, simplified=petition.simplified)
    if case.due_at is None or case.due_at < at:
        raise WrongState(_("The time has run out already; it cannot be extended any more."))
