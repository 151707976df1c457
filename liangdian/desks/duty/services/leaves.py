"""Leave: asked with a named stand-in, decided by somebody above, and then on the roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liangdian.desks.duty import absence, policy
from liangdian.desks.duty.models import Leave, Shift
from liangdian.desks.duty.policy import Act
from liangdian.desks.duty.services.people import colleague
from liangdian.desks.duty.services.roster import cancel, put_on
from liangdian.desks.duty.services.telling import tell, those_who
from liangdian.desks.duty.states import LeaveKind, LeaveState
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import business_date
from liangdian.foundation.refused import Invalid, Refused
from liangdian.foundation.text import clean
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.audit import services as audit
from liangdian.platform.ui.dates import day_words
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation import services as organisation_services

LONGEST = 200  # days


@dataclass(frozen=True, slots=True)
class Request:
    """A leave as it is asked."""

    kind: str
    first_day: date
    last_day: date
    reason: str
    stand_in_id: int


@transaction.atomic
def ask_leave(*, actor: Actor, unit_id: int, request: Request, at: datetime) -> Leave:
    """Ask for leave with a named stand-in. Those above are told.

    Raises Invalid for a period that is over, too long or overlaps another, and for a stand-in who is
    oneself, gone, or away then.
    """
    unit = organisation.unit_by_id(unit_id)
    policy.require(actor, Act.SIGN, unit.path)
    assert actor.user_id is not None
    reason = clean(request.reason)
    if not reason or len(reason) > 300:
        raise Invalid(_("Please give the reason in at most 300 characters."), field="reason")
    if request.kind not in LeaveKind.values:
        raise Invalid(_("Please choose a kind of leave from the list."), field="kind")
    days = (request.last_day - request.first_day).days
    if not 0 <= days < LONGEST or request.last_day < business_date(at):
        raise Invalid(
            _("Please give a first and a last day, in this order, not over and at most 200 days."),
            field="last_day",
        )
    _user, stand_in = colleague(actor.user_id, request.stand_in_id)
    assert stand_in is not None
    if absence.on_leave(request.first_day, request.last_day, user_ids=[stand_in.pk]):
        raise Invalid(
            _("%(name)s is on leave then. Please choose somebody else.") % {"name": stand_in.name},
            field="stand_in",
        )
    try:
        with transaction.atomic():
            row = Leave.objects.create(
                user_id=actor.user_id, unit=unit, kind=request.kind, first_day=request.first_day,
                last_day=request.last_day, reason=reason, stand_in=stand_in, asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid(
            _("You have asked for leave on one of these days already."), field="first_day"
        ) from error
    tell(
        those_who(Act.DECIDE, unit, but=actor), kind="duty_leave_asked",
        subject=f"{actor.name} {row.first_day} – {row.last_day}", url=f"/duty/leave/?unit={unit.pk}",
        key=f"duty:leave:{row.pk}", at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_leave(*, actor: Actor, leave_id: int, at: datetime) -> Leave:
    """Take one's own request back before it is decided."""
    absence.leave_for(actor, leave_id)
    row = _undecided(leave_id)
    if actor.user_id != row.user_id:
        raise Refused(_("Only who asked takes a request back."))
    row.state = LeaveState.WITHDRAWN
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def decide_leave(*, actor: Actor, leave_id: int, approved: bool, at: datetime, words: str = "") -> Leave:
    """Approve a leave, so that the stand-in is on the roster and is told; or refuse it with words.

    Raises NotAllowed for the person himself and for who does not stand above him, Invalid without words for
    a refusal, Refused when the stand-in is on duty himself then.
    """
    seen = absence.leave_for(actor, leave_id)
    policy.require(actor, Act.DECIDE, seen.unit.path)
    policy.require_another(actor, seen.user_id)
    grants = accounts.roles_of([seen.user_id], at).get(seen.user_id, [])
    policy.require_above(actor, [grant.role for grant in grants], seen.unit.path)
    row = _undecided(leave_id)
    said = clean(words)[:300]
    if not approved and not said:
        raise Invalid(_("Please say why not."), field="words")
    row.state = LeaveState.APPROVED if approved else LeaveState.REFUSED
    row.decided_by_id, row.decided_at, row.words = actor.user_id, at, said
    row.save(update_fields=["state", "decided_by", "decided_at", "words"])
    audit.record(actor, "leave_decided", "duty.leave", row.pk, str(row.state), at)
    told = [row.user_id]
    if approved:
        _stand_in(row, actor=actor, at=at)
        told.append(row.stand_in_id)
    tell(
        told, kind="duty_leave_approved" if approved else "duty_leave_refused",
        subject=f"{row.user.name} {row.first_day} – {row.last_day} → {row.stand_in.name}",
        url=f"/duty/leave/?unit={row.unit_id}", key=f"duty:leave:{row.pk}:decided", at=at,
    )  # fmt: skip
    return row


def _stand_in(row: Leave, *, actor: Actor, at: datetime) -> None:
    """The stand-in takes over matters and shifts from the first day (today at the earliest) to the last."""
    first = max(row.first_day, business_date(at))
    if first > row.last_day:
        return
    organisation_services.name_stand_in(
        actor=actor, user_id=row.user_id, stand_in_id=row.stand_in_id, since=first, last_day=row.last_day,
        at=at,
    )  # fmt: skip
    shifts = Shift.objects.select_for_update(of=("self",)).standing()
    for shift in shifts.filter(user_id=row.user_id, day__range=(first, row.last_day), ends_at__gt=at):
        cancel(shift, actor=actor, reason=gettext("On leave"), at=at)
        new = Shift(
            unit_id=shift.unit_id, window_id=shift.window_id, user=row.stand_in, day=shift.day,
            begins_at=shift.begins_at, ends_at=shift.ends_at, replaces=shift, made_by_id=actor.user_id,
            made_at=at,
        )  # fmt: skip
        try:
            put_on(new)
        except Invalid as error:
            raise Refused(
                _(
                    "%(name)s is on duty himself on %(day)s. Change the roster of that day first, or refuse "
                    "the leave so that another stand-in is named."
                )
                % {"name": row.stand_in.name, "day": day_words(shift.day)}
            ) from error


def _undecided(leave_id: int) -> Leave:
    rows = Leave.objects.select_for_update(of=("self",)).select_related("user", "stand_in", "unit")
    row = rows.get(pk=leave_id)
    if row.state != LeaveState.ASKED:
        raise Refused(_("This was decided already. Please open the page again."))
    return row
